import { FRAME_PIXELS, type Frame } from '../../image/frame.js';
import type { Random } from '../../random.js';
import { roundHalfToEven } from '../../round.js';

/** A picture to calculate with: `[28, 28]`, row by row, 0 the background and 1 full ink. */
export type Plane = Float64Array;

/** A frame's grey levels as numbers of 0..1. */
export function toPlane(frame: Frame): Plane {
  const plane = new Float64Array(frame);
  for (let i = 0; i < plane.length; i++) plane[i]! /= 255;
  return plane;
}

/**
 * Back to grey levels: what lies outside 0..1 is cut off, and halves go to the even level, from float32, as
 * `round_and_astype` of the reference has it.
 */
export function toLevels(plane: Plane): Frame {
  const frame = new Uint8Array(FRAME_PIXELS);
  for (let i = 0; i < FRAME_PIXELS; i++) {
    frame[i] = roundHalfToEven(Math.fround(Math.min(1, Math.max(0, plane[i]!)) * 255));
  }
  return frame;
}

/** -1 or 1. */
export function randomSign(random: Random): number {
  return random() < 0.5 ? -1 : 1;
}
