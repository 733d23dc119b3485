import { crc32 } from 'node:zlib';
import type { Raster } from '../raster.js';
import { inflate } from './inflate.js';
import { DEFAULT_MAX_PIXELS } from './pixel-limit.js';

/** Of longer files or sides nothing is known here: what is decoded where it stands has to be short. */
const LARGEST_SIDE = 64;
const LARGEST_FILE_BYTES = 8192;

/** The file's signature and the head of the chunk that comes first: 13 bytes, IHDR. */
const BEGINNING = Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR', 'latin1');
/** The chunk that comes last, whole. */
const ENDING = Buffer.from('\0\0\0\0IEND\xae\x42\x60\x82', 'latin1');

/** The first chunk's end: the beginning, its data, its checksum. */
const HEADER_END = BEGINNING.length + 13 + 4;

/** Length and type, and checksum, in bytes. */
const CHUNK_HEAD_BYTES = 8;
const CRC_BYTES = 4;

/** What programs write beside the picture, with its size: resolution, and how its colours are meant. */
const ASIDES = [
  { type: 0x70485973, bytes: 9 }, // pHYs
  { type: 0x67414d41, bytes: 4 }, // gAMA
  { type: 0x73524742, bytes: 1 }, // sRGB
  { type: 0x6348524d, bytes: 32 }, // cHRM
] as const;

const PLTE = 0x504c5445;
const IDAT = 0x49444154;

const GRAY = 0;
const INDEXED = 3;

/** The filtered rows of one picture: one is decoded at a time. */
const rows = new Uint8Array((LARGEST_SIDE + 1) * LARGEST_SIDE);

/**
 * Decodes the kind of PNG file that frames mostly come in (https://www.w3.org/TR/png-3/): up to 64 x 64 pixels, 8 bits
 * of gray or a palette, not interlaced, all data in one chunk, and nothing in the file that changes a pixel. In a
 * fraction of the time that a call of the decoder for all kinds takes.
 * @param maxPixels that the picture may have
 * @returns undefined for every other file, damaged ones included: what is wrong with those, others say
 */
export function decodeSmallPng(bytes: Uint8Array, maxPixels = DEFAULT_MAX_PIXELS): Raster | undefined {
  if (bytes.length > LARGEST_FILE_BYTES || bytes.length < HEADER_END || !hasAt(bytes, 0, BEGINNING))
    return undefined;
  const width = u32(bytes, 16);
  const height = u32(bytes, 20);
  if (width < 1 || height < 1 || width > LARGEST_SIDE || height > LARGEST_SIDE) return undefined;
  if (width * height > maxPixels) return undefined;
  const kind = bytes[25];
  // 8 bits, and the only methods of compression and filtering that there are, without interlacing.
  const isPlain = bytes[24] === 8 && bytes[26] === 0 && bytes[27] === 0 && bytes[28] === 0;
  if (!isPlain || (kind !== GRAY && kind !== INDEXED) || !isWholeChunk(bytes, 8, HEADER_END))
    return undefined;
  let start = HEADER_END;
  let palette: Uint8Array | undefined;
  let seen = 0;
  for (let type = typeAt(bytes, start); type !== IDAT; type = typeAt(bytes, start)) {
    const end = endOfChunk(bytes, start);
    if (end < 0 || !isWholeChunk(bytes, start, end)) return undefined;
    const contentBytes = end - start - CHUNK_HEAD_BYTES - CRC_BYTES;
    const aside = ASIDES.findIndex((known) => known.type === type && known.bytes === contentBytes);
    if (aside >= 0 && (seen & (1 << aside)) === 0) seen |= 1 << aside;
    else if (type === PLTE && kind === INDEXED && !palette && isPaletteSize(contentBytes)) {
      palette = bytes.subarray(start + CHUNK_HEAD_BYTES, end - CRC_BYTES);
    } else return undefined;
    start = end;
  }
  if (kind === INDEXED && !palette) return undefined;
  const end = endOfChunk(bytes, start);
  if (end < 0 || !hasAt(bytes, end, ENDING) || !isWholeChunk(bytes, start, end)) return undefined;
  if (!inflate(bytes, start + CHUNK_HEAD_BYTES, end - CRC_BYTES, rows, (width + 1) * height))
    return undefined;
  const data = Buffer.allocUnsafe(width * height);
  if (!unfilter(width, height, data)) return undefined;
  return palette ? colour(width, height, data, palette) : { width, height, channels: 1, data };
}

