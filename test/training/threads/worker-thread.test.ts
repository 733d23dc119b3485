import { describe, expect, it } from 'vitest';
import { train } from '../../../src/training/run/trainer.js';
import { startLocalWorker, type StartWorker } from '../../../src/training/threads/workers.js';
import { drawnSet } from '../../helpers/data/drawn-set.js';
import { tinyRecipe } from '../../helpers/models/tiny-recipe.js';
import { onCpu } from '../../../src/training/compute.js';

// Threads run what was built: a worker is started from a file.
const built: string = new URL('../../../dist/training/threads/workers.js', import.meta.url).href;
const { startThreadWorker }: { startThreadWorker: StartWorker } = await import(built);

const recipe = tinyRecipe(96);
const data = { training: drawnSet(300, 1), validation: drawnSet(50, 2) };

describe('training threads', () => {
  it('give the model that one thread gives, bit for bit', async () => {
    const threads = await train(recipe, data, onCpu(2), startThreadWorker);
    const local = await train(recipe, data, onCpu(1), startLocalWorker);
    expect(threads.weights).toEqual(local.weights);
  });

  it('pass on what went wrong in them', async () => {
    const startBroken: StartWorker = (settings) =>
      startThreadWorker(
        settings.role === 'steps' ? { ...settings, model: Uint8Array.of(1, 2, 3) } : settings,
      );
    await expect(train(recipe, data, onCpu(2), startBroken)).rejects.toMatchObject({
      code: 'training_failed',
    });
  });
});
