import { InkdigitError } from '../../errors.js';
import type { Size } from '../formats/format.js';
import type { Raster } from '../raster.js';
import type { Orientation } from '../exif-orientation.js';
import { runSync, runYielding, type Task } from '../task.js';
import { readHeader, inspectFile, type ImageHeader } from './header.js';
import { decodeInline, decodeOffThread } from './inline-decoder.js';
import { afterShowing } from './opaque-bmp.js';
import { DEFAULT_MAX_PIXELS } from './pixel-limit.js';
import { SerialQueue } from './serial-queue.js';
import { canReduce, decodeReduced, decodeWithSharp } from './sharp-decoder.js';
import { decodeSmallPng } from './small-png.js';

export interface DecodeOptions {
  /** Pixels, width x height, that a picture may announce. Default `DEFAULT_MAX_PIXELS`. */
  readonly maxPixels?: number | undefined;
  /**
   * Aborted once no client waits for the picture any more. A large one that has not begun then never is decoded; what
   * the decoder has begun cannot be stopped, but nothing more is made of it.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * A picture that is longer may be handed over smaller, of this many pixels on its longer side: made so while it is
   * decoded, it takes a fraction of the time and of the memory.
   */
  readonly largestSide?: number | undefined;
}

/**
 * Up to this size a picture is decoded where it stands, which takes some microseconds, less than the way to
 * another thread and back. Anything larger is decoded off the main thread, so that no other request waits for it.
 */
const INLINE_MAX_PIXELS = 256 * 256;
const INLINE_MAX_BYTES = 64 * 1024;

function isSmall({ width, height }: ImageHeader, bytes: Uint8Array): boolean {
  return width * height <= INLINE_MAX_PIXELS && bytes.length <= INLINE_MAX_BYTES;
}

/**
 * Decodes an image file; of an animation or a file of many pages the first picture. The size that the header
 * announces is checked before anything is decoded.
 * @throws InkdigitError `not_an_image`, `truncated_image`, `corrupt_image` or `too_many_pixels`
 */
export async function decodeImage(bytes: Uint8Array, options: DecodeOptions = {}): Promise<Raster> {
  const small = decodeSmallPng(bytes, options.maxPixels);
  if (small) return small;
  return decodeAs(bytes, options, function* asItIs(raster) {
    yield;
    return raster;
  });
}

/** One at a time: a decoded photo takes a hundred megabytes, whatever few bytes it came in. */
const largePictures = new SerialQueue();

/**
 * Decodes an image file and makes something of the picture, as it was stored; how to turn it is told beside it. Work on
 * a small one has to be short: it is not paused, and mostly done when this returns. A large one is not held in memory
 * beyond that, and lets others have their turn wherever the work pauses.
 * @param use is given the picture, how to turn it, and the size that it is stored in
 * @returns a promise where the picture is large, or of a kind that takes another thread
 * @throws InkdigitError as `decodeImage`, at once or by the promise; the reason of `options.signal`
 */
export function decodeAs<T>(
  bytes: Uint8Array,
  options: DecodeOptions,
  use: (raster: Raster, orientation: Orientation, stored: Size) => Task<T>,
): T | Promise<T> {
  const { maxPixels = DEFAULT_MAX_PIXELS, largestSide = Infinity } = options;
  const header = readHeader(bytes);
  const { width, height } = header;
  if (width * height > maxPixels) {
    throw new InkdigitError(
      'too_many_pixels',
      `expected a picture of at most ${maxPixels} pixels, got ${width} x ${height} = ${width * height}; ` +
        'make it smaller and send it again',
    );
  }
  const { orientation, picture } = inspectFile(bytes, header);
  const workOn = (raster: Raster): Task<T> => {
    const work = use(raster, orientation, { width, height });
    return header.format === 'bmp' && raster.channels === 4 ? afterShowing(raster, work) : work;
  };
  if (isSmall(header, bytes)) {
    const raster = decodeInline(picture, header);
    if (raster) return runSync(workOn(raster));
    return decodeWithSharp(picture, header, maxPixels).then((slow) => runSync(workOn(slow)));
  }
  // Looked at for large pictures alone: it may be made when it is first asked for.
  const { signal } = options;
  return largePictures.run(async () => {
    const isLong = Math.max(width, height) > largestSide;
    const raster =
      isLong && canReduce(header)
        ? await decodeReduced(picture, header, { maxPixels, largestSide })
        : ((await decodeOffThread(picture, header)) ?? (await decodeWithSharp(picture, header, maxPixels)));
    return runYielding(workOn(raster), signal);
  }, signal);
}
