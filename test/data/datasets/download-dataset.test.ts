import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import type { Dataset, DatasetFile } from '../../../src/data/datasets/dataset.js';
import { ensureDataset } from '../../../src/data/datasets/download-dataset.js';
import { bytesOf, fileOf } from './made-files.js';

const first = bytesOf('first content');
const second = bytesOf('second content');

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'inkdigit-datasets-')), 'new');
  onTestFinished(() => rmSync(join(folder, '..'), { recursive: true }));
});

function made(...files: readonly DatasetFile[]): Dataset<unknown> {
  return {
    name: 'made',
    title: 'Made',
    page: 'https://example.org/made',
    licence: 'MIT',
    files,
    parse: () => null,
  };
}

/** Answers each address with bytes; asking for another fails the test. */
function serving(answers: Readonly<Record<string, Uint8Array>>): { fetch: typeof fetch; asked: string[] } {
  const asked: string[] = [];
  const answer = async (url: unknown): Promise<Response> => {
    asked.push(String(url));
    const bytes = answers[String(url)];
    return bytes ? new Response(Buffer.from(bytes)) : new Response('gone', { status: 410 });
  };
  return { fetch: answer, asked };
}

it('downloads what is missing, packed or not, and verifies what is there', async () => {
  const dataset = made(
    fileOf('a.txt', first, ['https://one.test/a.txt']),
    fileOf('in/b.txt', second, ['https://one.test/b', 'https://two.test/b']),
  );
  const { fetch, asked } = serving({
    'https://one.test/a.txt': first,
    'https://two.test/b': gzipSync(second),
  });
  const told: unknown[] = [];
  const settings = { fetch, onFile: (file: unknown) => told.push(file) };
  await ensureDataset(dataset, folder, settings);
  await ensureDataset(dataset, folder, settings);
  expect(asked).toEqual(['https://one.test/a.txt', 'https://one.test/b', 'https://two.test/b']);
  expect(told).toEqual([
    { name: 'a.txt', downloaded: true },
    { name: 'in/b.txt', downloaded: true },
    { name: 'a.txt', downloaded: false },
    { name: 'in/b.txt', downloaded: false },
  ]);
  expect(readFileSync(join(folder, 'a.txt'))).toEqual(Buffer.from(first));
});

it('downloads nothing where a file has no address, and says where the data set is described', async () => {
  const { fetch, asked } = serving({ 'https://one.test/a.txt': first });
  const dataset = made(fileOf('a.txt', first, ['https://one.test/a.txt']), fileOf('b.txt', second));
  const downloading = ensureDataset(dataset, folder, { fetch });
  await expect(downloading).rejects.toMatchObject({ code: 'missing_file' });
  await expect(downloading).rejects.toThrow(/https:\/\/example\.org\/made.*into/);
  expect(asked).toEqual([]);
});

it('refuses other content and more than was expected, and keeps nothing of it', async () => {
  for (const bytes of [second, Buffer.alloc(5000)]) {
    const { fetch } = serving({ 'https://one.test/a.txt': bytes });
    await expect(
      ensureDataset(made(fileOf('a.txt', first, ['https://one.test/a.txt'])), folder, { fetch }),
    ).rejects.toMatchObject({ code: 'download_failed' });
    expect(readdirSync(folder)).toEqual([]);
  }
});

it('does not replace another file', async () => {
  const dataset = made(fileOf('a.txt', first, ['https://one.test/a.txt']));
  await ensureDataset(dataset, folder, serving({ 'https://one.test/a.txt': first }));
  writeFileSync(join(folder, 'a.txt'), second);
  await expect(ensureDataset(dataset, folder, serving({}))).rejects.toMatchObject({ code: 'invalid_data' });
  expect(readFileSync(join(folder, 'a.txt'))).toEqual(Buffer.from(second));
});
