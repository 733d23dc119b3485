import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadImageFolder, type ImageFolder } from '../../src/data/image-folder.js';
import { loadTrainingData, type ImageSource } from '../../src/data/training-data.js';
import { writeDigitFolder } from '../helpers/data/digit-folder.js';
import { mnistDir } from '../helpers/data/mnist.js';
import { readWhole } from '../helpers/data/read-whole.js';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'inkdigit-training-data-'));
  await writeDigitFolder(folder, 40);
  writeFileSync(join(folder, '3', 'bad.png'), 'no image');
});
afterAll(() => rmSync(folder, { recursive: true }));

const images = (): ImageSource => ({
  folder,
  skipBad: true,
  normalize: 'auto',
  validationShare: 0.25,
});

describe('loadTrainingData', () => {
  it('splits a folder, and has no test images', async () => {
    const folders: ImageFolder[] = [];
    const data = await loadTrainingData({ mnist: false, images: images() }, readWhole, {
      dataDir: '/nowhere',
      onFolder: (loaded) => folders.push(loaded),
    });
    expect([data.training.labels.length, data.validation.labels.length]).toEqual([30, 10]);
    expect(data.test).toBeNull();
    expect(data.digests).toEqual({
      images: (await loadImageFolder(folder, readWhole, { skipBad: true })).digest,
    });
    expect(folders.map(({ bad }) => bad.map(({ file }) => file))).toEqual([['3/bad.png']]);
  });

  it('says which files cannot be read unless they are to be skipped', async () => {
    const source = { mnist: false, images: { ...images(), skipBad: false } };
    await expect(loadTrainingData(source, readWhole)).rejects.toThrow(/1 of the 41 images .* cannot be read/);
  });

  it.skipIf(!mnistDir)('puts a folder before real MNIST, and each validates with its share', async () => {
    const data = await loadTrainingData({ mnist: true, images: images() }, readWhole, { dataDir: mnistDir });
    const own = await loadTrainingData({ mnist: false, images: images() }, readWhole);
    expect([data.training.labels.length, data.validation.labels.length]).toEqual([55_030, 5_010]);
    expect(data.training.labels.subarray(0, 30)).toEqual(own.training.labels);
    expect(data.validation.frames.pixels.subarray(0, 7840)).toEqual(own.validation.frames.pixels);
    expect(data.test?.labels.length).toBe(10_000);
    expect(Object.keys(data.digests).length).toBe(5);
  });
});
