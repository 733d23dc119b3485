import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/random.js';
import { drawBracket, drawOtherSign } from '../../../src/scenes/numbers/number-signs.js';

const SIDE = 96;
const PLACE = { x: 40, y: 48, height: 32, halfWidth: 1.5 };
const INK = { level: 0, opacity: 1 };

function inkOf(draw: (canvas: { side: number; levels: Float32Array }) => unknown): [x: number, y: number][] {
  const levels = new Float32Array(SIDE * SIDE).fill(1);
  draw({ side: SIDE, levels });
  return Array.from(levels).flatMap((level, i): [number, number][] =>
    level < 0.5 ? [[i % SIDE, Math.floor(i / SIDE)]] : [],
  );
}

describe('drawBracket', () => {
  it('bends to the left in the middle where it opens, to the right where it closes', () => {
    for (let seed = 0; seed < 20; seed++) {
      for (const isOpen of [true, false]) {
        const ink = inkOf((canvas) => drawBracket(canvas, isOpen, PLACE, INK, createRandom(seed)));
        const rows = ink.map(([, y]) => y);
        const [top, bottom] = [Math.min(...rows), Math.max(...rows)];
        const meanAt = (share: number): number => {
          const near = ink
            .filter(([, y]) => Math.abs(y - (top + share * (bottom - top))) < 3)
            .map(([x]) => x);
          return near.reduce((a, b) => a + b, 0) / near.length;
        };
        // Against the line from end to end, as brackets lean.
        const bend = meanAt(0.5) - (meanAt(0.05) + meanAt(0.95)) / 2;
        expect(Math.sign(bend)).toBe(isOpen ? -1 : 1);
      }
    }
  });
});

describe('signs', () => {
  it('lie within the box that is told, which begins near the place', () => {
    fc.assert(
      fc.property(fc.nat(), fc.boolean(), (seed, isBracket) => {
        const random = createRandom(seed);
        let box = { left: 0, top: 0, right: 0, bottom: 0 };
        const ink = inkOf((canvas) => {
          box = isBracket
            ? drawBracket(canvas, true, PLACE, INK, random)
            : drawOtherSign(canvas, PLACE, INK, random);
        });
        expect(ink.length).toBeGreaterThan(0);
        for (const [x, y] of ink) {
          expect(x + 1).toBeGreaterThan(box.left);
          expect(x).toBeLessThan(box.right + 1);
          expect(y + 1).toBeGreaterThan(box.top);
          expect(y).toBeLessThan(box.bottom + 1);
        }
        expect(box.left).toBeGreaterThan(PLACE.x - 0.3 * PLACE.height);
      }),
    );
  });
});
