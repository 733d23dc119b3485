import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { contentOf, type Dataset } from '../../../src/data/datasets/dataset.js';
import { datasetsFolder, readDataset } from '../../../src/data/datasets/read-dataset.js';
import { sha256Of } from '../../../src/sha256.js';
import { bytesOf, fileOf } from './made-files.js';

const content = bytesOf('seven'.repeat(100));
const other = bytesOf('SEVEN'.repeat(100));
const shorter = bytesOf('7'.repeat(100));

const dataset: Dataset<string> = {
  name: 'made',
  title: 'Made digits',
  page: 'https://example.org/made',
  licence: 'MIT',
  files: [
    {
      ...fileOf('made.txt', content),
      otherForms: [{ bytes: shorter.length, sha256: sha256Of(shorter) }],
    },
  ],
  parse: (files) => Buffer.from(contentOf(files, 'made.txt')).toString(),
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkdigit-datasets-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

describe('readDataset', () => {
  it.each([
    ['packed', 'made.txt.gz', gzipSync(content)],
    ['unpacked', 'made.txt', content],
    ['unpacked on the way though named .gz', 'made.txt.gz', content],
    ['packed though not named so', 'made.txt', gzipSync(content)],
  ])('reads a file that is %s', async (_, name, bytes) => {
    writeFileSync(join(folder, name), bytes);
    expect(await readDataset(dataset, folder)).toEqual({
      data: 'seven'.repeat(100),
      digests: { 'made.txt': sha256Of(content) },
    });
  });

  it('takes another form of the same content, and says which it was', async () => {
    writeFileSync(join(folder, 'made.txt'), shorter);
    expect((await readDataset(dataset, folder)).digests).toEqual({ 'made.txt': sha256Of(shorter) });
  });

  it('says of a missing file where the data set is described and where to put it', async () => {
    const message =
      `${folder} has neither made.txt.gz nor made.txt of the data set made. No address gives that file itself: the ` +
      `data set is described at https://example.org/made. Put the file (500 bytes unpacked, SHA-256 ` +
      `${sha256Of(content)}) into ${folder}, or name the folder that has it by --datasets-dir or ` +
      'INKDIGIT_DATASETS_DIR.';
    await expect(readDataset(dataset, folder)).rejects.toMatchObject({ code: 'missing_file', message });
    const direct = { ...dataset, files: [fileOf('made.txt', content, ['https://example.org/made.txt'])] };
    await expect(readDataset(direct, folder)).rejects.toThrow(
      `Let inkdigit download --dataset made --datasets-dir ${folder} get it.`,
    );
  });

  it.each([
    [
      'another of the same length',
      'made.txt',
      other,
      `got ${sha256Of(other)}: it is damaged, or another version`,
    ],
    ['truncated', 'made.txt', content.subarray(1), 'expected 500 or 100 bytes of content, got 499'],
    [
      'truncated while packed',
      'made.txt.gz',
      gzipSync(content).subarray(0, -9),
      'cannot be unpacked as gzip',
    ],
    ['made to fill memory', 'made.txt.gz', gzipSync(Buffer.alloc(1e5)), 'unpacks to more than the 500 bytes'],
    ['far too long', 'made.txt', Buffer.alloc(4000), 'expected at most 1525 bytes, got 4000'],
  ])('refuses a file that is %s', async (_, name, bytes, message) => {
    writeFileSync(join(folder, name), bytes);
    const reading = readDataset(dataset, folder);
    await expect(reading).rejects.toMatchObject({ code: 'invalid_data' });
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.toThrow(`${join(folder, name)}: `);
  });
});

it('finds the folder by the option, the variable, the cache', () => {
  const env = { INKDIGIT_DATASETS_DIR: '/of/variable', XDG_CACHE_HOME: '/cache' };
  expect(datasetsFolder('/named', env)).toBe('/named');
  expect(datasetsFolder(undefined, env)).toBe('/of/variable');
  expect(datasetsFolder(undefined, { XDG_CACHE_HOME: '/cache' })).toBe(
    join('/cache', 'inkdigit', 'datasets'),
  );
});
