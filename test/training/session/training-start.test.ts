import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { QUICK_RECIPE } from '../../../src/training/recipe.js';
import { CheckpointStore } from '../../../src/training/checkpoint/checkpoint-store.js';
import { trainingPaths } from '../../../src/training/checkpoint/training-paths.js';
import { freshStart, resumedStart } from '../../../src/training/session/training-start.js';
import { someCheckpoint } from '../../helpers/models/checkpoints.js';
import { planNetwork } from '../../../src/network/network.js';
import { networkByName } from '../../../src/network/networks.js';
import { weightsOf } from '../../../src/network/weights-file.js';

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

it('begins from weights of a narrower form of a network, and not from those of a wider one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'inkdigit-start-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const from = (name: string): string => {
    const plan = planNetwork(networkByName(name));
    const weights = {
      parameters: Float32Array.from({ length: plan.parameterCount }, (_, i) => Math.sin(i)),
      statistics: new Float32Array(plan.statisticCount).fill(1),
    };
    const file = join(folder, `${name}.weights`);
    writeFileSync(file, weightsOf({ plan, weights }, 'a'.repeat(64)));
    return file;
  };
  const request = { out: 'm.onnx', device: 'cpu', threads: 1, test: true } as const;
  const start = await freshStart({ ...request, network: 'detector-wide', from: from('detector'), seed: 3 });
  expect(start.recipe.network.name).toBe('detector-wide');
  expect(start.begin).toMatchObject({
    parameters: { length: planNetwork(networkByName('detector-wide')).parameterCount },
  });
  await expect(
    freshStart({ ...request, network: 'detector', from: from('detector-wide') }),
  ).rejects.toMatchObject({
    code: 'invalid_option',
    message: expect.stringMatching(
      /of the network detector-wide, not of detector: .* a narrower form of it\.$/,
    ),
  });
});
