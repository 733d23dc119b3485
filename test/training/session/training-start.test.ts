import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { QUICK_RECIPE } from '../../../src/training/recipe.js';
import { CheckpointStore } from '../../../src/training/checkpoint/checkpoint-store.js';
import { trainingPaths } from '../../../src/training/checkpoint/training-paths.js';
import { freshStart, resumedStart } from '../../../src/training/session/training-start.js';
import { someCheckpoint } from '../../helpers/checkpoints.js';

it('leaves the test images alone where it was told to, and when it goes on', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'inkdigit-start-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const out = join(folder, 'm.onnx');
  const store = new CheckpointStore(trainingPaths(out));
  for (const test of [true, false]) {
    expect((await freshStart({ out, device: 'cpu', threads: 1, test })).test).toBe(test);
    await store.save({ ...someCheckpoint(1), teachers: [], test });
    const resumed = await resumedStart(
      { out, device: 'cpu', threads: 1, resume: true, test: true },
      store,
      () => {},
    );
    expect(resumed.test).toBe(test);
  }
});

it('has a quick preset, which what is given goes before', async () => {
  const request = { out: 'm.onnx', device: 'cpu', threads: 1, test: true, quick: true } as const;
  expect((await freshStart(request)).recipe).toEqual(QUICK_RECIPE);
  expect((await freshStart({ ...request, epochs: 3 })).recipe).toEqual({ ...QUICK_RECIPE, epochs: 3 });
});
