import type { ByteReader } from './byte-reader.js';
import { NOTHING_ELSE, startsWith, type Format, type Size } from './format.js';

const OS2_HEADER_BYTES = 12;
/** OS/2 1 and 2, Windows 3, its two extensions, versions 4 and 5. */
const HEADER_BYTES = [OS2_HEADER_BYTES, 16, 64, 40, 52, 56, 108, 124];
const RUN_LENGTH_CODED = new Set([1, 2]);

/** https://learn.microsoft.com/windows/win32/gdi/bitmap-storage */
export const bmp: Format = {
  name: 'BMP',
  // Two letters begin many a text, so the size of the second header must be a known one as well.
  matches: (bytes) =>
    startsWith(bytes, 'BM') &&
    bytes.length >= 18 &&
    HEADER_BYTES.some((size) => bytes[14] === size && bytes[15] === 0 && bytes[16] === 0 && bytes[17] === 0),

  readSize(reader) {
    if (isOs2(reader)) return { width: reader.u16(18, true), height: reader.u16(20, true) };
    // A negative height says that the rows come from the top.
    return { width: reader.i32(18, true), height: Math.abs(reader.i32(22, true)) };
  },

  inspect(reader) {
    reader.requireLength(reader.u32(10, true) + pixelBytes(reader, bmp.readSize(reader)));
    return NOTHING_ELSE;
  },
};

function isOs2(reader: ByteReader): boolean {
  return reader.u32(14, true) === OS2_HEADER_BYTES;
}

/** The bytes that the pixels take: rows of whole 32-bit words, or what the header says of a run-length coding. */
function pixelBytes(reader: ByteReader, { width, height }: Size): number {
  if (!isOs2(reader) && RUN_LENGTH_CODED.has(reader.u32(30, true))) return reader.u32(34, true);
  const bitsPerPixel = reader.u16(isOs2(reader) ? 24 : 28, true);
  return Math.ceil((width * bitsPerPixel) / 32) * 4 * height;
}
