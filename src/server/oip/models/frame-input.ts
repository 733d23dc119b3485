import { InkdigitError } from '../../../errors.js';
import { FRAME_PIXELS, FRAME_SIDE } from '../../../image/frame.js';
import { contentOf } from '../../../image/picture.js';
import { tooManyImages } from '../../limits.js';
import type { ImageSource } from '../../classify/jobs.js';
import { readNumbers } from '../codec/read-tensor.js';
import { describeShape, tensorFault, type InputTensor } from '../codec/tensor.js';

/** Datatype -> the value of full ink. */
const FULL_INK: Readonly<Record<string, number>> = { FP32: 1, FP64: 1, UINT8: 255 };

/** The shapes behind N. */
const FRAME_SHAPES: readonly (readonly number[])[] = [
  [FRAME_SIDE, FRAME_SIDE],
  [1, FRAME_SIDE, FRAME_SIDE],
  [FRAME_SIDE, FRAME_SIDE, 1],
  [FRAME_PIXELS],
];

/**
 * The frames of a tensor of shape `[N,28,28]`, `[N,1,28,28]`, `[N,28,28,1]` or `[N,784]`, as MNIST has them: ink is
 * 1 (or 255), the ground 0.
 * @throws InkdigitError `invalid_request`, `too_many_images`
 */
export function framesOf(tensor: InputTensor, maxBatch: number): readonly ImageSource[] {
  const { name, datatype, shape } = tensor;
  const fullInk = FULL_INK[datatype];
  if (fullInk === undefined) {
    throw tensorFault(
      name,
      `is to be FP32 or FP64 from 0 to 1, or UINT8 from 0 to 255, got ${datatype.slice(0, 20)}`,
    );
  }
  const [count = 0, ...rest] = shape;
  if (!FRAME_SHAPES.some((known) => known.join() === rest.join())) {
    throw tensorFault(
      name,
      `is to have the shape [N,28,28], [N,1,28,28], [N,28,28,1] or [N,784], got ${describeShape(shape)}`,
    );
  }
  if (count > maxBatch) throw tooManyImages(maxBatch, count);
  const values = readNumbers(tensor);
  return Array.from({ length: count }, (_, i) => () => contentOf(frameAt(values, i, fullInk)));
}

function frameAt(values: ArrayLike<number>, index: number, fullInk: number): Uint8Array {
  const frame = new Uint8Array(FRAME_PIXELS);
  for (let i = 0, at = index * FRAME_PIXELS; i < FRAME_PIXELS; i++, at++) {
    const value = values[at]!;
    // Not a number is neither.
    if (!(value >= 0 && value <= fullInk)) throw outOfRange(value, i, fullInk);
    frame[i] = Math.round((value / fullInk) * 255);
  }
  return frame;
}

function outOfRange(value: number, at: number, fullInk: number): InkdigitError {
  const advice = fullInk === 1 && value > 1 && value <= 255 ? '; divide by 255, or send UINT8' : '';
  return new InkdigitError(
    'invalid_request',
    `expected values from 0 (ground) to ${fullInk} (ink), got ${value} as value ${at}${advice}`,
  );
}
