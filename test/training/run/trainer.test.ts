import { beforeAll, describe, expect, it } from 'vitest';
import { createClassifier } from '../../../src/model/classifier.js';
import type { LabelledFrames } from '../../../src/data/labelled-frames.js';
import { evaluate } from '../../../src/evaluation/evaluate-classifier.js';
import { drawOutliers, OUTLIER_KINDS } from '../../../src/evaluation/outliers/kinds.js';
import { readingsOf } from '../../../src/model/readings.js';
import { DEFAULT_RECIPE, microbatchOf, threadsFor, type Recipe } from '../../../src/training/recipe.js';
import { exportModel } from '../../../src/network/export.js';
import { convBlock, type Network } from '../../../src/network/network.js';
import type { EpochReport, Snapshot, StepReport, TrainingResult } from '../../../src/training/reports.js';
import { train } from '../../../src/training/run/trainer.js';
import { startLocalWorker, type StartWorker } from '../../../src/training/threads/workers.js';
import { drawnSet } from '../../helpers/drawn-set.js';
import { onCpu } from '../../../src/training/compute.js';

const tiny: Network = {
  name: 'tiny',
  layers: [
    ...convBlock(8, 5, { stride: 2 }),
    { kind: 'maxPool' },
    ...convBlock(16, 3),
    { kind: 'maxPool' },
    { kind: 'flatten' },
    { kind: 'dropout', rate: 0.1 },
    { kind: 'dense', units: 10 },
  ],
};

const recipe: Recipe = {
  ...DEFAULT_RECIPE,
  network: tiny,
  epochs: 16,
  batchSize: 64,
  averageDecay: 0.9,
  // Little, as there is little time to learn in.
  augmentation: {
    rotationDegrees: 12,
    scale: 0.12,
    shear: 0.15,
    shiftPixels: 2,
    elasticPixels: 0,
    strokePixels: 0,
    corruptionProbability: 0,
  },
  outlierShare: 0,
  seed: 5,
};
const data = { training: drawnSet(640, 1), validation: drawnSet(200, 2) };

