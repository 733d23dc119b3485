import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { Tensor } from 'onnxruntime-node';
import { createClassifier } from '../../src/model/classifier.js';
import { DEFAULT_RECIPE } from '../../src/training/recipe.js';
import { mixIn, Teachers } from '../../src/training/teachers.js';
import { train } from '../../src/training/trainer.js';
import { startLocalWorker } from '../../src/training/workers.js';
import { exportModel } from '../../src/training/export.js';
import { convBlock, planNetwork, type Network } from '../../src/training/network.js';
import { initialParameters } from '../../src/training/shared-state.js';
import { drawnSet } from '../helpers/drawn-set.js';

const tiny: Network = {
  name: 'tiny',
  layers: [...convBlock(4, 5, { stride: 2 }), { kind: 'flatten' }, { kind: 'dense', units: 10 }],
};
const plan = planNetwork(tiny);

function randomModel(seed: number): Uint8Array {
  return exportModel(plan, {
    parameters: initialParameters(plan, seed),
    statistics: new Float32Array(plan.statisticCount).fill(1),
  });
}

describe('mixIn', () => {
  it('adds its share of the softmax, as it is defined', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: -30, max: 30, noNaN: true }), { minLength: 20, maxLength: 20 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0.5, max: 8, noNaN: true }),
        (logits, share, temperature) => {
          const targets = new Float32Array(20);
          mixIn(targets, Float32Array.from(logits), share, temperature);
          for (const row of [0, 10]) {
            const powers = logits.slice(row, row + 10).map((logit) => Math.exp(logit / temperature));
            const sum = powers.reduce((a, b) => a + b, 0);
            powers.forEach((power, i) => expect(targets[row + i]).toBeCloseTo((share * power) / sum, 5));
          }
        },
      ),
    );
  });
});

describe('teachers', () => {
  it('leave their share of the label and give the mean of their answers for the rest', async () => {
    const { frames } = drawnSet(3, 1);
    const models = [randomModel(1), randomModel(2)];
    const teachers = await Teachers.open({ models, share: 0.75, temperature: 1 });
    const targets = Float32Array.from({ length: 30 }, (_, i) => (i % 10 === 4 ? 1 : 0));
    const images = Float32Array.from(frames.pixels, (level) => level / 255);
    await teachers.teach(new Tensor('float32', images, [3, 1, 28, 28]), targets);
    await teachers.close();
    const answers = await Promise.all(
      models.map(async (model) => {
        const classifier = await createClassifier(model);
        const probabilities = await classifier.probabilities(frames);
        await classifier.close();
        return probabilities;
      }),
    );
    targets.forEach((target, i) => {
      const mean = (answers[0]![i]! + answers[1]![i]!) / 2;
      expect(target).toBeCloseTo(0.25 * (i % 10 === 4 ? 1 : 0) + 0.75 * mean, 5);
    });
  });

  it('teach a student what its labels do not say', async () => {
    const data = { training: drawnSet(320, 1), validation: drawnSet(60, 2) };
    const recipe = { ...DEFAULT_RECIPE, network: tiny, epochs: 6, batchSize: 32, augmentation: null };
    const teacher = await train(recipe, data, 1, startLocalWorker);
    const mislabelled = {
      frames: data.training.frames,
      labels: data.training.labels.map((label) => (label + 1) % 10),
    };
    const student = await train(
      { ...recipe, teaching: { share: 1, temperature: 1 } },
      { ...data, training: mislabelled, teachers: [exportModel(plan, teacher.weights)] },
      1,
      startLocalWorker,
    );
    expect(teacher.best.validation.accuracy).toBeGreaterThan(0.9);
    expect(student.best.validation.accuracy).toBeGreaterThan(0.9);
  });
});
