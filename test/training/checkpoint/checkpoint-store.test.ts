import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CheckpointStore } from '../../../src/training/checkpoint/checkpoint-store.js';
import { trainingPaths, type TrainingPaths } from '../../../src/training/checkpoint/training-paths.js';
import { someCheckpoint } from '../../helpers/models/checkpoints.js';

let folder: string;
let paths: TrainingPaths;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkdigit-store-'));
  paths = trainingPaths(join(folder, 'm.onnx'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const silent = (): void => {};

/** The seed of what is loaded, and what was said meanwhile. */
async function loaded(store = new CheckpointStore(paths)): Promise<{ seed: number; said: string[] }> {
  const said: string[] = [];
  const { recipe } = await store.load((line) => said.push(line));
  return { seed: recipe.seed, said };
}

describe('CheckpointStore', () => {
  it('keeps the newest and the one before', async () => {
    const store = new CheckpointStore(paths);
    expect(store.savedEpoch).toBeNull();
    for (const seed of [1, 2, 3]) await store.save(someCheckpoint(seed));
    expect(store.savedEpoch).toBe(0);
    expect(readdirSync(folder).toSorted()).toEqual(['m.checkpoint', 'm.checkpoint.previous']);
    expect(await loaded()).toEqual({ seed: 3, said: [] });
    rmSync(paths.checkpoint);
    expect((await loaded()).seed).toBe(2);
    await store.clear();
    expect(readdirSync(folder)).toEqual([]);
    expect(store.savedEpoch).toBeNull();
  });

  it('never puts a damaged one in the place of the one that did in its stead', async () => {
    const before = new CheckpointStore(paths);
    for (const seed of [1, 2]) await before.save(someCheckpoint(seed));
    writeFileSync(paths.checkpoint, 'damaged');
    const store = new CheckpointStore(paths);
    expect(await loaded(store)).toMatchObject({ seed: 1, said: [expect.stringContaining('instead')] });
    await store.save(someCheckpoint(3));
    expect((await loaded()).seed).toBe(3);
    rmSync(paths.checkpoint);
    expect((await loaded()).seed).toBe(1);
  });

  it.each([
    ['nothing', () => new Uint8Array(0), 'is not a checkpoint of a training (0 bytes).'],
    ['half of it', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2), 'is damaged: its checksum'],
  ])('takes the one before where the newest has %s, and says why', async (_, damage, reason) => {
    const store = new CheckpointStore(paths);
    for (const seed of [1, 2]) await store.save(someCheckpoint(seed));
    writeFileSync(paths.checkpoint, damage(readFileSync(paths.checkpoint)));
    const { seed, said } = await loaded();
    expect(seed).toBe(1);
    expect(said).toEqual([expect.stringContaining(`${paths.checkpoint} ${reason}`)]);
    expect(said[0]).toContain(`Continuing from ${paths.previousCheckpoint} instead, an epoch earlier.`);
  });

  it('leaves both as they are when a new one cannot be written', async () => {
    const store = new CheckpointStore(paths);
    for (const seed of [1, 2]) await store.save(someCheckpoint(seed));
    const contents = (): string[] =>
      readdirSync(folder).map((name) =>
        createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex'),
      );
    const before = contents();
    // Nothing can be written over a folder.
    const temporary = join(folder, `.m.checkpoint.${process.pid}.tmp`);
    mkdirSync(temporary);
    await expect(store.save(someCheckpoint(3))).rejects.toMatchObject({ code: 'write_failed' });
    rmSync(temporary, { recursive: true, force: true });
    expect(contents()).toEqual(before);
    expect((await loaded()).seed).toBe(2);
  });

  it('says where there is nothing, or nothing whole', async () => {
    const store = new CheckpointStore(paths);
    await expect(store.load(silent)).rejects.toMatchObject({
      code: 'missing_file',
      message: expect.stringContaining(`There is nothing to resume: expected ${paths.checkpoint}`),
    });
    writeFileSync(paths.checkpoint, '');
    await expect(store.load(silent)).rejects.toMatchObject({
      code: 'invalid_data',
      message:
        `${paths.checkpoint} is not a checkpoint of a training (0 bytes). ` +
        'There is no other to continue from; start over with --force.',
    });
  });
});
