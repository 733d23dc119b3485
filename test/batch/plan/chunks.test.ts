import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GROUP_IMAGES, groupEnd, inChunks } from '../../../src/batch/plan/chunks.js';
import {
  framesBetween,
  namesOfFrames,
  sizeOf,
  type Chunk,
  type Found,
} from '../../../src/batch/plan/found-image.js';
import { FRAME_PIXELS } from '../../../src/image/frame.js';

/** Pieces of frames, whose first pixel is their number modulo 251, and, where a length is below 0, of images. */
function* found(pieces: readonly number[]): Generator<Found> {
  let number = 0;
  let isStored = false;
  for (const length of pieces) {
    if (length < 0) {
      for (let i = 0; i < -length; i++) {
        yield { kind: 'image', name: `#${number++}`, content: { bytes: new Uint8Array(8) } };
      }
      continue;
    }
    const places = Uint32Array.from({ length }, (_, i) => number + i);
    const pixels = new Uint8Array(length * FRAME_PIXELS);
    for (let i = 0; i < length; i++) pixels[i * FRAME_PIXELS] = (number + i) % 251;
    number += length;
    // Every second piece stays in its file.
    const stored = { offset: 16, stamp: 'as it was' };
    yield { kind: 'frames', path: '', places, pixels: isStored ? stored : pixels };
    isStored = !isStored;
  }
}

async function* from<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}

/** The same images without the first ones. */
function* without(count: number, all: Iterable<Found>): Generator<Found> {
  let left = count;
  for (const item of all) {
    if (item.kind === 'image') {
      if (left-- <= 0) yield item;
      continue;
    }
    const { length } = item.places;
    const skipped = Math.min(Math.max(0, left), length);
    left -= length;
    if (skipped < length) yield { kind: 'frames', ...framesBetween(item, skipped, length) };
  }
}

async function collect(items: Iterable<Found>, first = 0, rowsPerFile = 1e6): Promise<Chunk[]> {
  const chunks: Chunk[] = [];
  const settings = { first, rowsPerFile, maxImages: 64, maxFrames: 512 };
  for await (const chunk of inChunks(from(items), settings)) chunks.push(chunk);
  return chunks;
}

const namesOf = (chunk: Chunk): readonly string[] =>
  chunk.kind === 'frames' ? namesOfFrames(chunk.pieces) : chunk.images.map(({ name }) => name);

/** Which images one inference reads together. */
const groupsOf = (chunks: readonly Chunk[]): string[] =>
  chunks.flatMap((chunk) => {
    const groups: string[] = [];
    for (let i = 0; i < sizeOf(chunk);) {
      const end = Math.min(sizeOf(chunk), groupEnd(chunk.first + i) - chunk.first);
      groups.push(namesOf(chunk).slice(i, end).join());
      i = end;
    }
    return groups;
  });

const pieces = fc.array(fc.integer({ min: -150, max: 900 }), { maxLength: 6 });

describe('inChunks', () => {
  it('gives every image once, in order, with its own pixels', async () => {
    await fc.assert(
      fc.asyncProperty(pieces, fc.integer({ min: 1, max: 700 }), async (lengths, rowsPerFile) => {
        const chunks = await collect(found(lengths), 0, rowsPerFile);
        const count = lengths.reduce((sum, length) => sum + Math.abs(length), 0);
        expect(chunks.flatMap(namesOf)).toEqual(Array.from({ length: count }, (_, i) => `#${i}`));
        let place = 0;
        for (const chunk of chunks) {
          expect(chunk.first).toBe(place);
          for (const { places, pixels } of chunk.kind === 'frames' ? chunk.pieces : []) {
            if (!(pixels instanceof Uint8Array)) continue;
            expect(pixels).toHaveLength(places.length * FRAME_PIXELS);
            expect(places.filter((value, i) => pixels[i * FRAME_PIXELS] !== value % 251)).toHaveLength(0);
          }
          // No chunk goes beyond the end of a file of results.
          expect(Math.floor(place / rowsPerFile)).toBe(Math.floor((place + sizeOf(chunk) - 1) / rowsPerFile));
          place += sizeOf(chunk);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('reads the same images together wherever it was begun again', async () => {
    await fc.assert(
      fc.asyncProperty(pieces, fc.integer({ min: 0, max: 20 }), async (lengths, group) => {
        const first = group * GROUP_IMAGES;
        const count = lengths.reduce((sum, length) => sum + Math.abs(length), 0);
        fc.pre(first <= count);
        const whole = groupsOf(await collect(found(lengths)));
        const rest = groupsOf(await collect(without(first, found(lengths)), first));
        expect(whole.slice(whole.length - rest.length)).toEqual(rest);
        expect(rest.flatMap((names) => names.split(','))).toHaveLength(count - first || 0);
      }),
      { numRuns: 50 },
    );
  });

  it('ends a chunk of large images early', async () => {
    const large = Array.from({ length: 5 }, (_, i): Found => {
      return { kind: 'image', name: `${i}`, content: { bytes: new Uint8Array(9 * 1024 * 1024) } };
    });
    expect((await collect(large)).map(sizeOf)).toEqual([2, 2, 1]);
  });
});
