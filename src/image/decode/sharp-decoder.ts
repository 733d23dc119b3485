import type Sharp from 'sharp';
import { MAX_SCANS } from '../formats/jpeg.js';
import type { Raster } from '../raster.js';
import { requireSize, undecodable } from './decode-faults.js';
import type { ImageHeader } from './header.js';

/**
 * The decoder for what the other one does not read, on other threads.
 * @throws InkdigitError `corrupt_image`
 */
export async function decodeSlowly(
  bytes: Uint8Array,
  header: ImageHeader,
  maxPixels: number,
): Promise<Raster> {
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
