import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candidateOf, loneCandidate } from '../../src/numbers/candidate.js';

const BOX = { x: 0, y: 0, width: 10, height: 20 };

/** Ten probabilities of which one is `share` of their sum, and the others alike. */
function peaked(digit: number, share: number, sum = 1): Float32Array {
  return Float32Array.from({ length: 10 }, (_, i) => sum * (i === digit ? share : (1 - share) / 9));
}

function candidate(isDigit: number, detected: Float32Array, ...readings: readonly Float32Array[]) {
  return candidateOf({ box: BOX, isDigit, probabilities: detected }, readings);
}

describe('candidateOf', () => {
  const share = fc.double({ min: 0.001, max: 0.999, noNaN: true });

  it('gives probabilities of ten digits that add up to 1', () => {
    fc.assert(
      fc.property(share, share, share, share, (isDigit, detected, read, any) => {
        const result = candidate(isDigit, peaked(3, detected), peaked(5, read, any));
        expect(result.probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 4);
        expect(result.isDigit).toBeGreaterThan(0);
        expect(result.isDigit).toBeLessThan(1);
      }),
    );
  });

  it('is surer of a digit, the surer detector and reader are', () => {
    const of = (isDigit: number, any: number): number =>
      candidate(isDigit, peaked(3, 0.9), peaked(3, 0.9, any)).isDigit;
    expect(of(0.9, 0.9)).toBeGreaterThan(of(0.6, 0.9));
    expect(of(0.9, 0.9)).toBeGreaterThan(of(0.9, 0.3));
    expect(of(0.99, 0.99)).toBeGreaterThan(0.9);
    expect(of(0.05, 0.05)).toBeLessThan(0.2);
  });

  it('is surer which digit it is where both read the same', () => {
    const same = candidate(0.9, peaked(3, 0.8), peaked(3, 0.8)).probabilities;
    const other = candidate(0.9, peaked(3, 0.8), peaked(5, 0.8)).probabilities;
    expect(same[3]).toBeGreaterThan(0.8);
    expect(other[3]).toBeLessThan(0.6);
    expect(other[3]! + other[5]!).toBeGreaterThan(0.6);
  });

  it('takes from the first reader whether there is a digit, and from all of them which one', () => {
    const [three, five] = [peaked(3, 0.9), peaked(5, 0.9, 0.2)];
    const [both, alone] = [
      candidate(0.9, peaked(3, 0.4), three, five),
      candidate(0.9, peaked(3, 0.4), three),
    ];
    // The second alone would make it less probable by 0.04.
    expect(both.isDigit).toBeCloseTo(candidate(0.9, peaked(3, 0.4), three, three).isDigit, 2);
    expect(both.probabilities[3]).toBeLessThan(alone.probabilities[3]!);
    expect(both.probabilities[5]).toBeGreaterThan(alone.probabilities[5]!);
  });

  it('stands whatever networks say: none of ten digits, or nothing at all', () => {
    const result = candidate(1, peaked(3, 1), new Float32Array(10));
    expect([...result.probabilities].every(Number.isFinite)).toBe(true);
    expect(Number.isFinite(result.isDigit)).toBe(true);
  });
});

describe('loneCandidate', () => {
  it('is as good as surely a digit, each as probable as it was read', () => {
    const { isDigit, probabilities } = loneCandidate(BOX, peaked(8, 0.6, 0.5));
    expect(isDigit).toBeGreaterThan(0.99);
    expect(probabilities[8]).toBeCloseTo(0.6, 5);
  });
});
