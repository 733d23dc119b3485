import type { ErrorCode } from '../../errors.js';
import { FRAME_PIXELS } from '../../image/frame.js';
import type { Plane } from '../../image/plane.js';

/** Why an image was not read: the end of its row. */
export interface Fault {
  readonly code: ErrorCode;
  /** In plain words. */
  readonly message: string;
}

/** One image of a batch, and where its content is. */
export interface FoundImage {
  /** What its row calls it. */
  readonly name: string;
  readonly content:
    | { readonly bytes: Uint8Array }
    /** A file, or an object as `s3://bucket/key`. */
    | { readonly path: string }
    /** Grey levels without a file around them, 0 black. */
    | { readonly plane: Plane }
    | { readonly fault: Fault };
}

/** Where frames lie one after the other, as they are: in a file of which the first one begins at `offset`. */
export interface StoredFrames {
  readonly offset: number;
  /** Of the file's content, so that another in its place is noticed. */
  readonly stamp: string;
}

/** Frames of one IDX file as MNIST has them, which are called `path#place`. */
export interface FoundFrames {
  readonly path: string;
  /** Which images of the file, from 0, ascending. */
  readonly places: Uint32Array;
  /** `[places.length, 28, 28]`, or where who reads them takes them from: handing them over costs more than that. */
  readonly pixels: Uint8Array | StoredFrames;
}

/** What a source of images gives, in its order. */
export type Found = ({ readonly kind: 'image' } & FoundImage) | ({ readonly kind: 'frames' } & FoundFrames);

/** Images that are read together. */
export type Chunk = {
  /** The place of its first image among all of the shard, from 0. */
  readonly first: number;
} & (
  | { readonly kind: 'images'; readonly images: readonly FoundImage[] }
  | { readonly kind: 'frames'; readonly pieces: readonly FoundFrames[] }
);

/** Images of a chunk. */
export function sizeOf(chunk: Chunk): number {
  if (chunk.kind === 'images') return chunk.images.length;
  return chunk.pieces.reduce((sum, { places }) => sum + places.length, 0);
}

/** The names of frames, in their order. */
export function namesOfFrames(pieces: readonly FoundFrames[]): string[] {
  return pieces.flatMap(({ path, places }) => Array.from(places, (place) => `${path}#${place}`));
}

/** What the names of frames of a file begin with, as JSON has it: their place and `"` follow. */
export function startOfNames(path: string): string {
  return JSON.stringify(`${path}#`).slice(0, -1);
}

/** Frames `from` to `to - 1` of a piece; nothing is copied. */
export function framesBetween({ path, places, pixels }: FoundFrames, from: number, to: number): FoundFrames {
  return {
    path,
    places: places.subarray(from, to),
    pixels: pixels instanceof Uint8Array ? pixels.subarray(from * FRAME_PIXELS, to * FRAME_PIXELS) : pixels,
  };
}

/** A chunk of one of the images of another. */
export function onlyImage(chunk: Chunk, index: number): Chunk {
  const first = chunk.first + index;
  if (chunk.kind === 'images') {
    return { kind: 'images', first, images: chunk.images.slice(index, index + 1) };
  }
  let before = 0;
  for (const piece of chunk.pieces) {
    const at = index - before;
    if (at < piece.places.length)
      return { kind: 'frames', first, pieces: [framesBetween(piece, at, at + 1)] };
    before += piece.places.length;
  }
  return { kind: 'frames', first, pieces: [] };
}
