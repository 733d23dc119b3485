import type SharpModule from 'sharp';
import type { Metadata, Sharp } from 'sharp';
import { InkdigitError } from '../../errors.js';
import { MAX_SCANS } from '../formats/jpeg.js';
import type { Raster } from '../raster.js';
import { requireSize, undecodable } from './decode-faults.js';
import type { ImageHeader } from './header.js';

/**
 * The decoder for what the other one does not read, on other threads.
 * @throws InkdigitError `corrupt_image`
 */
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
