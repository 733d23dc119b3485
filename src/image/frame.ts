/** Side of the square picture that the model reads, in pixels. */
export const FRAME_SIDE = 28;

/** Pixels of one frame. */
export const FRAME_PIXELS = FRAME_SIDE * FRAME_SIDE;

/**
 * What the model reads: `FRAME_PIXELS` grey levels, row by row, 0 the background and 255 full ink
 * (white ink on black, as MNIST has it).
 */
export type Frame = Uint8Array;

/** Many frames in one piece of memory: frame i is `pixels[i * FRAME_PIXELS … (i + 1) * FRAME_PIXELS - 1]`. */
export interface FrameBatch {
  readonly count: number;
  /** `[count, 28, 28]` */
  readonly pixels: Uint8Array;
}

/** Copies frames into one batch. */
export function packFrames(frames: readonly Frame[]): FrameBatch {
  const pixels = new Uint8Array(frames.length * FRAME_PIXELS);
  frames.forEach((frame, i) => pixels.set(frame, i * FRAME_PIXELS));
  return { count: frames.length, pixels };
}

/** A view of one frame; nothing is copied. */
export function frameAt({ pixels }: FrameBatch, index: number): Frame {
  return pixels.subarray(index * FRAME_PIXELS, (index + 1) * FRAME_PIXELS);
}

/** A view of frames `from … to - 1`; nothing is copied. */
export function sliceFrames(batch: FrameBatch, from: number, to: number): FrameBatch {
  return { count: to - from, pixels: batch.pixels.subarray(from * FRAME_PIXELS, to * FRAME_PIXELS) };
}
