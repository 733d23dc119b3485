import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gaussianFilter, gaussianWeights, sobel } from '../../../src/evaluation/corruptions/filters.js';

const picture = fc
  .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 784, maxLength: 784 })
  .map((values) => Float64Array.from(values));

function impulse(row: number, column: number): Float64Array {
  const plane = new Float64Array(784);
  plane[row * 28 + column] = 1;
  return plane;
}

describe('gaussianFilter', () => {
  it('gives what SciPy gives near a corner', () => {
    // scipy.ndimage.gaussian_filter 1.17 of a 1 at row 1, column 2.
    const near = gaussianFilter(impulse(1, 2), 1.5, 'nearest');
    expect(near[0]).toBeCloseTo(0.02328612, 8);
    expect(near[1 * 28 + 2]).toBeCloseTo(0.070736986, 8);
    expect(near[7 * 28 + 2]).toBeCloseTo(2.373e-5, 8);
    expect(near[8 * 28 + 2]).toBe(0);
    const constant = gaussianFilter(impulse(1, 2), 1, 'constant');
    expect(constant[0]).toBeCloseTo(0.013064311, 8);
    expect(constant[1 * 28 + 2]).toBeCloseTo(0.159155892, 8);
    expect(constant[6 * 28 + 2]).toBe(0);
    expect(constant.reduce((a, b) => a + b)).toBeCloseTo(0.93714484, 7);
  });

  it('leaves an even picture even, and dims its border only where nothing lies outside', () => {
    const even = new Float64Array(784).fill(0.25);
    for (const edge of ['nearest', 'reflect'] as const) {
      for (const ink of gaussianFilter(even, 2, edge)) expect(ink).toBeCloseTo(0.25, 12);
    }
    const dimmed = gaussianFilter(even, 2, 'constant');
    expect(dimmed[0]).toBeLessThan(0.15);
    expect(dimmed[14 * 28 + 14]).toBeCloseTo(0.25, 12);
  });

  it('has weights that add up to 1', () => {
    for (const sigma of [0.7, 1, 1.5]) {
      const [middle = 0, ...sides] = gaussianWeights(sigma);
      expect(middle + 2 * sides.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
      expect(sides).toHaveLength(Math.round(4 * sigma));
    }
  });
});

describe('sobel', () => {
  it('is the 3x3 kernel of the textbook, mirrored at the edges', () => {
    fc.assert(
      fc.property(picture, (plane) => {
        const inside = (place: number): number => Math.min(27, Math.max(0, place));
        const at = (row: number, column: number): number => plane[inside(row) * 28 + inside(column)]!;
        const [down, across] = [sobel(plane, 'down'), sobel(plane, 'across')];
        for (let row = 0; row < 28; row++) {
          for (let column = 0; column < 28; column++) {
            let [expectedDown, expectedAcross] = [0, 0];
            for (const [side, weight] of [
              [-1, 1],
              [0, 2],
              [1, 1],
            ] as const) {
              expectedDown += weight * (at(row + 1, column + side) - at(row - 1, column + side));
              expectedAcross += weight * (at(row + side, column + 1) - at(row + side, column - 1));
            }
            expect(Math.abs(down[row * 28 + column]! - expectedDown)).toBeLessThan(1e-12);
            expect(Math.abs(across[row * 28 + column]! - expectedAcross)).toBeLessThan(1e-12);
          }
        }
      }),
      { numRuns: 3 },
    );
  });
});
