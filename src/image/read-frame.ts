import { decodeAs, type DecodeOptions } from './decode.js';
import type { Frame } from './frame.js';
import { DEFAULT_NORMALIZE, type NormalizeMode } from './normalize-mode.js';
import { toFrame } from './to-frame.js';

export interface ReadFrameOptions extends DecodeOptions {
  /** Whether to look for the digit in the picture. Default `auto`: unless it is a frame as MNIST's are. */
  readonly normalize?: NormalizeMode;
}

/**
 * From the bytes of an image file to what the model reads: the one path that the service, the command line and
 * the trainer share.
 * @throws InkdigitError `not_an_image`, `truncated_image`, `corrupt_image` or `too_many_pixels`
 */
export async function readFrame(bytes: Uint8Array, options: ReadFrameOptions = {}): Promise<Frame> {
  return readFrameSoon(bytes, options);
}

/**
 * The same; a small picture is read when this returns, without a promise, unless that takes long.
 * @throws InkdigitError as `readFrame`, at once or by the promise
 */
export function readFrameSoon(bytes: Uint8Array, options: ReadFrameOptions = {}): Frame | Promise<Frame> {
  const { normalize = DEFAULT_NORMALIZE } = options;
  return decodeAs(bytes, options, (raster, orientation) => toFrame(raster, normalize, orientation));
}
