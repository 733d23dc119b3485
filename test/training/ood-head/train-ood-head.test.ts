import { beforeAll, describe, expect, it } from 'vitest';
import { createClassifier } from '../../../src/model/classifier.js';
import { logitsOf } from '../../../src/model/logits-of.js';
import { anyDigitProbability, digitProbabilities } from '../../../src/model/softmax.js';
import { exportModel } from '../../../src/network/export.js';
import { trainOodHead } from '../../../src/training/ood-head/train-ood-head.js';
import { OOD_HEAD_RECIPE } from '../../../src/training/ood-head/ood-head-recipe.js';
import { withOodHead } from '../../../src/network/ood-head.js';
import { convBlock, type Network } from '../../../src/network/network.js';
import type { Recipe } from '../../../src/training/recipe.js';
import type { EpochReport, TrainingHooks, TrainingResult } from '../../../src/training/reports.js';
import { train } from '../../../src/training/run/trainer.js';
import { startLocalWorker } from '../../../src/training/threads/workers.js';
import { drawnSet } from '../../helpers/drawn-set.js';
import { onCpu } from '../../../src/training/compute.js';

const tiny: Network = {
  name: 'tiny',
  layers: [
    ...convBlock(16, 5, { stride: 2 }),
    { kind: 'maxPool' },
    ...convBlock(16, 3),
    { kind: 'maxPool' },
    { kind: 'flatten' },
    { kind: 'dense', units: 10 },
  ],
};
const recipe: Recipe = { ...OOD_HEAD_RECIPE, network: tiny, epochs: 5, batchSize: 64, averageDecay: 0.9 };
const data = { training: drawnSet(640, 1), validation: drawnSet(500, 2) };

describe('trainOodHead', () => {
  let base: TrainingResult;
  let result: TrainingResult;
  const epochs: EpochReport[] = [];
  const trainHead = (
    own: Recipe,
    threads: number,
    images = data,
    onEpoch?: TrainingHooks['onEpoch'],
  ): Promise<TrainingResult> =>
    trainOodHead(own, base.weights, withOodHead(tiny, [4, 24]), images, onCpu(threads), startLocalWorker, {
      ...(onEpoch && { onEpoch }),
    });
  beforeAll(async () => {
    base = await train({ ...recipe, outlierShare: 0, augmentation: null }, data, onCpu(1), startLocalWorker);
    result = await trainHead(recipe, 1, data, (report) => void epochs.push(report));
  });

  it('leaves the logits of digits as they were, and accepts the intended share of digits', async () => {
    const before = await createClassifier(exportModel(base.plan, base.weights));
    const { digitThreshold } = result.best;
    const after = await createClassifier(exportModel(result.plan, result.weights, { digitThreshold }));
    const { frames } = data.validation;
    const expected = await logitsOf(before, frames);
    const logits = await logitsOf(after, frames);
    const digits = logits.filter((_, i) => i % 11 < 10);
    expected.forEach((logit, i) => expect(digits[i]).toBeCloseTo(logit, 4));
    const probabilities = digitProbabilities(logits, 11);
    const passing =
      frames.count -
      data.validation.labels.filter((_, row) => anyDigitProbability(probabilities, row) < digitThreshold)
        .length;
    expect(passing).toBe(499);
    await Promise.all([before.close(), after.close()]);
  });

  it('learns to reject non-digits', () => {
    // Of five seeds 5 to 64 %.
    expect(result.best.outliersPassing).toBeLessThan(0.7);
    // Whatever it learns, digits are read as before.
    for (const { validation } of epochs) expect(validation.correct).toBe(base.best.validation.correct);
  });

  it('gives the same head whatever the number of threads', async () => {
    const short = { ...recipe, epochs: 1 };
    const few = { ...data, training: drawnSet(128, 1) };
    expect((await trainHead(short, 2, few)).weights).toEqual((await trainHead(short, 1, few)).weights);
  });
});
