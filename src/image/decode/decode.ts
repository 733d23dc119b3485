import { JsColorType, Transformer } from '@napi-rs/image';
import type Sharp from 'sharp';
import { InkdigitError } from '../../errors.js';
import { corruptImage } from '../formats/byte-reader.js';
import { MAX_SCANS } from '../formats/jpeg.js';
import { readHeader, surveyFile, type ImageFormat, type ImageHeader } from './header.js';
import { DEFAULT_MAX_PIXELS } from './pixel-limit.js';
import type { Orientation } from '../turn.js';
import type { Raster } from '../raster.js';
import { SerialQueue } from './serial-queue.js';
import { finish, finishInTurns, type Work } from '../work.js';

export interface DecodeOptions {
  /** Pixels, width x height, that a picture may announce. Default `DEFAULT_MAX_PIXELS`. */
  readonly maxPixels?: number;
  /**
   * Aborted once nobody waits for the picture any more. A large one that has not begun then never is decoded; what the decoder
   * has begun cannot be stopped, but nothing more is made of it.
   */
  readonly signal?: AbortSignal;
}

/**
 * Up to this size a picture is decoded where it stands, which takes some microseconds, less than the way to
 * another thread and back. Anything larger is decoded off the main thread, so that it holds up nobody else.
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
 * @returns a promise where the picture is large, or of a kind that takes another thread
 * @throws InkdigitError as `decodeImage`, at once or by the promise; the reason of `options.signal`
 */
export function decodeAs<T>(
  bytes: Uint8Array,
  options: DecodeOptions,
  use: (raster: Raster, orientation: Orientation) => Work<T>,
): T | Promise<T> {
  const { maxPixels = DEFAULT_MAX_PIXELS } = options;
  const header = readHeader(bytes);
  const { width, height } = header;
  if (width * height > maxPixels) {
    throw new InkdigitError(
      'too_many_pixels',
      `expected a picture of at most ${maxPixels} pixels, got ${width} x ${height} = ${width * height}; ` +
        'make it smaller and send it again',
    );
  }
  const { orientation, picture } = surveyFile(bytes, header);
  const workOn = (raster: Raster): Work<T> => {
    const work = use(raster, orientation);
    return header.format === 'bmp' && raster.channels === 4 ? afterShowing(raster, work) : work;
  };
  if (isSmall(header, bytes)) {
    const raster = decodeInline(picture, header);
    if (raster) return finish(workOn(raster));
    return decodeSlowly(picture, header, maxPixels).then((slow) => finish(workOn(slow)));
  }
  // Looked at for large pictures alone: it may be made when it is first asked for.
  const { signal } = options;
  return largePictures.run(async () => {
    const raster =
      (await decodeElsewhere(picture, header)) ?? (await decodeSlowly(picture, header, maxPixels));
    return finishInTurns(workOn(raster), signal);
  }, signal);
}

/** Pixels between two pauses: about a millisecond of work. */
const PIXELS_A_TURN = 250_000;

/**
 * Programs that know nothing of alpha leave it 0 in every pixel of a BMP: the picture is opaque then, as browsers show it.
 * `work` on it begins after that.
 */
function* afterShowing<T>({ data }: Raster, work: Work<T>): Work<T> {
  if (yield* isUnseen(data)) {
    for (let alpha = 3; alpha < data.length; alpha += 4) {
      data[alpha] = 255;
      if (alpha % (4 * PIXELS_A_TURN) === 3) yield;
    }
  }
  return yield* work;
}

function* isUnseen(rgba: Uint8Array): Work<boolean> {
  for (let alpha = 3; alpha < rgba.length; alpha += 4) {
    if (rgba[alpha] !== 0) return false;
    if (alpha % (4 * PIXELS_A_TURN) === 3) yield;
  }
  return true;
}

/** @throws InkdigitError `corrupt_image` */
function requireSize(raster: Raster, { formatName, width, height }: ImageHeader): Raster {
  if (raster.width === width && raster.height === height) return raster;
  throw corruptImage(
    formatName,
    `its header says ${width} x ${height} pixels, its content ${raster.width} x ${raster.height}`,
  );
}

function undecodable({ formatName }: ImageHeader, cause: unknown): InkdigitError {
  return corruptImage(formatName, 'its content cannot be decoded', cause);
}

