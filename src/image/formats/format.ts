import type { ByteReader } from './byte-reader.js';

/** Pixels across and down. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * The structure of one file format, enough of it to learn the picture's size and whether the file is whole.
 * No function loops more often than the file has bytes.
 */
export interface Format {
  /** As a message names it: "PNG". */
  readonly name: string;
  /** Whether a file begins as this format does; the bytes may be of any length. */
  matches(bytes: Uint8Array): boolean;
  /** @throws InkdigitError `truncated_image` or `corrupt_image` */
  readSize(reader: ByteReader): Size;
  /**
   * Walks to the end of the picture, once: decoders accept files that lack their last bytes, and give gray rows for
   * them.
   * @throws InkdigitError `truncated_image` or `corrupt_image`
   */
  inspect(reader: ByteReader): Inspection;
}

/** What else a walk through a file finds out. */
export interface Inspection {
  /**
   * The value of the Exif tag Orientation, whatever it is; `undefined` where the file has none. A function, as damage
   * here must not refuse a file whose picture is whole: the caller decides.
   * @throws InkdigitError where what should tell it is damaged
   */
  readonly orientation?: (() => number | undefined) | undefined;
  /** The file without what a decoder would unpack beside the picture, where it has such. */
  readonly picture?: Uint8Array;
}

/** Of a file that is whole and has nothing else to tell. */
export const NOTHING_ELSE: Inspection = {};

/** Whether the bytes at `offset` are these characters (Latin-1). */
export function startsWith(bytes: Uint8Array, characters: string, offset = 0): boolean {
  for (let i = 0; i < characters.length; i++) {
    if (bytes[offset + i] !== characters.charCodeAt(i)) return false;
  }
  return true;
}
