import { describe, expect, it } from 'vitest';
import { namesOfFrames, sizeOf, type Chunk } from '../../../src/batch/plan/found-image.js';
import { parseRow } from '../../../src/batch/plan/result-rows.js';
import type { ReaderSettings } from '../../../src/batch/readers/reader-messages.js';
import { ReaderFault } from '../../../src/batch/readers/reader-process.js';
import { openProcessReader, type Reader } from '../../../src/batch/readers/process-reader.js';
import { InkdigitError } from '../../../src/errors.js';
import { fakeReader } from '../../helpers/programs/batches.js';

const SETTINGS: ReaderSettings = { modelPath: 'm.onnx', read: 'digits', normalize: undefined, numbers: {} };

const chunkOf = (first: number, ...names: string[]): Chunk => ({
  kind: 'images',
  first,
  images: names.map((name) => ({ name, content: { bytes: new Uint8Array() } })),
});

const namesOf = (chunk: Chunk): string[] =>
  chunk.kind === 'images' ? chunk.images.map(({ name }) => name) : namesOfFrames(chunk.pieces);

/** Processes that images whose names begin with `kill` end; one that has ended reads nothing more. */
function fragileProcesses(): { start: () => Promise<Reader>; started: () => number; alone: string[] } {
  let started = 0;
  const alone: string[] = [];
  const start = async (): Promise<Reader> => {
    started++;
    let busy = 0;
    let hasEnded = false;
    const inner = fakeReader();
    return {
      get busy() {
        return busy;
      },
      get hasEnded() {
        return hasEnded;
      },
      async read(chunk) {
        busy++;
        if (sizeOf(chunk) === 1) alone.push(...namesOf(chunk));
        const rows = await inner.read(chunk);
        if (namesOf(chunk).some((name) => name.startsWith('kill'))) hasEnded = true;
        busy--;
        if (hasEnded) throw new ReaderFault('the process that read it ended (signal SIGSEGV)');
        return rows;
      },
      close: () => void (hasEnded = true),
    };
  };
  return { start, started: () => started, alone };
}

const rowsOf = (lines: Uint8Array): unknown[] =>
  Buffer.from(lines)
    .toString()
    .split('\n')
    .slice(0, -1)
    .map((line) => parseRow(line));

describe('a reader in processes', () => {
  it('blames the image alone that ends its process, and reads the others', async () => {
    const { start, started, alone } = fragileProcesses();
    const reader = await openProcessReader(2, SETTINGS, start);
    expect(reader.capacity).toBe(4);
    const chunks = [
      chunkOf(0, 'a', 'kill-1', 'b'),
      chunkOf(64, 'c', 'd'),
      chunkOf(128, 'e'),
      chunkOf(192, 'kill-2'),
    ];
    const all = await Promise.all(chunks.map((chunk) => reader.read(chunk)));
    const rows = all.flatMap(({ lines }) => rowsOf(lines));
    const message = 'the process that read it ended (signal SIGSEGV)';
    expect(rows).toMatchObject([
      { file: 'a', error: 'not_an_image' },
      { file: 'kill-1', error: 'internal', message },
      { file: 'b', error: 'not_an_image' },
      { file: 'c', error: 'not_an_image' },
      { file: 'd', error: 'not_an_image' },
      { file: 'e', error: 'not_an_image' },
      { file: 'kill-2', error: 'internal', message },
    ]);
    expect(all[0]?.tally).toMatchObject({ images: 3, errors: { internal: 1, not_an_image: 2 } });
    expect(alone).toContain('kill-1');
    // Processes that ended are replaced when they are needed.
    expect((await reader.read(chunkOf(256, 'f'))).tally.images).toBe(1);
    expect(started()).toBeGreaterThan(3);
    await reader.close();
  });

  it('ends with what is no fault of images', async () => {
    const broken: Reader = {
      busy: 0,
      hasEnded: false,
      read: () => Promise.reject(new InkdigitError('download_failed', 'the store is away')),
      close: () => {},
    };
    const reader = await openProcessReader(1, SETTINGS, async () => broken);
    await expect(reader.read(chunkOf(0, 'a'))).rejects.toMatchObject({ code: 'download_failed' });
  });

  it('closes those that started where one cannot', async () => {
    const closed: number[] = [];
    let number = 0;
    const start = async (): Promise<Reader> => {
      const own = number++;
      if (own === 1) throw new InkdigitError('invalid_model', 'no model');
      return {
        busy: 0,
        hasEnded: false,
        read: (chunk) => fakeReader().read(chunk),
        close: () => void closed.push(own),
      };
    };
    await expect(openProcessReader(3, SETTINGS, start)).rejects.toMatchObject({ code: 'invalid_model' });
    expect(closed).toEqual([0, 2]);
  });
});
