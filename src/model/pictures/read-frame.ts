import type { Frame } from '../../image/frame.js';
import { readImageSyncIfSmall, type ReadFrameOptions } from '../../image/read-image.js';
import type { FramePictures } from '../../reading/content-reading.js';
import { framePictures } from './frame-pictures.js';

/**
 * From the bytes of an image file to a frame as MNIST's are: the file's own where it shows one, else one of the digit
 * that the shipped finder sees in it.
 * @throws InkdigitError `not_an_image`, `truncated_image`, `corrupt_image` or `too_many_pixels`; `missing_file` or
 * `invalid_model` where the finder is needed and cannot be opened
 */
export async function readFrame(bytes: Uint8Array, options: ReadFrameOptions = {}): Promise<Frame> {
  return readFrameBy(framePictures, bytes, options);
}

/** The same, with whatever makes frames of pictures. */
export async function readFrameBy(
  framePicture: FramePictures,
  bytes: Uint8Array,
  options: ReadFrameOptions = {},
): Promise<Frame> {
  const content = await readImageSyncIfSmall(bytes, options);
  if (content.kind === 'frame') return content.frame;
  const [framed] = await framePicture([content.picture]);
  if (!framed) throw new Error('unreachable: there is a frame for every picture');
  return framed.frame;
}