function hasAt(bytes: Uint8Array, at: number, expected: Uint8Array): boolean {
  if (at + expected.length > bytes.length) return false;
  for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected[i]) return false;
  return true;
}

function u32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

/** @returns 0 where the file has ended */
function typeAt(bytes: Uint8Array, start: number): number {
  return start + CHUNK_HEAD_BYTES <= bytes.length ? u32(bytes, start + 4) : 0;
}

/** @returns where a chunk ends; -1 where it is longer than the file */
function endOfChunk(bytes: Uint8Array, start: number): number {
  if (start + CHUNK_HEAD_BYTES > bytes.length) return -1;
  const end = start + CHUNK_HEAD_BYTES + u32(bytes, start) + CRC_BYTES;
  return end <= bytes.length ? end : -1;
}

/** Colours of three bytes, 256 at most. */
function isPaletteSize(bytes: number): boolean {
  return bytes >= 3 && bytes <= 768 && bytes % 3 === 0;
}

/** Whether a chunk's checksum is right. */
function isWholeChunk(bytes: Uint8Array, start: number, end: number): boolean {
  return crc32(bytes.subarray(start + 4, end - CRC_BYTES)) === u32(bytes, end - CRC_BYTES);
}

/** PNG specification, 9.2: turns `rows` into samples of one byte. @returns whether all filters are known */
function unfilter(width: number, height: number, data: Uint8Array): boolean {
  for (let y = 0, to = 0; y < height; y++, to += width) {
    // A row of `rows` has its filter before it.
    const shift = y + 1;
    const end = to + width;
    switch (rows[to + y]!) {
      case 0:
        for (let i = to; i < end; i++) data[i] = rows[i + shift]!;
        break;
      case 1:
        for (let i = to, left = 0; i < end; i++) data[i] = left = (rows[i + shift]! + left) & 255;
        break;
      case 2:
        for (let i = to; i < end; i++) data[i] = rows[i + shift]! + (y > 0 ? data[i - width]! : 0);
        break;
      case 3:
        for (let i = to, left = 0; i < end; i++) {
          const up = y > 0 ? data[i - width]! : 0;
          data[i] = left = (rows[i + shift]! + ((left + up) >> 1)) & 255;
        }
        break;
      case 4:
        for (let i = to, left = 0, corner = 0; i < end; i++) {
          const up = y > 0 ? data[i - width]! : 0;
          data[i] = left = (rows[i + shift]! + paeth(left, up, corner)) & 255;
          corner = up;
        }
        break;
      default:
        return false;
    }
  }
  return true;
}

/** PNG specification, 9.4: of the three neighbours the nearest to where they seem to lead. */
function paeth(left: number, up: number, corner: number): number {
  const toLeft = Math.abs(up - corner);
  const toUp = Math.abs(left - corner);
  const toCorner = Math.abs(left + up - 2 * corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

/** @returns undefined where a pixel has a colour that the palette has not */
function colour(width: number, height: number, indices: Uint8Array, palette: Uint8Array): Raster | undefined {
  const data = Buffer.allocUnsafe(3 * indices.length);
  for (let i = 0, to = 0; i < indices.length; i++, to += 3) {
    const from = 3 * indices[i]!;
    if (from >= palette.length) return undefined;
    data[to] = palette[from]!;
    data[to + 1] = palette[from + 1]!;
    data[to + 2] = palette[from + 2]!;
  }
  return { width, height, channels: 3, data };
}
