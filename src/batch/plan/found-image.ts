import type { ErrorCode } from '../../errors.js';
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

/** Frames as MNIST has them, `[names.length, 28, 28]`. */
export interface FoundFrames {
  readonly names: readonly string[];
  readonly pixels: Uint8Array;
}

/** What a source of images gives, in its order. */
export type Found = ({ readonly kind: 'image' } & FoundImage) | ({ readonly kind: 'frames' } & FoundFrames);

/** Images that are read together. */
export type Chunk = {
  /** The place of its first image among all of the shard, from 0. */
  readonly first: number;
} & (
  | { readonly kind: 'images'; readonly images: readonly FoundImage[] }
  | ({ readonly kind: 'frames' } & FoundFrames)
);

/** Images of a chunk. */
export function sizeOf(chunk: Chunk): number {
  return chunk.kind === 'frames' ? chunk.names.length : chunk.images.length;
}
