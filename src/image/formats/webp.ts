import type { ByteReader } from './byte-reader.js';
import { NOTHING_ELSE, startsWith, type Format, type Size } from './format.js';
import { exifOrientation } from './tiff.js';

/**
 * https://developers.google.com/speed/webp/docs/riff_container: a RIFF file of one lossy, lossless or extended
 * picture.
 */
export const webp: Format = {
  name: 'WebP',
  matches: (bytes) => startsWith(bytes, 'RIFF') && startsWith(bytes, 'WEBP', 8),

  readSize(reader) {
    const size = sizeIn(reader, FIRST_CHUNK);
    if (size === undefined) throw reader.corrupt('its first chunk is none of VP8, VP8L and VP8X');
    return size;
  },

  inspect(reader) {
    const end = 8 + reader.u32(4, true);
    reader.requireLength(end);
    const canvas = webp.readSize(reader);
    let exif: Uint8Array | undefined;
    forEachChunk(reader, FIRST_CHUNK, end, (type, start, chunkEnd) => {
      requireWithin(reader, canvas, start);
      if (type === 'EXIF') exif ??= reader.bytes.subarray(start + CHUNK_HEADER, chunkEnd);
      else if (type === 'ANMF') {
        forEachChunk(reader, start + CHUNK_HEADER + FRAME_HEADER, chunkEnd, (_, inner) =>
          requireWithin(reader, canvas, inner),
        );
      }
    });
    const found = exif;
    return found ? { orientation: () => orientationIn(found, reader.formatName) } : NOTHING_ELSE;
  },
};

/** After the letters RIFF, a length and the letters WEBP. */
const FIRST_CHUNK = 12;
/** A type and a length, in bytes. */
const CHUNK_HEADER = 8;
/** What lies in a frame of an animation before its chunks. */
const FRAME_HEADER = 16;

function forEachChunk(
  reader: ByteReader,
  first: number,
  end: number,
  visit: (type: string, start: number, end: number) => void,
): void {
  for (let start = first; start + CHUNK_HEADER <= end;) {
    reader.countPart('chunks');
    const bytes = reader.u32(start + 4, true);
    const chunkEnd = start + CHUNK_HEADER + bytes;
    visit(reader.fourCharacters(start), start, Math.min(chunkEnd, end));
    // Chunks begin at even bytes.
    start = chunkEnd + (bytes % 2);
  }
}

/** The size that the chunk at `start` tells of its picture or canvas; `undefined` where it tells none. */
function sizeIn(reader: ByteReader, start: number): Size | undefined {
  const content = start + CHUNK_HEADER;
  switch (reader.fourCharacters(start)) {
    case 'VP8 ':
      return {
        width: reader.u16(content + 6, true) & 0x3fff,
        height: reader.u16(content + 8, true) & 0x3fff,
      };
    case 'VP8L': {
      const bits = reader.u32(content + 1, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8X':
      return {
        width: reader.u16(content + 4, true) + (reader.u8(content + 6) << 16) + 1,
        height: reader.u16(content + 7, true) + (reader.u8(content + 9) << 16) + 1,
      };
    default:
      return undefined;
  }
}

/** Only the canvas was checked, and the decoder unpacks a larger picture before it looks. */
function requireWithin(reader: ByteReader, canvas: Size, start: number): void {
  const size = sizeIn(reader, start);
  if (size && (size.width > canvas.width || size.height > canvas.height)) {
    throw reader.corrupt(
      `its header says ${canvas.width} x ${canvas.height} pixels, its content ${size.width} x ${size.height}`,
    );
  }
}

function orientationIn(exif: Uint8Array, formatName: string): number | undefined {
  // Some programs write the marker of JPEG's segment before it.
  return exifOrientation(startsWith(exif, 'Exif\0\0') ? exif.subarray(6) : exif, formatName);
}
