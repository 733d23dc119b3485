import { describe, expect, it } from 'vitest';
import { isQuickerInPairs, overPairs } from '../../src/quantization/paired-columns.js';
import { sums, type Picture } from './integer-oracle.js';

const CONV = {
  kind: 'conv',
  name: 'conv',
  shape: [2, 3, 2, 3],
  kernels: Int8Array.from({ length: 36 }, (_, i) => ((i * 29) % 128) - 64),
  bias: Int32Array.of(5, -7),
  weightScales: Float32Array.of(0.5, 0.25),
  inputScale: 1,
  outputScale: 1,
  stride: 1,
  padding: 0,
  readsAll: false,
} as const;

describe('overPairs', () => {
  it('gives the same sums, over pairs of columns', () => {
    const picture: Picture = Array.from({ length: 3 }, (_c, c) =>
      Array.from({ length: 4 }, (_y, y) =>
        Array.from({ length: 8 }, (_x, x) => (c * 89 + y * 53 + x * 31) % 256),
      ),
    );
    const paired = overPairs(CONV);
    expect(paired.shape).toEqual([4, 6, 2, 2]);
    expect(Array.from(paired.weightScales)).toEqual([0.5, 0.25, 0.5, 0.25]);
    expect(sums(inPairs(picture), paired)).toEqual(inPairs(sums(picture, CONV)));
  });
});

/** Channels of the left columns first, then those of the right ones. */
function inPairs(picture: Picture): Picture {
  return [0, 1].flatMap((side) =>
    picture.map((plane) => plane.map((row) => row.filter((_, x) => x % 2 === side))),
  );
}

describe('isQuickerInPairs', () => {
  it('is so for few channels, where every pair of columns is whole', () => {
    expect(isQuickerInPairs(CONV, 8)).toBe(true);
    expect(isQuickerInPairs(CONV, 7)).toBe(false);
    expect(isQuickerInPairs({ ...CONV, padding: 1 }, 8)).toBe(false);
    expect(isQuickerInPairs({ ...CONV, stride: 2 }, 8)).toBe(false);
    expect(isQuickerInPairs({ ...CONV, shape: [2, 3, 2, 4] }, 8)).toBe(false);
    expect(isQuickerInPairs({ ...CONV, shape: [2, 32, 2, 3] }, 8)).toBe(false);
  });
});
