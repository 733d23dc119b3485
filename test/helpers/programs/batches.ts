import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { FrameFiles } from '../../../src/batch/readers/frame-files.js';
import { ObjectStore } from '../../../src/batch/inputs/object-store.js';
import { StandardInput } from '../../../src/batch/inputs/standard-input.js';
import type { InputPlaces } from '../../../src/batch/inputs/find-inputs.js';
import { namesOfFrames, type Chunk } from '../../../src/batch/plan/found-image.js';
import { digitRow, failedRow, parseRow, type ResultRow } from '../../../src/batch/plan/result-rows.js';
import { chunkRows, type ChunkReader } from '../../../src/batch/readers/chunk-reader.js';
import type { BatchSettings } from '../../../src/batch/run-batch.js';
import { WHOLE } from '../../../src/batch/plan/shard.js';
import { FRAME_PIXELS } from '../../../src/image/frame.js';

/** A folder that goes with the test. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'inkdigit-batch-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** An IDX file of `count` pictures; the first pixel of each is its number modulo 251. */
export function idxFile(count: number, side = 28): Buffer {
  const bytes = Buffer.alloc(16 + count * side * side);
  for (const [i, value] of [0x0803, count, side, side].entries()) bytes.writeUInt32BE(value, 4 * i);
  for (let i = 0; i < count; i++) bytes[16 + i * side * side] = i % 251;
  return bytes;
}

/** Writes an IDX file. @returns its path */
export function writeIdx(folder: string, name: string, count: number): string {
  const path = join(folder, name);
  writeFileSync(path, idxFile(count));
  return path;
}

/** Where inputs come from in tests. */
export function testPlaces(stdin: Iterable<Uint8Array> = []): InputPlaces {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield* stdin;
  }
  return { objects: new ObjectStore({}), stdin: new StandardInput(pieces()), column: undefined };
}

/** Says of each frame the last digit of its first pixel; of files that they are none. Throws as its tests ask. */
export function fakeReader(onChunk: (chunk: Chunk) => void = () => {}): ChunkReader {
  const files = new FrameFiles();
  return {
    capacity: 3,
    async read(chunk) {
      onChunk(chunk);
      await new Promise((resolve) => setImmediate(resolve));
      if (chunk.kind === 'images') {
        const fault = { code: 'not_an_image', message: 'it is none' } as const;
        return chunkRows(chunk.images.map(({ name }) => failedRow(name, fault)));
      }
      const pixels = await files.pixelsOf(chunk.pieces);
      const firstPixel = (i: number): number => pixels[i * FRAME_PIXELS] ?? 0;
      return chunkRows(
        namesOfFrames(chunk.pieces).map((name, i) => digitRow(name, firstPixel(i) % 10, 0.5, true)),
      );
    },
    close: async () => files.close(),
  };
}

/** A batch of tests; what is not given is as usual. */
export function testBatch(
  output: string,
  inputs: readonly string[],
  settings: Partial<Omit<BatchSettings, 'identity'>> & {
    readonly identity?: Partial<BatchSettings['identity']>;
  } = {},
): BatchSettings {
  return {
    output,
    shard: WHOLE,
    resume: false,
    force: false,
    maxErrors: Infinity,
    asPictures: false,
    places: testPlaces(),
    openReader: async () => fakeReader(),
    ...settings,
    identity: {
      version: '1.2.3',
      model: { name: 'fake', sha256: 'abc' },
      readBy: 'processes',
      read: 'digits',
      inputs,
      format: 'jsonl',
      rowsPerFile: 1000,
      shards: 1,
      options: {},
      ...settings.identity,
    },
  };
}

/** All rows of the files of results in a folder, in the order of the files. */
export function resultRows(output: string): ResultRow[] {
  const files = readdirSync(output).filter((name) => name.startsWith('part-'));
  return files.toSorted().flatMap((name) =>
    readFileSync(join(output, name), 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => {
        const row = parseRow(line);
        if (!row) throw new Error(`no row: ${line}`);
        return row;
      }),
  );
}