describe('train', () => {
  const steps: StepReport[] = [];
  const epochs: EpochReport[] = [];
  let result: TrainingResult;
  beforeAll(async () => {
    result = await train(recipe, data, onCpu(1), startLocalWorker, {
      onStep: (state) => steps.push(state),
      onEpoch: (report) => void epochs.push(report),
    });
  });

  it('learns drawn digits, and gives the model that it measured', async () => {
    expect(result.best.validation.accuracy).toBeGreaterThan(0.97);
    expect(result.epochs).toEqual(epochs);
    expect(epochs.map((report) => report.epoch)).toEqual(Array.from({ length: 16 }, (_, i) => i + 1));
    expect(epochs.at(-1)?.loss).toBeLessThan((epochs[0]?.loss ?? 0) / 2);
    expect(steps.length).toBe(16 * 10);
    expect(steps.at(-1)).toMatchObject({ epoch: 16, step: 160, totalSteps: 160, secondsLeft: 0 });

    const classifier = await createClassifier(exportModel(result.plan, result.weights));
    const measured = await evaluate(classifier, data.validation);
    await classifier.close();
    expect(measured.confusion).toEqual(result.best.validation.confusion);
    expect(measured.negativeLogLikelihood).toBeCloseTo(result.best.validation.negativeLogLikelihood, 5);
  });

  it('gives the same model for the same seed, bit for bit, with any number of threads', async () => {
    const short = { ...recipe, epochs: 1, batchSize: 128 };
    const [one, again, three, other] = await Promise.all([
      train(short, data, onCpu(1), startLocalWorker),
      train(short, data, onCpu(1), startLocalWorker),
      train(short, data, onCpu(3), startLocalWorker),
      train({ ...short, seed: 6 }, data, onCpu(1), startLocalWorker),
    ]);
    expect(again.weights).toEqual(one.weights);
    expect(three.weights).toEqual(one.weights);
    expect(other.weights).not.toEqual(one.weights);
  });

  it('ends after the step under way when stopped, and keeps what it has', async () => {
    const stop = new AbortController();
    const stopped = await train({ ...recipe, epochs: 100 }, data, onCpu(1), startLocalWorker, {
      signal: stop.signal,
      onStep: ({ step }) => step === 13 && stop.abort(),
    });
    expect(stopped.interrupted).toBe(true);
    expect(stopped.epochs.length).toBe(2);
    expect(stopped.best.validation.count).toBe(200);
  });

  it('continues from a snapshot as if it had never stopped, bit for bit', async () => {
    const four = { ...recipe, epochs: 4 };
    const whole = await train(four, data, onCpu(1), startLocalWorker);
    // Stopped in the middle of the third epoch: what holds is the end of the second.
    const stop = new AbortController();
    let snapshot: Snapshot | null = null;
    await train(four, data, onCpu(1), startLocalWorker, {
      signal: stop.signal,
      onStep: ({ step }) => step === 25 && stop.abort(),
      onEpoch: (_, takeSnapshot) => void (snapshot = takeSnapshot?.() ?? snapshot),
    });
    const continued = await train(four, data, onCpu(2), startLocalWorker, {}, snapshot);
    expect(continued.weights).toEqual(whole.weights);
    const figures = ({ epoch, loss, learningRate, validation, best }: EpochReport): unknown => [
      epoch,
      loss,
      learningRate,
      validation,
      best,
    ];
    expect(continued.epochs.map(figures)).toEqual(whole.epochs.map(figures));
  });

  it('keeps the best epoch, not the last', () => {
    const best = Math.min(...result.epochs.map((epoch) => epoch.validation.cappedLogLoss));
    expect(result.best.validation.cappedLogLoss).toBe(best);
    expect(result.epochs.findLast((epoch) => epoch.best)).toBe(result.best);
  });

  it('says what to try when the loss is no longer a number', async () => {
    const broken = train({ ...recipe, learningRate: 1e30 }, data, onCpu(1), startLocalWorker);
    await expect(broken).rejects.toMatchObject({
      code: 'training_failed',
      message: expect.stringMatching(/diverged.*smaller learning rate than 1e\+30/),
    });
  });

  it('notices a model that was broken by the last update of an epoch, before it is a checkpoint', async () => {
    const ended: EpochReport[] = [];
    // One step per epoch: its loss is that of the weights before it. A weight of 1 is -1e30 after it, and its square
    // infinite.
    const broken = train(
      { ...recipe, batchSize: 640, learningRate: 1e30, weightDecay: 1, warmUp: 0 },
      data,
      onCpu(1),
      startLocalWorker,
      { onEpoch: (report) => void ended.push(report) },
    );
    await expect(broken).rejects.toMatchObject({
      code: 'training_failed',
      message: expect.stringMatching(/diverged in epoch 1, step 1: the model no longer gives numbers/),
    });
    expect(ended).toEqual([]);
  });

  it('begins with weights that it is given', async () => {
    const gentle = { ...recipe, epochs: 1, learningRate: 1e-4 };
    const fresh = await train(gentle, data, onCpu(1), startLocalWorker);
    const begun = await train(gentle, data, onCpu(2), startLocalWorker, {}, result.weights);
    expect(fresh.best.validation.accuracy).toBeLessThan(0.8);
    expect(begun.best.validation.accuracy).toBeGreaterThan(0.9);
  });

  it('leaves no worker behind when one does not start', async () => {
    let closed = 0;
    let started = 0;
    const startSome: StartWorker = async (settings) => {
      started += 1;
      if (started === 2) throw new Error('no more threads');
      const worker = await startLocalWorker(settings);
      return {
        run: (command) => worker.run(command),
        close: () => {
          closed += 1;
          return worker.close();
        },
      };
    };
    await expect(train({ ...recipe, batchSize: 128 }, data, onCpu(3), startSome)).rejects.toThrow(
      'no more threads',
    );
    // Three threads for the steps, one for the images.
    expect({ started, closed }).toEqual({ started: 4, closed: 3 });
  });

  it('refuses a batch of one for a batch norm over single values', async () => {
    const single: Network = {
      name: 'single',
      layers: [...convBlock(2, 28, { padding: 0 }), { kind: 'flatten' }, { kind: 'dense', units: 10 }],
    };
    const training = train({ ...recipe, network: single, batchSize: 1 }, data, onCpu(1), startLocalWorker);
    await expect(training).rejects.toThrow(
      /batch norm: expected at least two values a channel, got \[1,2,1,1\]/,
    );
  });

  it('refuses a batch larger than the data', async () => {
    await expect(
      train({ ...recipe, batchSize: 1024 }, data, onCpu(1), startLocalWorker),
    ).rejects.toMatchObject({
      code: 'invalid_option',
      message: expect.stringContaining('640 training images'),
    });
  });
});

