import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { separate } from '../../../src/evaluation/outliers/outlier-metrics.js';

/** Few levels, so that there are many ties. */
const scores = fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 40 });

/** Pair by pair. */
function aurocOf(digits: readonly number[], outliers: readonly number[]): number {
  const won = digits.flatMap((digit) =>
    outliers.map((outlier) => (digit > outlier ? 1 : digit === outlier ? 0.5 : 0)),
  );
  return won.reduce<number>((a, b) => a + b, 0) / won.length;
}

/** By the definition: for every threshold from the lowest on, precision times the recall that it adds. */
function averagePrecisionOf(digits: readonly number[], outliers: readonly number[]): number {
  let [sum, lastRecall] = [0, 0];
  for (const threshold of [...new Set([...digits, ...outliers])].toSorted((a, b) => a - b)) {
    const found = outliers.filter((score) => score <= threshold).length;
    const wrong = digits.filter((score) => score <= threshold).length;
    const recall = found / outliers.length;
    sum += (recall - lastRecall) * (found / (found + wrong));
    lastRecall = recall;
  }
  return sum;
}

/** The least share of outliers that passes at any threshold that lets 95 % of the digits pass. */
function falsePositiveRateOf(digits: readonly number[], outliers: readonly number[]): number {
  const share = (of: readonly number[], threshold: number): number =>
    of.filter((score) => score >= threshold).length / of.length;
  const thresholds = digits.filter((threshold) => share(digits, threshold) >= 0.95 - 1e-12);
  return Math.min(...thresholds.map((threshold) => share(outliers, threshold)));
}

describe('separate', () => {
  it('agrees with the definitions', () => {
    fc.assert(
      fc.property(scores, scores, (digits, outliers) => {
        const found = separate(Float32Array.from(digits), Float32Array.from(outliers));
        expect(found.auroc).toBeCloseTo(aurocOf(digits, outliers), 10);
        expect(found.aupr).toBeCloseTo(averagePrecisionOf(digits, outliers), 10);
        expect(found.falsePositiveRate).toBeCloseTo(falsePositiveRateOf(digits, outliers), 10);
      }),
      { numRuns: 300 },
    );
  });

  it('is never more than perfect, however many shares add up', () => {
    for (const count of [49, 250, 3000]) {
      const outliers = Float32Array.from({ length: count }, (_, i) => i / count);
      expect(separate(Float32Array.of(2), outliers).aupr).toBe(1);
    }
  });

  it('is perfect where all digits score higher, and the reverse where none does', () => {
    const [low, high] = [Float32Array.of(0.1, 0.2, 0.3), Float32Array.of(0.4, 0.5)];
    expect(separate(high, low)).toEqual({ auroc: 1, aupr: 1, falsePositiveRate: 0 });
    expect(separate(low, high)).toMatchObject({ auroc: 0, falsePositiveRate: 1 });
    expect(separate(low, low).auroc).toBe(0.5);
  });

  it('agrees with a case worked out by hand', () => {
    const digits = Float32Array.of(0.9, 0.8, 0.4, 0.7);
    const outliers = Float32Array.of(0.1, 0.5, 0.3, 0.85);
    const { auroc, aupr } = separate(digits, outliers);
    expect(auroc).toBeCloseTo(0.75, 12);
    expect(aupr).toBeCloseTo((1 + 1 + 3 / 4 + 4 / 7) / 4, 12);
  });
});
