import { startsWith, type Format } from './format.js';

/** https://www.w3.org/TR/png-3/: a signature, then chunks of length, type, data and checksum, from IHDR to IEND. */
export const png: Format = {
  name: 'PNG',
  matches: (bytes) => startsWith(bytes, '\x89PNG\r\n\x1a\n'),

  readSize(reader) {
    if (reader.fourCharacters(12) !== 'IHDR') throw reader.corrupt('its first chunk is not IHDR');
    return { width: reader.u32(16, false), height: reader.u32(20, false) };
  },

  requireWhole(reader) {
    let type = '';
    for (let chunk = 8; type !== 'IEND';) {
      type = reader.fourCharacters(chunk + 4);
      chunk += 12 + reader.u32(chunk, false);
      reader.requireLength(chunk);
    }
  },
};
