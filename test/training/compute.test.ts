import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InkdigitError } from '../../src/errors.js';
import { microbatchFor, onCpu, planThreads } from '../../src/training/compute.js';
import { DEFAULT_RECIPE } from '../../src/training/recipe.js';
import { train } from '../../src/training/run/trainer.js';
import { startLocalWorker } from '../../src/training/threads/workers.js';
import { drawnSet } from '../helpers/data/drawn-set.js';
import { tinyRecipe } from '../helpers/models/tiny-recipe.js';

const recipe = tinyRecipe(32);
const onCard = { device: 'webgpu', threads: 6 } as const;

describe('the threads of a training', () => {
  it('share the steps, and draw beside them', () => {
    expect(planThreads(DEFAULT_RECIPE, onCpu(3))).toEqual({ steps: 3, loaders: 2 });
    // Four microbatches of 32 are all that a step of 128 has.
    expect(planThreads({ ...DEFAULT_RECIPE, batchSize: 128 }, onCpu(16)).steps).toBe(4);
  });

  it('all draw where a graphics card computes, on whole batches', () => {
    expect(planThreads(DEFAULT_RECIPE, onCard)).toEqual({ steps: 1, loaders: 6 });
    expect(microbatchFor({ ...DEFAULT_RECIPE, batchSize: 256 }, onCard)).toBe(256);
    expect(microbatchFor({ ...DEFAULT_RECIPE, batchSize: 256 }, onCpu(2))).toBe(32);
  });
});

/** A driver in software that comes with Chromium. */
const software = join(
  dirname(process.env['CHROME_PATH'] ?? '/usr/lib/chromium/chromium'),
  'vk_swiftshader_icd.json',
);

describe('a training on a graphics card', () => {
  it('learns what one on cores learns, or says what is missing', async () => {
    if (existsSync(software)) process.env['VK_DRIVER_FILES'] = software;
    const data = { training: drawnSet(64, 1), validation: drawnSet(50, 2) };
    const cores = await train(recipe, data, onCpu(1), startLocalWorker);
    const card = await train(recipe, data, onCard, startLocalWorker).catch((thrown: unknown) => thrown);
    if (card instanceof InkdigitError) {
      expect(card.code).toBe('training_failed');
      expect(card.message).toContain('or train with --device cpu');
      return;
    }
    const { parameters } = (card as typeof cores).weights;
    expect(parameters.length).toBe(cores.weights.parameters.length);
    parameters.forEach((value, i) => expect(value).toBeCloseTo(cores.weights.parameters[i] ?? NaN, 3));
  });
});
