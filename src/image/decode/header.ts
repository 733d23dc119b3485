import { InkdigitError } from '../../errors.js';
import { bmp } from '../formats/bmp.js';
import { ByteReader } from '../formats/byte-reader.js';
import type { Format } from '../formats/format.js';
import { gif } from '../formats/gif.js';
import { jpeg } from '../formats/jpeg.js';
import { png } from '../formats/png.js';
import { tiff } from '../formats/tiff.js';
import { webp } from '../formats/webp.js';
import { ORIENTATIONS, type Orientation } from '../exif-orientation.js';
import { describeUnknown } from './unknown-file.js';

/** The file formats that are read. */
export const IMAGE_FORMATS = ['png', 'jpeg', 'gif', 'bmp', 'webp', 'tiff'] as const;
export type ImageFormat = (typeof IMAGE_FORMATS)[number];

const FORMATS: Readonly<Record<ImageFormat, Format>> = { png, jpeg, gif, bmp, webp, tiff };

/** What a file says of its picture before anything is decoded. */
export interface ImageHeader {
  readonly format: ImageFormat;
  /** As a message names it: "PNG". */
  readonly formatName: string;
  readonly width: number;
  readonly height: number;
}

/** Whether a file begins as one of those that are read does. */
export function isImageFile(bytes: Uint8Array): boolean {
  return IMAGE_FORMATS.some((format) => FORMATS[format].matches(bytes));
}

/**
 * Reads a picture's format and size from the first bytes that tell them; nothing is decoded.
 * @throws InkdigitError `not_an_image`, `truncated_image` or `corrupt_image`
 */
export function readHeader(bytes: Uint8Array): ImageHeader {
  const format = IMAGE_FORMATS.find((candidate) => FORMATS[candidate].matches(bytes));
  if (format === undefined) {
    throw new InkdigitError(
      'not_an_image',
      `expected a PNG, JPEG, GIF, BMP, WebP or TIFF file, got ${describeUnknown(bytes)}`,
    );
  }
  const formatName = FORMATS[format].name;
  const reader = new ByteReader(bytes, formatName);
  const { width, height } = FORMATS[format].readSize(reader);
  if (width < 1 || height < 1) throw reader.corrupt(`its header says ${width} x ${height} pixels`);
  return { format, formatName, width, height };
}

/** What is to be known of a file beside its header. */
export interface FileInspection {
  /**
   * How the picture was stored, so that it can be turned as it is to be seen: decoders give it as it was stored.
   * Damaged or unknown, it counts as upright: the picture can still be read.
   */
  readonly orientation: Orientation;
  /** The file without what a decoder would unpack beside the picture. */
  readonly picture: Uint8Array;
}

/**
 * Checks that a file goes on to the end of its picture, and finds out what else is to be known.
 * @throws InkdigitError `truncated_image`, or `corrupt_image` when its structure contradicts itself
 */
export function inspectFile(bytes: Uint8Array, { format, formatName }: ImageHeader): FileInspection {
  const { orientation, picture = bytes } = FORMATS[format].inspect(new ByteReader(bytes, formatName));
  return { orientation: orientation ? orientationOrUpright(orientation) : 1, picture };
}

function orientationOrUpright(orientation: () => number | undefined): Orientation {
  try {
    const value = orientation();
    return ORIENTATIONS.find((known) => known === value) ?? 1;
  } catch (thrown) {
    if (thrown instanceof InkdigitError) return 1;
    throw thrown;
  }
}
