import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { createClassifier } from '../../../src/model/classifier.js';
import { Tensor } from '../../../src/model/runtime/onnx-runtime.js';
import { DEFAULT_RECIPE } from '../../../src/training/recipe.js';
import { mixIn, Teachers } from '../../../src/training/threads/distillation.js';
import { train } from '../../../src/training/run/trainer.js';
import { startLocalWorker } from '../../../src/training/threads/workers.js';
import { exportModel } from '../../../src/network/export.js';
import { convBlock, planNetwork, withOutputs, type Network } from '../../../src/network/network.js';
import { initialParameters } from '../../../src/training/threads/shared-state.js';
import { drawnSet } from '../../helpers/drawn-set.js';
import { onCpu } from '../../../src/training/compute.js';

const tiny: Network = {
  name: 'tiny',
  layers: [...convBlock(4, 5, { stride: 2 }), { kind: 'flatten' }, { kind: 'dense', units: 10 }],
};
const plan = planNetwork(tiny);

function randomModel(seed: number, outputs = 10): Uint8Array {
  const own = planNetwork(withOutputs(tiny, outputs));
  return exportModel(own, {
    parameters: initialParameters(own, seed),
    statistics: new Float32Array(own.statisticCount).fill(1),
  });
}

describe('mixIn', () => {
  it('adds its share of the softmax, as it is defined', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: -30, max: 30, noNaN: true }), { minLength: 10, maxLength: 11 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0.5, max: 8, noNaN: true }),
        (logits, share, temperature) => {
          const target = new Float32Array(11);
          mixIn(target, Float32Array.from(logits), share, temperature);
          const powers = logits.map((logit) => Math.exp(logit / temperature));
          const sum = powers.reduce((a, b) => a + b, 0);
          powers.forEach((power, i) => expect(target[i]).toBeCloseTo((share * power) / sum, 5));
          expect(target.subarray(logits.length).every((left) => left === 0)).toBe(true);
        },
      ),
    );
  });
});

/** What the teachers make of targets that are the labels'. */
async function taught(
  models: readonly Uint8Array[],
  labels: Uint8Array,
  outputs: number,
  onlyWhereRight = false,
): Promise<number[][]> {
  const { frames } = drawnSet(labels.length, 1);
  const teachers = await Teachers.open({ models, share: 0.75, temperature: 1, onlyWhereRight });
  const targets = Float32Array.from({ length: labels.length * outputs }, (_, i) =>
    labels[Math.floor(i / outputs)] === i % outputs ? 1 : 0,
  );
  const images = Float32Array.from(frames.pixels, (level) => level / 255);
  await teachers.teach(new Tensor('float32', images, [labels.length, 1, 28, 28]), labels, targets);
  await teachers.close();
  return Array.from(labels, (_, row) => [...targets.subarray(row * outputs, (row + 1) * outputs)]);
}

/** Softmax of the first `outputs` logits that a model gives to each image. */
async function answersOf(model: Uint8Array, count: number, outputs: number): Promise<number[][]> {
  const classifier = await createClassifier(model);
  const logits = await classifier.logits(drawnSet(count, 1).frames);
  await classifier.close();
  return Array.from({ length: count }, (_, row) => {
    const own = [...logits.subarray(row * classifier.outputs, row * classifier.outputs + outputs)];
    const sum = own.reduce((total, logit) => total + Math.exp(logit), 0);
    return own.map((logit) => Math.exp(logit) / sum);
  });
}

describe('teachers', () => {
  it('leave their share of the label and give the mean of their answers for the rest', async () => {
    const models = [randomModel(1), randomModel(2)];
    const targets = await taught(models, Uint8Array.of(4, 4, 4), 10);
    const answers = await Promise.all(models.map((model) => answersOf(model, 3, 10)));
    targets.forEach((row, k) =>
      row.forEach((target, i) => {
        const mean = (answers[0]![k]![i]! + answers[1]![k]![i]!) / 2;
        expect(target).toBeCloseTo(0.25 * (i === 4 ? 1 : 0) + 0.75 * mean, 5);
      }),
    );
  });

  it('without an output for non-digits do not change their targets', async () => {
    const [digit, none] = await taught([randomModel(1)], Uint8Array.of(4, 10), 11);
    const [answer] = await answersOf(randomModel(1), 1, 10);
    answer!.forEach((said, i) => expect(digit![i]).toBeCloseTo(0.25 * (i === 4 ? 1 : 0) + 0.75 * said, 5));
    expect(digit![10]).toBe(0);
    expect(none).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  });

  it('with an output for non-digits alone change their targets', async () => {
    const [, none] = await taught([randomModel(1), randomModel(2, 11)], Uint8Array.of(4, 10), 11);
    const [, answer] = await answersOf(randomModel(2, 11), 2, 11);
    answer!.forEach((said, i) => expect(none![i]).toBeCloseTo(0.25 * (i === 10 ? 1 : 0) + 0.75 * said, 5));
  });

  it('are heard of digits alone by a student that knows nothing else', async () => {
    const [digit] = await taught([randomModel(2, 11)], Uint8Array.of(4), 10);
    const [answer] = await answersOf(randomModel(2, 11), 1, 10);
    answer!.forEach((said, i) => expect(digit![i]).toBeCloseTo(0.25 * (i === 4 ? 1 : 0) + 0.75 * said, 5));
  });

  it('are heard only where they are right, if that is asked for', async () => {
    const [answer] = await answersOf(randomModel(1), 1, 10);
    const answered = answer!.indexOf(Math.max(...answer!));
    const other = (answered + 1) % 10;
    const [right] = await taught([randomModel(1)], Uint8Array.of(answered), 10, true);
    const [wrong] = await taught([randomModel(1)], Uint8Array.of(other), 10, true);
    answer!.forEach((said, i) =>
      expect(right![i]).toBeCloseTo(0.25 * (i === answered ? 1 : 0) + 0.75 * said, 5),
    );
    expect(wrong).toEqual(Array.from({ length: 10 }, (_, i) => (i === other ? 1 : 0)));
  });

  it('teach a student what its labels do not say', async () => {
    const data = { training: drawnSet(320, 1), validation: drawnSet(60, 2) };
    const recipe = {
      ...DEFAULT_RECIPE,
      network: tiny,
      epochs: 6,
      batchSize: 32,
      augmentation: null,
      outlierShare: 0,
    };
    const teacher = await train(recipe, data, onCpu(1), startLocalWorker);
    const mislabelled = {
      frames: data.training.frames,
      labels: data.training.labels.map((label) => (label + 1) % 10),
    };
    const student = await train(
      { ...recipe, distillation: { share: 1, temperature: 1 } },
      { ...data, training: mislabelled, teachers: [exportModel(plan, teacher.weights)] },
      onCpu(1),
      startLocalWorker,
    );
    expect(teacher.best.validation.accuracy).toBeGreaterThan(0.9);
    expect(student.best.validation.accuracy).toBeGreaterThan(0.9);
  });
});
