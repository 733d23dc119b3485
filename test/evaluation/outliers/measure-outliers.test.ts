import { describe, expect, it } from 'vitest';
import type { Answers } from '../../../src/evaluation/answers.js';
import { measureOutliers, heldOutOutliers } from '../../../src/evaluation/outliers/measure-outliers.js';
import { OUTLIER_KINDS } from '../../../src/evaluation/outliers/kinds.js';

/** Answers to as many images, each so probable, in hundredths, to be a 4, and the rest to be no digit. */
function answers(...hundredths: number[]): Answers {
  const probabilities = new Float32Array(hundredths.length * 10);
  hundredths.forEach((probability, i) => (probabilities[i * 10 + 4] = probability / 100));
  return { probabilities, passing: hundredths.filter((probability) => probability >= 50).length };
}

const model = { outputs: 11, digitThreshold: 0.5 };

describe('measureOutliers', () => {
  it('tells digits from non-digits by the probability of the digit, kind by kind and in all', () => {
    const report = measureOutliers(model, answers(90, 80, 70, 40), {
      source: 'made up',
      sets: [
        { name: 'easy', answers: answers(10, 20) },
        { name: 'hard', answers: answers(75, 60) },
      ],
    });
    expect(report).toMatchObject({ source: 'made up', threshold: 0.5, count: 4, digitsPassing: 0.75 });
    expect(report.passing).toBe(0.5);
    expect(report.auroc).toBeCloseTo((2 * 4 + 2 + 3) / 16, 10);
    expect(report.kinds).toMatchObject([
      { name: 'easy', count: 2, auroc: 1, aupr: 1, falsePositiveRate: 0, passing: 0 },
      { name: 'hard', count: 2, auroc: 5 / 8, falsePositiveRate: 1, passing: 1 },
    ]);
  });

  it('goes by the most probable digit where a model says of everything that it is a digit', () => {
    const ofTen = (probability: number): Answers => ({
      probabilities: Float32Array.from({ length: 10 }, (_, i) =>
        i === 7 ? probability : (1 - probability) / 9,
      ),
      passing: 1,
    });
    const { auroc } = measureOutliers({ outputs: 10, digitThreshold: 0 }, ofTen(0.9), {
      source: 'x',
      sets: [{ name: 'y', answers: ofTen(0.4) }],
    });
    expect(auroc).toBe(1);
  });
});

describe('heldOutOutliers', () => {
  it('has 250 of each kind, the same every time', () => {
    const sets = heldOutOutliers();
    expect(sets.map(({ name }) => name)).toEqual(OUTLIER_KINDS.map(({ name }) => name));
    for (const set of sets) expect(set.frames.count).toBe(250);
    // As bytes: toEqual takes seconds for millions of them.
    const again = heldOutOutliers();
    for (const [i, set] of sets.entries()) {
      expect(Buffer.from(set.frames.pixels).equals(again[i]!.frames.pixels)).toBe(true);
    }
  });
});
