import type { Plane } from './plane.js';

/** Side of the square picture that the model reads, in pixels. */
export const FRAME_SIDE = 28;

/** Pixels of one frame. */
export const FRAME_PIXELS = FRAME_SIDE * FRAME_SIDE;

/**
 * What the model reads: `FRAME_PIXELS` grey levels, row by row, 0 the background and 255 full ink
 * (white ink on black, as MNIST has it).
 */
export type Frame = Uint8Array;

/** The same memory as a plane. */
export function planeOfFrame(frame: Frame): Plane {
  return { width: FRAME_SIDE, height: FRAME_SIDE, data: frame };
}

/** Many frames in one piece of memory: frame i is `pixels[i * FRAME_PIXELS … (i + 1) * FRAME_PIXELS - 1]`. */
export interface FrameBatch {
  readonly count: number;
  /** `[count, side, side]` */
  readonly pixels: Uint8Array;
  /** `FRAME_SIDE` if unsaid; others for larger pictures that are kept in the same way. */
  readonly side?: number;
}

/** Side of the pictures of a batch, in pixels. */
export function sideOf({ side = FRAME_SIDE }: FrameBatch): number {
  return side;
}

/** Copies frames into one batch. */
export function packFrames(frames: readonly Frame[]): FrameBatch {
  const pixels = new Uint8Array(frames.length * FRAME_PIXELS);
  frames.forEach((frame, i) => pixels.set(frame, i * FRAME_PIXELS));
  return { count: frames.length, pixels };
}

/** A view of one frame; nothing is copied. */
export function frameAt(batch: FrameBatch, index: number): Frame {
  const size = sideOf(batch) ** 2;
  return batch.pixels.subarray(index * size, (index + 1) * size);
}

/** A view of frames `from … to - 1`; nothing is copied. */
export function sliceFrames(batch: FrameBatch, from: number, to: number): FrameBatch {
  const size = sideOf(batch) ** 2;
  return { ...batch, count: to - from, pixels: batch.pixels.subarray(from * size, to * size) };
}
