import type { ByteReader } from './byte-reader.js';
import { startsWith, type Format } from './format.js';
import { exifOrientation } from './tiff.js';

/** https://developers.google.com/speed/webp/docs/riff_container: a RIFF file of one lossy, lossless or extended picture. */
export const webp: Format = {
  name: 'WebP',
  matches: (bytes) => startsWith(bytes, 'RIFF') && startsWith(bytes, 'WEBP', 8),

  readSize(reader) {
    const chunk = reader.fourCharacters(12);
    switch (chunk) {
      case 'VP8 ':
        return { width: reader.u16(26, true) & 0x3fff, height: reader.u16(28, true) & 0x3fff };
      case 'VP8L': {
        const bits = reader.u32(21, true);
        return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
      }
      case 'VP8X':
        return {
          width: reader.u16(24, true) + (reader.u8(26) << 16) + 1,
          height: reader.u16(27, true) + (reader.u8(29) << 16) + 1,
        };
      default:
        throw reader.corrupt('its first chunk is none of VP8, VP8L and VP8X');
    }
  },

  survey(reader) {
    reader.requireLength(endOf(reader));
    return { orientation: () => orientationOf(reader) };
  },
};

function endOf(reader: ByteReader): number {
  return 8 + reader.u32(4, true);
}

function orientationOf(reader: ByteReader): number | undefined {
  const end = endOf(reader);
  for (let start = 12; start + 8 <= end;) {
    reader.countPart('chunks');
    const content = start + 8;
    const bytes = reader.u32(start + 4, true);
    if (reader.fourCharacters(start) === 'EXIF') {
      // Some programs write the marker of JPEG's segment before it.
      const skipped = startsWith(reader.bytes, 'Exif\0\0', content) ? 6 : 0;
      return exifOrientation(reader.bytes.subarray(content + skipped, content + bytes), reader.formatName);
    }
    // Chunks begin at even bytes.
    start = content + bytes + (bytes % 2);
  }
  return undefined;
}
