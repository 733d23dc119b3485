import { describe, expect, it } from 'vitest';
import { CORRUPTIONS, corruptFrames } from '../../../src/evaluation/corruptions/corruptions.js';
import { measureRobustness } from '../../../src/evaluation/corruptions/robustness.js';
import { frameAt, type FrameBatch } from '../../../src/image/frame.js';
import { drawnSet } from '../../helpers/data/drawn-set.js';
import type { Classifier } from '../../../src/model/classifier.js';
import { fakeClassifier } from '../../helpers/models/fake-classifier.js';

/** Whose answer hangs on every pixel: the last figure of their sum. */
function digitSum(frames: FrameBatch, index: number): number {
  return frameAt(frames, index).reduce((sum, level) => sum + level, 0) % 10;
}

function sumClassifier(): Classifier {
  const logits: Classifier['logits'] = async (frames) => {
    const rows = new Float32Array(frames.count * 10);
    for (let i = 0; i < frames.count; i++) rows[i * 10 + digitSum(frames, i)] = 1;
    return rows;
  };
  return { ...fakeClassifier(), logits };
}

describe('measureRobustness', () => {
  // More images than are corrupted at once, so that the places in later pieces count.
  const data = drawnSet(300, 2);

  it(
    'counts for each corruption the corrupted images that are correctly classified, and averages the ' +
      'errors',
    async () => {
      const { corruptions, meanError } = await measureRobustness(sumClassifier(), data);
      expect(corruptions.map(({ name }) => name)).toEqual(CORRUPTIONS.map(({ name }) => name));
      for (const [i, { count, correct, accuracy, error }] of corruptions.entries()) {
        const corrupted = corruptFrames(CORRUPTIONS[i]!, data.frames);
        const right = data.labels.filter((label, image) => digitSum(corrupted, image) === label);
        expect({ count, correct }).toEqual({ count: 300, correct: right.length });
        expect(accuracy).toBeCloseTo(right.length / 300, 12);
        expect(accuracy + error).toBeCloseTo(1, 12);
      }
      expect(meanError).toBeCloseTo(corruptions.reduce((sum, { error }) => sum + error, 0) / 15, 12);
      // Chance gives 30 of 300; were all images corrupted alike, all would have the same.
      expect(new Set(corruptions.map(({ correct }) => correct)).size).toBeGreaterThan(5);
    },
  );

  it('gives every model the same images, and says how far it has come', async () => {
    const few = drawnSet(20, 2);
    const said: [string, number][] = [];
    await measureRobustness(fakeClassifier(), few, (name, fraction) => said.push([name, fraction]));
    expect(said).toEqual(CORRUPTIONS.map(({ name }, i) => [name, (i + 1) / 15]));
    const shownTo = async (classifier: Classifier): Promise<string[]> => {
      const seen: string[] = [];
      const logits: Classifier['logits'] = (frames) => {
        seen.push(frames.pixels.join());
        return classifier.logits(frames);
      };
      await measureRobustness({ ...classifier, logits }, few);
      return seen;
    };
    expect(await shownTo(fakeClassifier())).toEqual(await shownTo(sumClassifier()));
  });
});
