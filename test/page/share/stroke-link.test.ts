import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InkStroke } from '../../../page/ink.js';
import { sampleStrokes } from '../../../page/welcome/sample-drawings.js';
import { decodeStrokes, encodeStrokes, MAX_LINK_LENGTH } from '../../../page/share/stroke-link.js';

const whole = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });
const stroke = fc.array(fc.record({ x: whole(0, 280), y: whole(0, 280), width: whole(3, 70) }), {
  minLength: 1,
  maxLength: 40,
});

describe('a drawing in a link', () => {
  it('comes back as it was, but for points that say nothing new', () => {
    fc.assert(
      fc.property(fc.array(stroke, { minLength: 1, maxLength: 6 }), (strokes) => {
        const back = decodeStrokes(encodeStrokes(strokes));
        expect(back).toHaveLength(strokes.length);
        strokes.forEach((points, i) => {
          expect(back?.[i]?.[0]).toEqual(points[0]);
          expect(back?.[i]?.at(-1)).toEqual(points.at(-1));
          for (const point of points) {
            const nearest = Math.min(
              ...(back?.[i] ?? []).map(({ x, y }) => Math.hypot(x - point.x, y - point.y)),
            );
            expect(nearest).toBeLessThan(3);
          }
        });
      }),
      { numRuns: 25 },
    );
  });

  it('is short enough for a chat', () => {
    const number: readonly InkStroke[] = sampleStrokes('sampleNumber', () => 0.37);
    const encoded = encodeStrokes(number);
    expect(encoded.length).toBeLessThan(MAX_LINK_LENGTH / 4);
    expect(encoded).toMatch(/^[\w-]+$/);
  });

  it('takes no text that it did not write', () => {
    for (const bad of ['', '!', 'AA', 'gICAgA', 'f'.repeat(100_000), '////']) {
      expect(decodeStrokes(bad), bad.slice(0, 9)).toBeNull();
    }
    const encoded = encodeStrokes([[{ x: 10, y: 20, width: 22 }]]);
    expect(decodeStrokes(encoded.slice(0, -2))).toBeNull();
    fc.assert(
      fc.property(fc.base64String({ maxLength: 60 }), (text) => {
        const back = decodeStrokes(text.replaceAll(/[+/=]/g, '_'));
        for (const points of back ?? []) {
          for (const { x, y, width } of points) {
            expect(Math.abs(x) + Math.abs(y)).toBeLessThan(1200);
            expect(width).toBeGreaterThan(0);
          }
        }
      }),
    );
  });
});
