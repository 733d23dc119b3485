import { describe, expect, it } from 'vitest';
import { packFrames, type Frame } from '../../src/image/frame.js';
import type { Classifier } from '../../src/model/classifier.js';
import { measureOutliers, outliersKeptApart } from '../../src/evaluation/measure-outliers.js';
import { OUTLIER_KINDS } from '../../src/evaluation/outliers/kinds.js';

/** Ten images of ink whose first pixel says, in hundredths, how probable it is that they are a 4. */
const frames = (...hundredths: number[]): ReturnType<typeof packFrames> =>
  packFrames(hundredths.map((level): Frame => new Uint8Array(784).fill(level, 0, 1)));

const classifier: Classifier = {
  outputs: 11,
  digitThreshold: 0.5,
  logits: async ({ count, pixels }) => {
    const logits = new Float32Array(count * 11).fill(-100);
    for (let i = 0; i < count; i++) {
      const probability = pixels[i * 784]! / 100;
      logits[i * 11 + 4] = Math.log(probability);
      logits[i * 11 + 10] = Math.log(1 - probability);
    }
    return logits;
  },
  probabilities: () => Promise.reject(new Error('not asked for')),
  close: async () => {},
};

describe('measureOutliers', () => {
  it('tells digits from what is none by the probability of the digit, kind by kind and in all', async () => {
    const fractions: number[] = [];
    const report = await measureOutliers(
      classifier,
      frames(90, 80, 70, 40),
      {
        source: 'made up',
        sets: [
          { name: 'easy', frames: frames(10, 20) },
          { name: 'hard', frames: frames(75, 60) },
        ],
      },
      (fraction) => fractions.push(fraction),
    );
    expect(report).toMatchObject({ source: 'made up', threshold: 0.5, count: 4, digitsPassing: 0.75 });
    expect(report.passing).toBe(0.5);
    expect(report.auroc).toBeCloseTo((2 * 4 + 2 + 3) / 16, 10);
    expect(report.kinds).toMatchObject([
      { name: 'easy', count: 2, auroc: 1, aupr: 1, falsePositiveRate: 0, passing: 0 },
      { name: 'hard', count: 2, auroc: 5 / 8, falsePositiveRate: 1, passing: 1 },
    ]);
    expect(fractions).toEqual([0.5, 1]);
  });

  it('takes no blank for a digit', async () => {
    const blank = { name: 'blank', frames: frames(0) };
    const easy = {
      ...classifier,
      digitThreshold: 0,
      logits: async () => Float32Array.from({ length: 11 }, () => 1),
    };
    const { passing } = await measureOutliers(easy, frames(90), { source: 'x', sets: [blank] });
    expect(passing).toBe(0);
  });
});

describe('outliersKeptApart', () => {
  it('has 250 of each kind, the same every time', () => {
    const sets = outliersKeptApart();
    expect(sets.map(({ name }) => name)).toEqual(OUTLIER_KINDS.map(({ name }) => name));
    for (const set of sets) expect(set.frames.count).toBe(250);
    // As bytes: toEqual takes seconds for millions of them.
    const again = outliersKeptApart();
    for (const [i, set] of sets.entries()) {
      expect(Buffer.from(set.frames.pixels).equals(again[i]!.frames.pixels)).toBe(true);
    }
  });
});
