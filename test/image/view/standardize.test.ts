import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { standardize, standardizeInPlace } from '../../../src/image/view/standardize.js';

const values = fc
  .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 16, maxLength: 16 })
  .map((numbers) => Float32Array.from(numbers));

/** By the textbook: mean, deviation, third central moment, each in its own pass. */
function expected(own: Float32Array): number[] {
  const numbers = Array.from(own);
  const meanOf = (of: readonly number[]): number => of.reduce((a, b) => a + b, 0) / of.length;
  const mean = meanOf(numbers);
  const deviation = Math.sqrt(meanOf(numbers.map((value) => (value - mean) ** 2)));
  const skew = meanOf(numbers.map((value) => (value - mean) ** 3));
  return numbers.map((value) => {
    const level = 96 + ((skew < 0 ? -1 : 1) * 32 * (value - mean)) / (deviation + 0.02);
    return Math.min(255, Math.max(0, level));
  });
}

/** The third moment of few values may be 0 but for rounding, and then either sign is right. */
function isSkewed(own: Float32Array): boolean {
  const mean = own.reduce((a, b) => a + b, 0) / own.length;
  return Math.abs(own.reduce((sum, value) => sum + (value - mean) ** 3, 0)) > 1e-6;
}

describe('standardize', () => {
  it('brings mean and deviation to theirs, and the rarer side up', () => {
    fc.assert(
      fc.property(values.filter(isSkewed), (own) => {
        const levels = new Uint8Array(own.length);
        standardize(own, levels);
        expected(own).forEach((level, i) => expect(Math.abs(levels[i]! - level)).toBeLessThanOrEqual(0.5001));
      }),
    );
  });

  it('gives the same in place, in 0..1', () => {
    fc.assert(
      fc.property(values.filter(isSkewed), (own) => {
        const wanted = expected(own);
        const inPlace = own.slice();
        expect(standardizeInPlace(inPlace)).toBe(true);
        wanted.forEach((level, i) => expect(inPlace[i]).toBeCloseTo(level / 255, 4));
      }),
    );
  });

  it('shows dark ink on light paper as it shows light ink on dark', () => {
    fc.assert(
      fc.property(values.filter(isSkewed), (own) => {
        const inverted = own.map((value) => 1 - value);
        standardizeInPlace(inverted);
        standardizeInPlace(own);
        own.forEach((value, i) => expect(inverted[i]).toBeCloseTo(value, 4));
      }),
    );
  });

  it('says that nothing is to be seen on a flat picture', () => {
    const flat = new Float32Array(16).fill(0.7);
    expect(standardizeInPlace(flat)).toBe(false);
    expect(new Set(flat).size).toBe(1);
    expect(flat[0]).toBeCloseTo(96 / 255, 6);
  });
});
