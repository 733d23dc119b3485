import { MAX_PARTS, type ByteReader } from './byte-reader.js';
import { NOTHING_ELSE, startsWith, type Format } from './format.js';

const IMAGE = 0x2c;
const EXTENSION = 0x21;
const TRAILER = 0x3b;

/** https://www.w3.org/Graphics/GIF/spec-gif89a.txt: a screen, then images and extensions in sub-blocks, a trailer. */
export const gif: Format = {
  name: 'GIF',
  matches: (bytes) => startsWith(bytes, 'GIF87a') || startsWith(bytes, 'GIF89a'),

  readSize: (reader) => ({ width: reader.u16(6, true), height: reader.u16(8, true) }),

  inspect(reader) {
    let offset = 13 + colourTableBytes(reader.u8(10));
    for (;;) {
      const block = reader.u8(offset);
      if (block === TRAILER) return NOTHING_ELSE;
      if (block === EXTENSION) {
        offset = skipSubBlocks(reader, offset + 2);
      } else if (block === IMAGE) {
        const codeSize = offset + 10 + colourTableBytes(reader.u8(offset + 9));
        offset = skipSubBlocks(reader, codeSize + 1);
      } else {
        throw reader.corrupt(`byte ${offset} begins neither an image nor an extension`);
      }
    }
  },
};

function colourTableBytes(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 0x07) + 1) : 0;
}

/** Sub-blocks hold up to 255 bytes each, and programs fill them: a file of the usual ones has half as many. */
const BYTES_PER_SUB_BLOCK = 128;

/** @returns where the sub-blocks that begin at `offset` end, after the empty one that closes them. */
function skipSubBlocks(reader: ByteReader, offset: number): number {
  const maxSubBlocks = MAX_PARTS + Math.floor(reader.bytes.length / BYTES_PER_SUB_BLOCK);
  for (;;) {
    reader.countPart('sub-blocks', maxSubBlocks);
    const length = reader.u8(offset);
    offset += 1 + length;
    if (length === 0) return offset;
  }
}
