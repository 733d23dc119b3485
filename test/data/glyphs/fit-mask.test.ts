import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { fitMask, GLYPH_EXTENT, GLYPH_SIDE, type InkMask } from '../../../src/data/glyphs/fit-mask.js';

/** Full ink within a box. */
function boxMask(
  width: number,
  height: number,
  left: number,
  top: number,
  right: number,
  bottom: number,
): InkMask {
  const data = new Uint8Array(width * height);
  for (let y = top; y < bottom; y++) data.fill(255, y * width + left, y * width + right);
  return { width, height, data };
}

/** The box of the ink, from its first pixel to behind its last. */
function inkOf(mask: Uint8Array): { left: number; right: number; top: number; bottom: number } {
  const places = [...mask.keys()].filter((i) => mask[i] !== 0);
  const xs = places.map((i) => i % GLYPH_SIDE);
  const ys = places.map((i) => Math.floor(i / GLYPH_SIDE));
  return {
    left: Math.min(...xs),
    right: Math.max(...xs) + 1,
    top: Math.min(...ys),
    bottom: Math.max(...ys) + 1,
  };
}

const boxes = fc
  .tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }), fc.nat(20), fc.nat(20))
  .map(([width, height, left, top]) => ({ width, height, left, top }));

it('fits a box of ink to the middle, its longer side 40, its aspect kept, and full ink stays full', () => {
  fc.assert(
    fc.property(boxes, ({ width, height, left, top }) => {
      const fitted = fitMask(boxMask(100, 100, left, top, left + width, top + height));
      if (!fitted) throw new Error('expected a mask');
      const longer = Math.max(width, height);
      const across = Math.max(1, Math.round((GLYPH_EXTENT * width) / longer));
      const down = Math.max(1, Math.round((GLYPH_EXTENT * height) / longer));
      const ink = inkOf(fitted);
      expect([ink.right - ink.left, ink.bottom - ink.top]).toEqual([across, down]);
      expect(Math.abs(ink.left + ink.right - GLYPH_SIDE)).toBeLessThanOrEqual(1);
      expect(Math.abs(ink.top + ink.bottom - GLYPH_SIDE)).toBeLessThanOrEqual(1);
      expect(fitted.filter((value) => value === 255)).toHaveLength(across * down);
    }),
  );
});

it('stretches to another aspect where it is told to', () => {
  const fitted = fitMask(boxMask(16, 16, 0, 0, 16, 16), 0.6);
  expect(fitted && inkOf(fitted)).toEqual({ left: 12, right: 36, top: 4, bottom: 44 });
});

it('makes each pixel the mean under a triangle', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 90 }), fc.infiniteStream(fc.nat(255)), (side, stream) => {
      const data = Uint8Array.from({ length: side * side }, () => stream.next().value ?? 0);
      // Ink in two corners keeps the crop where the picture is.
      data[0] = 255;
      data[data.length - 1] = 255;
      const fitted = fitMask({ width: side, height: side, data });
      if (!fitted) throw new Error('expected a mask');
      const [x, y] = [13, 29];
      const half = Math.max(1, side / GLYPH_EXTENT);
      const weight = (place: number, source: number): number =>
        Math.max(0, 1 - Math.abs(source + 0.5 - ((place + 0.5) * side) / GLYPH_EXTENT) / half);
      let [sum, total] = [0, 0];
      for (let v = 0; v < side; v++) {
        for (let u = 0; u < side; u++) {
          const each = weight(x, u) * weight(y, v);
          sum += each * (data[v * side + u] ?? 0);
          total += each;
        }
      }
      const margin = (GLYPH_SIDE - GLYPH_EXTENT) / 2;
      expect(Math.abs((fitted[(y + margin) * GLYPH_SIDE + x + margin] ?? 0) - sum / total)).toBeLessThan(0.6);
    }),
    { numRuns: 50 },
  );
});

it('finds no glyph where there is no ink', () => {
  expect(fitMask({ width: 5, height: 4, data: new Uint8Array(20).fill(15) })).toBeUndefined();
});
