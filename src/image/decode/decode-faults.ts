import type { InkdigitError } from '../../errors.js';
import { corruptImage } from '../formats/byte-reader.js';
import type { Size } from '../formats/format.js';
import type { ImageHeader } from './header.js';

/**
 * What a decoder gave, where it is as large as the header says.
 * @throws InkdigitError `corrupt_image`
 */
export function requireSize<T extends Size>(raster: T, { formatName, width, height }: ImageHeader): T {
  if (raster.width === width && raster.height === height) return raster;
  throw corruptImage(
    formatName,
    `its header says ${width} x ${height} pixels, its content ${raster.width} x ${raster.height}`,
  );
}

/** What is to be thrown where a decoder makes nothing of a file. */
export function undecodable({ formatName }: ImageHeader, cause: unknown): InkdigitError {
  return corruptImage(formatName, 'its content cannot be decoded', cause);
}
