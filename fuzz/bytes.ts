import { pick, wholeBetween, type Random } from '../src/random.js';
import { pngChunk } from '../test/image/raw-files.js';

/** Numbers that parsers trip over. */
const NUMBERS = [
  0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x10000, 60_000, 0x7fffffff, 0x80000000, 0xffffffff,
] as const;

export function someBytes(random: Random, count: number): Buffer {
  return Buffer.from(Array.from({ length: count }, () => Math.floor(256 * random())));
}

/** One small change: bits, numbers, pieces taken out, put in, doubled or moved. */
function changeOnce(bytes: Buffer, random: Random): Buffer {
  const at = wholeBetween(random, 0, Math.max(0, bytes.length - 1));
  const count = wholeBetween(random, 0, Math.min(64, bytes.length - at));
  const [before, piece, after] = [
    bytes.subarray(0, at),
    bytes.subarray(at, at + count),
    bytes.subarray(at + count),
  ];
  switch (wholeBetween(random, 0, 6)) {
    case 0:
      return Buffer.concat([before, someBytes(random, count), after]);
    case 1:
      return Buffer.concat([before, after]);
    case 2:
      return Buffer.concat([before, piece, someBytes(random, wholeBetween(random, 1, 16)), after]);
    case 3:
      return Buffer.concat([before, piece, piece, after]);
    case 4:
      return before;
    case 5:
      return withNumber(bytes, at, pick(random, NUMBERS), random);
    default: {
      const changed = Buffer.from(bytes);
      if (at < changed.length) changed[at]! ^= 1 << wholeBetween(random, 0, 7);
      return changed;
    }
  }
}

function withNumber(bytes: Buffer, at: number, value: number, random: Random): Buffer {
  const changed = Buffer.from(bytes);
  const size = pick(random, [1, 2, 4]);
  if (at + size > changed.length) return changed;
  const wrapped = size === 4 ? value : value % 2 ** (8 * size);
  if (random() < 0.5) changed.writeUIntBE(wrapped, at, size);
  else changed.writeUIntLE(wrapped, at, size);
  return changed;
}

/** One to eight small changes. */
export function mutate(bytes: Buffer, random: Random): Buffer {
  let changed = bytes;
  for (let i = wholeBetween(random, 1, 8); i > 0; i--) changed = changeOnce(changed, random);
  return changed;
}

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

const PNG_SIGNATURE_BYTES = 8;

function chunksOf(png: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = PNG_SIGNATURE_BYTES; at + 12 <= png.length;) {
    const length = png.readUInt32BE(at);
    chunks.push({
      type: png.toString('latin1', at + 4, at + 8),
      data: png.subarray(at + 8, at + 8 + length),
    });
    at += 12 + length;
  }
  return chunks;
}

/** Changes a PNG within and among its chunks; every checksum is right, so that the changes reach the decoder. */
export function mutatePng(png: Buffer, random: Random): Buffer {
  const chunks = chunksOf(png);
  for (let i = wholeBetween(random, 1, 3); i > 0; i--) {
    const at = wholeBetween(random, 0, chunks.length - 1);
    const chunk = chunks[at];
    if (!chunk) break;
    const step = random();
    if (step < 0.7) chunks[at] = { type: chunk.type, data: mutate(chunk.data, random) };
    else if (step < 0.8) chunks.splice(at, 1);
    else if (step < 0.9) chunks.splice(wholeBetween(random, 0, chunks.length), 0, chunk);
    else
      chunks[at] = {
        type: pick(random, ['IHDR', 'IDAT', 'PLTE', 'tRNS', 'fdAT', 'fcTL', 'acTL', 'gAMA']),
        data: chunk.data,
      };
  }
  return Buffer.concat([
    png.subarray(0, PNG_SIGNATURE_BYTES),
    ...chunks.map(({ type, data }) => pngChunk(type, data)),
  ]);
}

/** A PNG with one more chunk behind its header. */
export function withChunk(png: Buffer, type: string, data: Buffer): Buffer {
  const headerEnd = PNG_SIGNATURE_BYTES + 25;
  return Buffer.concat([png.subarray(0, headerEnd), pngChunk(type, data), png.subarray(headerEnd)]);
}