describe('train with outliers', () => {
  const withOutliers = { ...recipe, outlierShare: 0.3 };

  it('learns to reject non-digits besides the digits', async () => {
    const result = await train(withOutliers, data, onCpu(1), startLocalWorker);
    expect(result.plan.outputs).toBe(11);
    expect(result.best.validation.accuracy).toBeGreaterThan(0.95);
    const { digitThreshold } = result.best;
    expect(digitThreshold).toBeGreaterThan(0);
    const classifier = await createClassifier(exportModel(result.plan, result.weights, { digitThreshold }));
    expect(classifier.digitThreshold).toBe(digitThreshold);
    const examined = async (frames: LabelledFrames['frames']): Promise<boolean[]> =>
      readingsOf(frames, await classifier.probabilities(frames), digitThreshold).map(({ digit }) => digit);
    // All, as there are fewer than 500.
    expect(await examined(data.validation.frames)).not.toContain(false);
    const kind = OUTLIER_KINDS.find(({ name }) => name === 'waves') ?? expect.unreachable();
    const waves = drawOutliers(kind, 250);
    const passing = (await examined(waves)).filter((digit) => digit).length;
    expect(passing / waves.count).toBeLessThan(0.2);
    await classifier.close();
  });

  const short = { ...withOutliers, epochs: 3, batchSize: 128 };
  let snapshot: Snapshot | null = null;
  let whole: TrainingResult;
  beforeAll(async () => {
    whole = await train(short, data, onCpu(1), startLocalWorker, {
      onEpoch: ({ epoch }, takeSnapshot) => {
        if (epoch === 1) snapshot = takeSnapshot?.() ?? null;
      },
    });
  });

  it('keeps the epoch with the lowest loss plus false accept rate', () => {
    const losses = whole.epochs.map(
      ({ validation, outliersPassing = NaN }) => validation.cappedLogLoss + outliersPassing,
    );
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(losses.lastIndexOf(Math.min(...losses))).toBe(whole.best.epoch - 1);
    // Shares of outliers, and not always the same one.
    expect(new Set(losses).size).toBeGreaterThan(1);
  });

  it('gives the same model with any number of threads, and when it was stopped, bit for bit', async () => {
    const continued = await train(short, data, onCpu(3), startLocalWorker, {}, snapshot);
    expect(continued.weights).toEqual(whole.weights);
    expect(continued.best.digitThreshold).toBe(whole.best.digitThreshold);
  });
});

describe('threadsFor', () => {
  it('counts the threads that have work', () => {
    const threads = (batchSize: number): number => threadsFor({ ...DEFAULT_RECIPE, batchSize }, 3);
    expect([8, 32, 64, 96, 128].map(threads)).toEqual([1, 1, 2, 3, 3]);
  });
});

describe('microbatchOf', () => {
  it('divides a batch into equal parts of at most 32', () => {
    expect([1, 20, 32, 64, 128].map(microbatchOf)).toEqual([1, 20, 32, 32, 32]);
    expect(() => microbatchOf(100)).toThrow(/100 .*multiple/);
  });
});
