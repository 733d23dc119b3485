import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { GLYPH_EXTENT, GLYPH_SIDE } from '../../../src/data/glyphs/fit-mask.js';
import { penMask } from '../../../src/data/glyphs/pen.js';

/** Ink in full pixels. */
function amount(mask: Uint8Array): number {
  return mask.reduce((sum, value) => sum + value, 0) / 255;
}

it.each([1.5, 3, 7])('writes a straight stroke as a bar with round ends, %s pixels wide', (width) => {
  const length = GLYPH_EXTENT - width;
  const mask = penMask(
    [
      [
        [10, 3],
        [10, 203],
      ],
    ],
    width,
  );
  const expected = length * width + Math.PI * (width / 2) ** 2;
  expect(Math.abs(amount(mask) - expected)).toBeLessThan(0.05 * expected);
  // Upright in the middle: as much ink on both sides, the same top and bottom.
  const mirrored = mask.map((_, i) => mask[i - (i % GLYPH_SIDE) + (GLYPH_SIDE - 1 - (i % GLYPH_SIDE))] ?? 0);
  expect(mirrored).toEqual(mask);
  expect(mask.toReversed()).toEqual(mask);
});

it('has y downwards: an angle like a 7 has its bar at the top', () => {
  const mask = penMask(
    [
      [
        [0, 0],
        [100, 0],
        [40, 200],
      ],
    ],
    3,
  );
  const half = mask.length / 2;
  expect(amount(mask.subarray(0, half))).toBeGreaterThan(1.3 * amount(mask.subarray(half)));
});

it('writes a dot where the pen did not move, as wide as the picture allows', () => {
  const mask = penMask([[[5, 5]]], 6);
  expect(Math.abs(amount(mask) - Math.PI * 9)).toBeLessThan(1.5);
});

it('keeps any strokes within the picture, its longer side filled', () => {
  const points = fc.array(
    fc.tuple(fc.integer({ min: -5000, max: 5000 }), fc.integer({ min: -5000, max: 5000 })),
    { minLength: 2, maxLength: 30 },
  );
  fc.assert(
    fc.property(
      fc.array(points, { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 2, max: 8 }),
      (strokes, width) => {
        const mask = penMask(strokes, width);
        const places = [...mask.keys()].filter((i) => mask[i] !== 0);
        const xs = places.map((i) => i % GLYPH_SIDE);
        const ys = places.map((i) => Math.floor(i / GLYPH_SIDE));
        const margin = (GLYPH_SIDE - GLYPH_EXTENT) / 2 - 1;
        // Of thousands of pixels: to expect something of each takes seconds.
        expect(Math.min(...xs, ...ys)).toBeGreaterThanOrEqual(margin);
        expect(Math.max(...xs, ...ys)).toBeLessThan(GLYPH_SIDE - margin);
        const flat = strokes.flat();
        const spans = [0, 1].map((axis) => {
          const values = flat.map((point) => point[axis] ?? 0);
          return Math.max(...values) - Math.min(...values);
        });
        if (Math.max(...spans) === 0) return;
        const extent = Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys)) + 1;
        expect(extent).toBeGreaterThanOrEqual(GLYPH_EXTENT - 1);
      },
    ),
    { numRuns: 100 },
  );
});
