import { ByteReader } from './byte-reader.js';
import { NOTHING_ELSE, startsWith, type Format } from './format.js';
import { exifOrientation } from './tiff.js';

/** https://www.w3.org/TR/png-3/: a signature, then chunks of length, type, data and checksum, from IHDR to IEND. */
export const png: Format = {
  name: 'PNG',
  matches: (bytes) => startsWith(bytes, '\x89PNG\r\n\x1a\n'),

  readSize(reader) {
    if (reader.fourCharacters(12) !== 'IHDR') throw reader.corrupt('its first chunk is not IHDR');
    return { width: reader.u32(16, false), height: reader.u32(20, false) };
  },

  inspect(reader) {
    const { bytes } = reader;
    let exif: Uint8Array | undefined;
    let hasExtras = false;
    forEachChunk(reader, (type, start, end) => {
      reader.requireLength(end);
      const dataBytes = end - start - CHUNK_OVERHEAD;
      // The decoder does not check it, and a colour that is cut ends the whole process.
      if (type === PLTE && dataBytes % 3 !== 0) {
        throw reader.corrupt(`its palette has ${dataBytes} bytes, which is no multiple of three`);
      }
      if (type === EXIF) exif ??= bytes.subarray(start + 8, end - 4);
      else if (isCompressedExtra(type)) hasExtras = true;
    });
    const found = exif;
    if (found === undefined && !hasExtras) return NOTHING_ELSE;
    return {
      orientation: found && (() => exifOrientation(found, this.name)),
      ...(hasExtras ? { picture: withoutExtras(reader) } : {}),
    };
  },
};

const PLTE = typeOf('PLTE');
const EXIF = typeOf('eXIf');
const IEND = typeOf('IEND');
const ICCP = typeOf('iCCP');
const ZTXT = typeOf('zTXt');
const ITXT = typeOf('iTXt');

function isCompressedExtra(type: number): boolean {
  return type === ICCP || type === ZTXT || type === ITXT;
}

/** The four characters of a chunk's type as the number that they are in the file. */
function typeOf(characters: string): number {
  return Buffer.from(characters, 'latin1').readUInt32BE();
}

/** Length, type and checksum, in bytes. */
const CHUNK_OVERHEAD = 12;

function forEachChunk(reader: ByteReader, visit: (type: number, start: number, end: number) => void): void {
  let type = 0;
  for (let start = 8; type !== IEND;) {
    reader.countPart('chunks');
    type = reader.u32(start + 4, false);
    const end = start + CHUNK_OVERHEAD + reader.u32(start, false);
    visit(type, start, end);
    start = end;
  }
}

/** A few kilobytes of a colour profile or a comment can unpack to hundreds of megabytes. */
function withoutExtras({ bytes, formatName }: ByteReader): Uint8Array {
  const kept = [bytes.subarray(0, 8)];
  forEachChunk(new ByteReader(bytes, formatName), (type, start, end) => {
    if (!isCompressedExtra(type)) kept.push(bytes.subarray(start, end));
  });
  return Buffer.concat(kept);
}
