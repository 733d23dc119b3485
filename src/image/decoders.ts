import { JsColorType, Transformer } from '@napi-rs/image';
import type SharpModule from 'sharp';
import type { Metadata, Sharp } from 'sharp';
import { InkdigitError } from '../errors.js';
import { corruptImage } from './formats/byte-reader.js';
import type { Size } from './formats/format.js';
import { MAX_SCANS } from './formats/jpeg.js';
import type { ImageFormat, ImageHeader } from './header.js';
import type { Raster } from './raster.js';

/** @throws InkdigitError `corrupt_image` */
function requireSize<T extends Size>(raster: T, { formatName, width, height }: ImageHeader): T {
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
export function decodeInline(bytes: Uint8Array, header: ImageHeader): Raster | undefined {
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
export async function decodeOffThread(bytes: Uint8Array, header: ImageHeader): Promise<Raster | undefined> {
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

/** @throws InkdigitError `corrupt_image` */
export async function decodeWithSharp(
  bytes: Uint8Array,
  header: ImageHeader,
  maxPixels: number,
): Promise<Raster> {
  return requireSize(await withSharp(bytes, header, maxPixels, (image) => image), header);
}

/** Whether `decodeReduced` knows the format. */
export function canReduce({ format }: ImageHeader): boolean {
  return format !== 'bmp';
}

/**
 * Decodes a picture to one of `largestSide` pixels on its longer side, row by row: it is never held as a whole, and of
 * a JPEG an eighth, a quarter or half of each direction is all that is decoded.
 * @throws InkdigitError `corrupt_image`
 */
export async function decodeReduced(
  bytes: Uint8Array,
  header: ImageHeader,
  { maxPixels, largestSide }: { readonly maxPixels: number; readonly largestSide: number },
): Promise<Raster> {
  return withSharp(bytes, header, maxPixels, (image, { width, height }) => {
    requireSize({ width, height }, header);
    return image.resize({ width: largestSide, height: largestSide, fit: 'inside', kernel: 'linear' });
  });
}

/** @throws InkdigitError `corrupt_image` */
async function withSharp(
  bytes: Uint8Array,
  header: ImageHeader,
  maxPixels: number,
  decode: (image: Sharp, metadata: Metadata) => Sharp,
): Promise<Raster> {
  // Not within what is blamed on the file: a decoder that cannot be loaded is a fault of the installation.
  const sharp = await loadSharp();
  try {
    // Of tiles and lines of a TIFF that are damaged libtiff only warns.
    const failOn = header.format === 'tiff' ? 'warning' : 'truncated';
    const image = sharp(bytes, { limitInputPixels: maxPixels, failOn });
    const metadata = await image.metadata();
    const { space, hasAlpha } = metadata;
    // Of gray as it is written here the alpha would be lost.
    const isGray = (space === 'b-w' || space === 'grey16') && !hasAlpha;
    const { data, info } = await decode(image, metadata)
      .toColourspace(isGray ? 'b-w' : 'srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, channels: info.channels, data };
  } catch (cause) {
    throw cause instanceof InkdigitError ? cause : undecodable(header, cause);
  }
}

let sharpLoading: Promise<typeof SharpModule> | undefined;

/** Loaded on first use: few files need it, and to load it takes time at the start. */
function loadSharp(): Promise<typeof SharpModule> {
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
