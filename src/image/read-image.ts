import { decodeAs, type DecodeOptions } from './decode/decode.js';
import { decodeSmallPng } from './decode/small-png.js';
import type { Frame } from './frame.js';
import { DEFAULT_NORMALIZE, type NormalizeMode } from './normalize-mode.js';
import type { ImageContent } from './picture.js';
import { contentOfSmall, LARGEST_SIDE, toContent } from './normalize/to-content.js';

export interface ReadFrameOptions extends DecodeOptions {
  /** What is to be looked for a digit. Default `auto`: what is no frame as MNIST's are. */
  readonly normalize?: NormalizeMode;
}

/** From the bytes of an image file to a frame, whatever it shows. */
export type ReadFrame = (bytes: Uint8Array, options?: ReadFrameOptions) => Promise<Frame>;

/**
 * From the bytes of an image file to what the models read; a small one mostly is, when this returns.
 * @throws InkdigitError `not_an_image`, `truncated_image`, `corrupt_image` or `too_many_pixels`, at once or by the
 * promise
 */
export function readImageSyncIfSmall(
  bytes: Uint8Array,
  options: ReadFrameOptions = {},
): ImageContent | Promise<ImageContent> {
  const { normalize = DEFAULT_NORMALIZE, largestSide = LARGEST_SIDE } = options;
  const small = decodeSmallPng(bytes, options.maxPixels);
  if (small) return contentOfSmall(small, normalize, largestSide);
  const decoding: DecodeOptions = {
    maxPixels: options.maxPixels,
    // What is fitted as a whole is fitted from all of its pixels.
    largestSide: normalize === 'never' ? undefined : largestSide,
    // Not copied: it may be made when it is first asked for.
    get signal() {
      return options.signal;
    },
  };
  return decodeAs(bytes, decoding, (raster, orientation, stored) =>
    toContent(raster, normalize, orientation, stored, largestSide),
  );
}
