import { describe, expect, it } from 'vitest';
import { convBlock, conv, type Network } from '../../../src/network/network.js';
import { SCENE_RECIPE, type Recipe } from '../../../src/training/recipe.js';
import type { Snapshot } from '../../../src/training/reports.js';
import type { GridMetrics } from '../../../src/evaluation/measure-grid.js';
import { gridPicturesToChooseBy, scenesToChooseBy } from '../../../src/training/scenes/scene-sets.js';
import { train, trainGrid } from '../../../src/training/run/trainer.js';
import { localWorkers } from '../../../src/training/threads/workers.js';
import { fakePainter, NO_GLYPHS } from '../../helpers/fake-painter.js';
import { onCpu } from '../../../src/training/compute.js';

const reader: Network = {
  name: 'tiny reader',
  shown: 'view',
  layers: [
    ...convBlock(8, 5, { stride: 4 }),
    ...convBlock(16, 3, { stride: 4 }),
    { kind: 'flatten' },
    { kind: 'dense', units: 11 },
  ],
};

const finder: Network = {
  name: 'tiny finder',
  shown: 'overview',
  layers: [
    ...convBlock(8, 5, { stride: 4 }),
    ...convBlock(16, 3, { stride: 4 }),
    conv(6, 1),
    { kind: 'flatten' },
  ],
};

const recipe: Recipe = {
  ...SCENE_RECIPE,
  epochs: 4,
  batchSize: 32,
  averageDecay: 0.9,
  learningRate: 0.02,
  scenesPerEpoch: 640,
};
const startWorker = localWorkers(fakePainter);
const training = { glyphs: NO_GLYPHS };

describe('train, for a reader', () => {
  const data = { training, validation: scenesToChooseBy(fakePainter(), 'view', 220) };

  it('learns to read views, and to tell digits from non-digits', async () => {
    const result = await train({ ...recipe, network: reader }, data, onCpu(1), startWorker);
    const [first] = result.epochs;
    expect(result.epochs.at(-1)?.loss).toBeLessThan((first?.loss ?? 0) / 2);
    expect(result.best.validation.accuracy).toBeGreaterThan(0.95);
    // The views of no digit, label 10, are measured apart.
    expect(result.best.validation.count).toBe(data.validation.labels.filter((label) => label < 10).length);
    expect(result.best.outliersPassing).toBeLessThan(0.1);
    expect(result.best.digitThreshold).toBeGreaterThan(0);
  });

  it('gives the same network with any number of threads', async () => {
    const short = { ...recipe, network: reader, epochs: 1, batchSize: 64 };
    const [one, two] = await Promise.all([1, 2].map((n) => train(short, data, onCpu(n), startWorker)));
    expect(two?.weights).toEqual(one?.weights);
  });
});

describe('trainGrid', () => {
  const data = { training, validation: gridPicturesToChooseBy(fakePainter(), 'overview', 100) };
  const found = { ...recipe, network: finder };

  it('learns where the digit is, and keeps the epoch of the smallest loss', async () => {
    const { epochs, best } = await trainGrid(found, data, onCpu(1), startWorker);
    expect(epochs.at(-1)?.loss).toBeLessThan((epochs[0]?.loss ?? 0) / 3);
    expect(best.validation.accuracy).toBeGreaterThan(0.9);
    expect(best.validation.loss).toBe(Math.min(...epochs.map(({ validation }) => validation.loss)));
    // Measured as it is trained: on pictures of the same kind about the same.
    expect(best.validation.loss).toBeLessThan(3 * (epochs.at(-1)?.loss ?? 0));
  });

  it('resumes from a snapshot as if it had never stopped, bit for bit', async () => {
    let snapshot: Snapshot<GridMetrics> | null = null;
    const whole = await trainGrid({ ...found, epochs: 2 }, data, onCpu(1), startWorker, {
      onEpoch: (report, takeSnapshot) => {
        if (report.epoch === 1) snapshot = takeSnapshot?.() ?? null;
      },
    });
    const continued = await trainGrid({ ...found, epochs: 2 }, data, onCpu(2), startWorker, {}, snapshot);
    expect(continued.weights).toEqual(whole.weights);
  });
});
