import type { ByteReader } from './byte-reader.js';
import { startsWith, type Format } from './format.js';
import { exifOrientation } from './tiff.js';

/** https://www.w3.org/TR/png-3/: a signature, then chunks of length, type, data and checksum, from IHDR to IEND. */
export const png: Format = {
  name: 'PNG',
  matches: (bytes) => startsWith(bytes, '\x89PNG\r\n\x1a\n'),

  readSize(reader) {
    if (reader.fourCharacters(12) !== 'IHDR') throw reader.corrupt('its first chunk is not IHDR');
    return { width: reader.u32(16, false), height: reader.u32(20, false) };
  },

  requireWhole(reader) {
    for (const { type, start, end } of chunksOf(reader)) {
      reader.requireLength(end);
      const dataBytes = end - start - 12;
      // The decoder does not check it, and a colour that is cut ends the whole process.
      if (type === 'PLTE' && dataBytes % 3 !== 0) {
        throw reader.corrupt(`its palette has ${dataBytes} bytes, which is no multiple of three`);
      }
    }
  },

  orientation(reader) {
    for (const { type, start, end } of chunksOf(reader)) {
      if (type === 'eXIf') return exifOrientation(reader.bytes.subarray(start + 8, end - 4), this.name);
    }
    return undefined;
  },

  /** A few kilobytes of a colour profile or a comment can unpack to hundreds of megabytes. */
  pictureOnly(reader) {
    const { bytes } = reader;
    const chunks = [...chunksOf(reader)];
    if (!chunks.some(({ type }) => COMPRESSED_EXTRAS.has(type))) return bytes;
    const kept = chunks.filter(({ type }) => !COMPRESSED_EXTRAS.has(type));
    return Buffer.concat([bytes.subarray(0, 8), ...kept.map(({ start, end }) => bytes.subarray(start, end))]);
  },
};

const COMPRESSED_EXTRAS: ReadonlySet<string> = new Set(['iCCP', 'zTXt', 'iTXt']);

function* chunksOf(reader: ByteReader): Generator<{ type: string; start: number; end: number }> {
  let type = '';
  for (let start = 8; type !== 'IEND';) {
    reader.countPart('chunks');
    type = reader.fourCharacters(start + 4);
    const end = start + 12 + reader.u32(start, false);
    yield { type, start, end };
    start = end;
  }
}
