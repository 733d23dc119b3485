import { decodeAs, type DecodeOptions } from './decode.js';
import type { Frame } from './frame.js';
import { DEFAULT_NORMALIZE, type NormalizeMode } from './normalize-mode.js';
import { contentOf, type ImageContent } from './picture.js';
import { toContent, toFrame } from './to-content.js';

export interface ReadFrameOptions extends DecodeOptions {
  /** What is to be looked for a digit. Default `auto`: what is no frame as MNIST's are. */
  readonly normalize?: NormalizeMode;
}

/**
 * From the bytes of an image file to what the models read; a small one mostly is, when this returns.
 * @throws InkdigitError `not_an_image`, `truncated_image`, `corrupt_image` or `too_many_pixels`, at once or by the
 * promise
 */
export type ReadImage = (
  bytes: Uint8Array,
  options?: ReadFrameOptions,
) => ImageContent | Promise<ImageContent>;

/** Leaves pictures to the networks that find and read digits in them. */
export const readImageSoon: ReadImage = (bytes, options = {}) => {
  const { normalize = DEFAULT_NORMALIZE } = options;
  return decodeAs(bytes, options, (raster, orientation) => toContent(raster, normalize, orientation));
};

/** Makes frames of all pictures by rules, for where there are no such networks. */
export const readImageByRulesSoon: ReadImage = (bytes, options = {}) => {
  const { normalize = DEFAULT_NORMALIZE } = options;
  return decodeAs(bytes, options, function* asFrame(raster, orientation) {
    return contentOf(yield* toFrame(raster, normalize, orientation));
  });
};

/**
 * From the bytes of an image file to a frame, by rules where it shows none: what the networks of frames learn from.
 * @throws InkdigitError as `ReadImage`
 */
export async function readFrame(bytes: Uint8Array, options: ReadFrameOptions = {}): Promise<Frame> {
  const { normalize = DEFAULT_NORMALIZE } = options;
  return decodeAs(bytes, options, (raster, orientation) => toFrame(raster, normalize, orientation));
}
