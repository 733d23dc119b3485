import { FRAME_PIXELS, type FrameBatch } from '../image/frame.js';
import type { Picture } from '../image/picture.js';
import type { BoundingBox } from '../image/view/bounding-box.js';
import { CLASS_COUNT } from './contract.js';
import { anyDigitProbability, argmaxRow } from './softmax.js';

/** What a model makes of one image. */
export interface Reading {
  /** The most probable digit, 0-9. */
  readonly class: number;
  /** How probable it is, 0..1, that the image is that digit. */
  readonly probability: number;
  /** `[10]`: the probability of each digit; what they lack to 1 is the probability that it is none. */
  readonly probabilities: Float32Array;
  /** Whether it is taken for a digit: the sum of `probabilities` reaches `threshold`, and the image is not blank. */
  readonly digit: boolean;
  /** Of the model, 0..1; 0 where it has no output for non-digits. */
  readonly threshold: number;
  /** Where in the picture the digit is; left out where all of the image was read without looking for it. */
  readonly box?: PixelBox;
}

/** `[x, y, width, height]` in whole pixels of the upright picture. */
export type PixelBox = [x: number, y: number, width: number, height: number];

/**
 * One reading a frame.
 * @param probabilities `[count, 10]`, which the readings look into without copying
 */
export function readingsOf(frames: FrameBatch, probabilities: Float32Array, threshold: number): Reading[] {
  return Array.from({ length: frames.count }, (_, row) =>
    readingOf(probabilities, row, threshold, isInked(frames, row)),
  );
}

/**
 * Gives what `readingsOf` would say of each frame to a function: without an object for each, which take longer than all
 * else that is done with what a model gave.
 */
export function eachReading(
  frames: FrameBatch,
  probabilities: Float32Array,
  threshold: number,
  use: (digitClass: number, probability: number, digit: boolean) => void,
): void {
  for (let row = 0; row < frames.count; row++) {
    const likeliest = argmaxRow(probabilities, row, CLASS_COUNT);
    const digit = isDigit(probabilities, row, threshold, isInked(frames, row));
    use(likeliest, probabilities[row * CLASS_COUNT + likeliest]!, digit);
  }
}

/**
 * The reading of one row.
 * @param probabilities `[count, 10]`, which the reading looks into without copying
 * @param hasInk whether anything is on the image: a blank is no digit, whatever a model makes of it
 */
export function readingOf(
  probabilities: Float32Array,
  row: number,
  threshold: number,
  hasInk: boolean,
): Reading {
  const own = probabilities.subarray(row * CLASS_COUNT, (row + 1) * CLASS_COUNT);
  const likeliest = argmaxRow(own, 0, CLASS_COUNT);
  const digit = isDigit(own, 0, threshold, hasInk);
  return { class: likeliest, probability: own[likeliest]!, probabilities: own, digit, threshold };
}

function isDigit(probabilities: Float32Array, row: number, threshold: number, hasInk: boolean): boolean {
  return hasInk && anyDigitProbability(probabilities, row) >= threshold;
}

/** Whether anything is on a frame. */
function isInked({ pixels }: FrameBatch, row: number): boolean {
  for (let i = row * FRAME_PIXELS, end = i + FRAME_PIXELS; i < end; i++) if (pixels[i] !== 0) return true;
  return false;
}

/** The whole pixels of a picture that a box in its gray plane lies on. */
export function pixelBoxOf(box: BoundingBox, { reduction, width, height }: Picture): PixelBox {
  const [left, right] = pixelsAlong(box.x * reduction, box.width * reduction, width);
  const [top, bottom] = pixelsAlong(box.y * reduction, box.height * reduction, height);
  return [left, top, right - left, bottom - top];
}

/** @returns where the pixels begin and end: one of `pixels` at least */
function pixelsAlong(start: number, length: number, pixels: number): [from: number, to: number] {
  const from = Math.min(pixels - 1, Math.max(0, Math.round(start)));
  return [from, Math.min(pixels, Math.max(from + 1, Math.round(start + length)))];
}
