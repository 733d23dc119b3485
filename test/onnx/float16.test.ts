import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { fitsFloat16, toFloat16 } from '../../src/onnx/float16.js';

/** What the bits of a half mean, by the definition of IEEE 754. */
function valueOf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const finiteHalves = Array.from({ length: 0x1_0000 }, (_, half) => half).filter(
  (half) => ((half >> 10) & 31) < 31,
);

describe('toFloat16', () => {
  it('gives back every number that half precision has', () => {
    expect([...toFloat16(Float32Array.from(finiteHalves, valueOf))]).toEqual(finiteHalves);
  });

  it('rounds to the nearest half, and to the even one of two that are as near', () => {
    const positive = finiteHalves.filter((half) => half < 0x7bff);
    const expected = (value: number, low: number): number => {
      const [below, above] = [value - valueOf(low), valueOf(low + 1) - value];
      if (below === above) return low % 2 === 0 ? low : low + 1;
      return below < above ? low : low + 1;
    };
    fc.assert(
      fc.property(
        fc.constantFrom(...positive),
        fc.oneof(fc.constant(0.5), fc.double({ min: 0, max: 1, noNaN: true })),
        fc.boolean(),
        (low, share, isNegative) => {
          const value = Math.fround(valueOf(low) + share * (valueOf(low + 1) - valueOf(low)));
          const [half] = toFloat16(Float32Array.of(isNegative ? -value : value));
          expect(half).toBe((isNegative ? 0x8000 : 0) | expected(value, low));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each([65505, -1e6, Infinity, NaN])('refuses %d, which it cannot hold', (value) => {
    expect(() => toFloat16(Float32Array.of(value))).toThrow(/within ±65504/);
    expect(fitsFloat16(Float32Array.of(0, value))).toBe(false);
    expect(fitsFloat16(Float32Array.of(0, 65504, -65504))).toBe(true);
  });
});
