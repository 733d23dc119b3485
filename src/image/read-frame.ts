import { decodeAs, type DecodeOptions } from './decode.js';
import type { Frame } from './frame.js';
import { toFrame } from './to-frame.js';

/**
 * From the bytes of an image file to what the model reads: the one path that the service, the command line and
 * the trainer share.
 * @throws InkdigitError `not_an_image`, `truncated_image`, `corrupt_image` or `too_many_pixels`
 */
export async function readFrame(bytes: Uint8Array, options: DecodeOptions = {}): Promise<Frame> {
  return decodeAs(bytes, options, toFrame);
}
