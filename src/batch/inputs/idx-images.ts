import { InkdigitError } from '../../errors.js';
import { FRAME_SIDE } from '../../image/frame.js';
import type { Found } from '../plan/found-image.js';
import { isOfShard, type Shard } from '../plan/shard.js';
import type { Skip } from './skip.js';

/** What the header of an IDX file of pictures says (http://yann.lecun.com/exdb/mnist/). */
export interface IdxHeader {
  readonly images: number;
  readonly width: number;
  readonly height: number;
}

/** Magic number, and three dimensions. */
const HEADER_BYTES = 16;
const UNSIGNED_BYTE = 0x08;

/** Images that are read from the file at a time. */
const BLOCK_IMAGES = 512;
/** A larger side is no picture of a digit, but a damaged header. */
const MAX_SIDE = 4096;

/**
 * @param head the first bytes of the file, unpacked
 * @throws InkdigitError `invalid_data` for a file that has no pictures of unsigned bytes
 */
export function parseIdxHeader(head: Uint8Array, source: string): IdxHeader {
  const [, , type, rank] = head;
  if (type !== UNSIGNED_BYTE || rank !== 3 || head.length < HEADER_BYTES) {
    const what = rank === 1 ? 'one dimension, as labels have' : `the type ${type} and ${rank} dimensions`;
    throw new InkdigitError(
      'invalid_data',
      `${source}: expected an IDX file of pictures, unsigned bytes in three dimensions, got ${what}.`,
    );
  }
  const view = new DataView(head.buffer, head.byteOffset, HEADER_BYTES);
  const [images, height, width] = [view.getUint32(4), view.getUint32(8), view.getUint32(12)];
  const areSides = [height, width].every((side) => side >= 1 && side <= MAX_SIDE);
  if (areSides) return { images, width, height };
  throw new InkdigitError(
    'invalid_data',
    `${source}: expected pictures of 1 to ${MAX_SIDE} pixels a side, got ${width} x ${height}.`,
  );
}

/** An IDX file, to be read from the front. */
export interface IdxFile {
  readonly path: string;
  readonly header: IdxHeader;
  /** Whether to look for the digit in frames of 28 x 28 as well, instead of taking them as they are. */
  readonly asPictures: boolean;
  /** Its unpacked bytes from `from` on. */
  readonly stream: (from: number) => AsyncIterable<Uint8Array>;
  /** Where it is a file that is not packed: frames stay in it, for those who read them to take. */
  readonly stored?: { readonly size: number; readonly stamp: string } | undefined;
}

/**
 * The images of an IDX file that belong to a shard, called `path#0`, `path#1`, …: those of 28 x 28 pixels are frames as
 * MNIST has them.
 * @throws InkdigitError `invalid_data` where the file ends too early
 */
export async function* idxImages(file: IdxFile, shard: Shard, skip: Skip): AsyncGenerator<Found> {
  const { path, header, asPictures, stored } = file;
  const { images, width, height } = header;
  const size = width * height;
  const areFrames = width === FRAME_SIDE && height === FRAME_SIDE && !asPictures;
  // Without a shard the place of each image is known, and nothing is read on the way there.
  const first = shard.count === 1 ? skip.some(images) : 0;
  if (first === images) return;
  let next = first;
  const blocks =
    areFrames && stored
      ? storedBlocks(first, Math.min(images, Math.floor((stored.size - HEADER_BYTES) / size)))
      : blocksOf(file.stream(HEADER_BYTES + first * size), size, images - first);
  for await (const block of blocks) {
    const count = typeof block === 'number' ? block : block.length / size;
    const places = placesOf(path, next, count, shard, skip);
    const before = next;
    next += count;
    if (typeof block === 'number' || areFrames) {
      const pixels =
        typeof block === 'number'
          ? { offset: HEADER_BYTES, stamp: stored?.stamp ?? '' }
          : gather(block, size, places, before);
      if (places.length > 0) yield { kind: 'frames', path, places, pixels };
      continue;
    }
    for (const place of places) {
      const data = block.subarray((place - before) * size, (place - before + 1) * size);
      yield { kind: 'image', name: `${path}#${place}`, content: { plane: { width, height, data } } };
    }
  }
  if (next < images) {
    throw new InkdigitError(
      'invalid_data',
      `${path} is truncated: its header announces ${images} images, and it ends after ${next}.`,
    );
  }
}

/** Of images `from` to `from + count - 1`, those of the shard that have no row yet. */
function placesOf(path: string, from: number, count: number, shard: Shard, skip: Skip): Uint32Array {
  const places = new Uint32Array(count);
  if (shard.count === 1 && skip.left === 0) return places.map((_, i) => from + i);
  let kept = 0;
  for (let place = from; place < from + count; place++) {
    if (isOfShard(`${path}#${place}`, shard) && !skip.one()) places[kept++] = place;
  }
  return places.subarray(0, kept);
}

/** As many images at a time as a block has, from `from` to `to - 1`. */
async function* storedBlocks(from: number, to: number): AsyncGenerator<number> {
  for (let place = from; place < to; place += BLOCK_IMAGES) yield Math.min(BLOCK_IMAGES, to - place);
}

/** Images of a block one after the other; a block of which all are wanted is not copied. @param from its first place */
function gather(block: Uint8Array, size: number, places: Uint32Array, from: number): Uint8Array {
  if (places.length * size === block.length) return block;
  const pixels = new Uint8Array(places.length * size);
  for (const [i, place] of places.entries()) {
    pixels.set(block.subarray((place - from) * size, (place - from + 1) * size), i * size);
  }
  return pixels;
}

/** Whole images, up to `BLOCK_IMAGES` at a time, `images` at most; the last block may be shorter. */
async function* blocksOf(
  pieces: AsyncIterable<Uint8Array>,
  size: number,
  images: number,
): AsyncGenerator<Uint8Array> {
  const most = Math.max(1, Math.min(BLOCK_IMAGES, Math.floor((4 * 1024 * 1024) / size)));
  let left = images * size;
  let block = new Uint8Array(Math.min(most * size, left));
  let filled = 0;
  for await (const piece of pieces) {
    for (let from = 0; from < piece.length && left > 0;) {
      const count = Math.min(piece.length - from, block.length - filled);
      block.set(piece.subarray(from, from + count), filled);
      from += count;
      filled += count;
      if (filled < block.length) continue;
      yield block;
      left -= filled;
      block = new Uint8Array(Math.min(most * size, left));
      filled = 0;
    }
    if (left === 0) return;
  }
  const whole = filled - (filled % size);
  if (whole > 0) yield block.subarray(0, whole);
}