const CHANNELS: ReadonlyMap<JsColorType, Raster['channels']> = new Map([
  [JsColorType.L8, 1],
  [JsColorType.La8, 2],
  [JsColorType.Rgb8, 3],
  [JsColorType.Rgba8, 4],
] as const);

/** Of GIF the other decoder knows little; damage to a TIFF it often passes over. */
const SHARP_ALONE: ReadonlySet<ImageFormat> = new Set<ImageFormat>(['gif', 'tiff']);

/**
 * The decoder for nearly everything, a hundred times faster than sharp on a small file, on this thread.
 * @returns undefined where sharp is to be asked: GIF, TIFF, more than 8 bits a sample, or kinds of JPEG not known here.
 */
function decodeInline(bytes: Uint8Array, header: ImageHeader): Raster | undefined {
  if (SHARP_ALONE.has(header.format)) return undefined;
  let raster: Raster | undefined;
  try {
    const transformer = new Transformer(bytes);
    raster = rasterOf(transformer, transformer.rawPixelsSync(), header);
  } catch (cause) {
    return askSharpInstead(header, cause);
  }
  return raster && requireSize(raster, header);
}

/** The same decoder, on another thread. */
async function decodeElsewhere(bytes: Uint8Array, header: ImageHeader): Promise<Raster | undefined> {
  if (SHARP_ALONE.has(header.format)) return undefined;
  let raster: Raster | undefined;
  try {
    const transformer = new Transformer(bytes);
    raster = rasterOf(transformer, await transformer.rawPixels(), header);
  } catch (cause) {
    return askSharpInstead(header, cause);
  }
  return raster && requireSize(raster, header);
}

/**
 * What the pixels are is asked for only after them: asked first, the decoder would decode them on this thread. It takes a fifth of the time of
 * a small picture. As many bytes as the header of a PNG file has pixels tell it as well: gray, 8 bits.
 */
function rasterOf(
  transformer: Transformer,
  data: Buffer,
  { format, width, height }: ImageHeader,
): Raster | undefined {
  if (format === 'png' && data.length === width * height) return { width, height, channels: 1, data };
  const decoded = transformer.metadataSync();
  const channels = CHANNELS.get(decoded.colorType);
  return channels && { width: decoded.width, height: decoded.height, channels, data };
}

/** @throws InkdigitError `corrupt_image` where sharp knows no more of the format */
function askSharpInstead(header: ImageHeader, cause: unknown): undefined {
  if (header.format === 'jpeg') return undefined;
  throw undecodable(header, cause);
}

async function decodeSlowly(bytes: Uint8Array, header: ImageHeader, maxPixels: number): Promise<Raster> {
  // Not within what is blamed on the file: a decoder that cannot be loaded is a fault of the installation.
  const sharp = await loadSharp();
  const raster = await decodeWithSharp(sharp, bytes, header, maxPixels).catch((cause: unknown) => {
    throw undecodable(header, cause);
  });
  return requireSize(raster, header);
}

async function decodeWithSharp(
  sharp: typeof Sharp,
  bytes: Uint8Array,
  { format }: ImageHeader,
  maxPixels: number,
): Promise<Raster> {
  // Of tiles and lines of a TIFF that are damaged libtiff only warns.
  const image = sharp(bytes, {
    limitInputPixels: maxPixels,
    failOn: format === 'tiff' ? 'warning' : 'truncated',
  });
  const { space, hasAlpha } = await image.metadata();
  // Of gray as it is written here the alpha would be lost.
  const gray = (space === 'b-w' || space === 'grey16') && !hasAlpha;
  const { data, info } = await image
    .toColourspace(gray ? 'b-w' : 'srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: info.channels, data };
}

let sharpLoading: Promise<typeof Sharp> | undefined;

/** Loaded on first use: few files need it, and to load it takes time at the start. */
function loadSharp(): Promise<typeof Sharp> {
  sharpLoading ??= import('sharp').then(
    ({ default: sharp }) => {
      sharp.cache(false);
      // One thread a picture: the cores belong to the processes of the service.
      sharp.concurrency(1);
      // libtiff's own limit on the JPEG pictures within a TIFF.
      process.env['LIBTIFF_JPEG_MAX_ALLOWED_SCAN_NUMBER'] ??= String(MAX_SCANS);
      return sharp;
    },
    (thrown: unknown) => {
      sharpLoading = undefined;
      throw thrown;
    },
  );
  return sharpLoading;
}
