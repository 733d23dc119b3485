import { createRequire } from 'node:module';
import type * as Decoder from '@napi-rs/image';
import type { Raster } from '../raster.js';
import { requireSize, undecodable } from './decode-faults.js';
import type { ImageFormat, ImageHeader } from './header.js';

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
    const transformer = new (decoder().Transformer)(bytes);
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
    const transformer = new (decoder().Transformer)(bytes);
    raster = rasterOf(transformer, await transformer.rawPixels(), header);
  } catch (cause) {
    return askSharpInstead(header, cause);
  }
  return raster && requireSize(raster, header);
}

/**
 * What the pixels are is asked for only after them: otherwise the decoder would decode them on this thread. It
 * takes a fifth of the time of a small picture. As many bytes as the header of a PNG file has pixels tell it as well:
 * gray, 8 bits.
 */
function rasterOf(
  transformer: Decoder.Transformer,
  data: Buffer,
  { format, width, height }: ImageHeader,
): Raster | undefined {
  if (format === 'png' && data.length === width * height) return { width, height, channels: 1, data };
  const decoded = transformer.metadataSync();
  const channels = channelsOf(decoded.colorType);
  return channels && { width: decoded.width, height: decoded.height, channels, data };
}

/** @returns undefined for more than 8 bits a sample */
function channelsOf(kind: Decoder.JsColorType): Raster['channels'] | undefined {
  const { L8, La8, Rgb8, Rgba8 } = decoder().JsColorType;
  if (kind === L8) return 1;
  if (kind === La8) return 2;
  if (kind === Rgb8) return 3;
  return kind === Rgba8 ? 4 : undefined;
}

/** @throws InkdigitError `corrupt_image` where sharp knows no more of the format */
function askSharpInstead(header: ImageHeader, cause: unknown): undefined {
  if (header.format === 'jpeg') return undefined;
  throw undecodable(header, cause);
}

const load = createRequire(import.meta.url);
let loaded: typeof Decoder | undefined;

/** Loaded on first use: a process that is given frames alone starts sooner without it. */
function decoder(): typeof Decoder {
  return (loaded ??= load('@napi-rs/image'));
}
