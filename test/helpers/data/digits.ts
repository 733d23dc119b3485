import sharp, { type Sharp, type TiffOptions } from 'sharp';
import type { Raster } from '../../../src/image/raster.js';

export { drawDigit, type DigitStyle } from '../../../src/drawing/draw-digit.js';

/** Uniform numbers in [0, 1) that a seed repeats (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A lossless PNG; gray pictures stay gray. */
export function encodePng(raster: Raster): Promise<Buffer> {
  return pipeline(raster).png().toBuffer();
}

export function encodeJpeg(
  raster: Raster,
  options: { quality?: number; progressive?: boolean } = {},
): Promise<Buffer> {
  return pipeline(raster)
    .jpeg({ quality: 95, ...options })
    .toBuffer();
}

/**
 * A GIF of a palette of all 256 grays, every pixel as it is; only for gray pictures. Its LZW codes are the plain
 * pixels, nine bits each: the table is cleared before the codes would grow to ten bits.
 */
export function encodeGif({ width, height, channels, data }: Raster): Buffer {
  if (channels !== 1) throw new RangeError(`expected a gray picture, got ${channels} channels`);
  const size = Buffer.alloc(4);
  size.writeUInt16LE(width, 0);
  size.writeUInt16LE(height, 2);
  const palette = Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3));
  const pixels = packNineBits(gifCodes(data));
  const subBlocks: Uint8Array[] = [];
  for (let i = 0; i < pixels.length; i += 255) {
    const block = pixels.subarray(i, i + 255);
    subBlocks.push(Uint8Array.of(block.length), block);
  }
  return Buffer.concat([
    Buffer.from('GIF89a'),
    size,
    Buffer.of(0xf7, 0, 0),
    palette,
    Buffer.of(0x2c, 0, 0, 0, 0),
    size,
    Buffer.of(0, 8),
    ...subBlocks,
    Buffer.of(0, 0x3b),
  ]);
}

const GIF_CLEAR = 256;
const GIF_END = 257;

function gifCodes(pixels: Uint8Array): number[] {
  const codes = [...pixels].flatMap((level, i) => (i % 250 === 0 ? [GIF_CLEAR, level] : [level]));
  return [...codes, GIF_END];
}

function packNineBits(codes: readonly number[]): Buffer {
  const packed = Buffer.alloc(Math.ceil((codes.length * 9) / 8) + 1);
  codes.forEach((code, i) => {
    const bit = i * 9;
    const byte = Math.floor(bit / 8);
    packed.writeUInt16LE(packed.readUInt16LE(byte) | (code << (bit % 8)), byte);
  });
  return packed;
}

export function encodeWebp(raster: Raster, options: { lossless?: boolean } = {}): Promise<Buffer> {
  return pipeline(raster)
    .webp({ quality: 95, ...options })
    .toBuffer();
}

export function encodeTiff(raster: Raster, options: TiffOptions = {}): Promise<Buffer> {
  return pipeline(raster)
    .tiff({ compression: 'lzw', ...options })
    .toBuffer();
}

/** An uncompressed 24-bit BMP; alpha is dropped. `topDown` writes the negative height that some programs use. */
export function encodeBmp(raster: Raster, { topDown = false }: { topDown?: boolean } = {}): Buffer {
  const { width, height, channels, data } = raster;
  const stride = Math.ceil((width * 3) / 4) * 4;
  const file = Buffer.alloc(54 + stride * height);
  file.write('BM', 0, 'latin1');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(54, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(topDown ? -height : height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  const colours = channels < 3 ? 1 : 3;
  for (let y = 0; y < height; y++) {
    const row = 54 + stride * (topDown ? y : height - 1 - y);
    for (let x = 0; x < width; x++) {
      const pixel = (y * width + x) * channels;
      for (let c = 0; c < 3; c++) file[row + x * 3 + c] = data[pixel + Math.min(2 - c, colours - 1)]!;
    }
  }
  return file;
}

function pipeline({ width, height, channels, data }: Raster): Sharp {
  const image = sharp(data, { raw: { width, height, channels } });
  return channels < 3 ? image.toColourspace('b-w') : image;
}

/** Every pixel as a square of `factor` times `factor`. */
export function enlarge({ width, height, channels, data }: Raster, factor: number): Raster {
  const enlarged = new Uint8Array(width * factor * height * factor * channels);
  for (let i = 0; i < enlarged.length; i++) {
    const pixel = Math.floor(i / channels);
    const x = Math.floor((pixel % (width * factor)) / factor);
    const y = Math.floor(pixel / (width * factor) / factor);
    enlarged[i] = data[(y * width + x) * channels + (i % channels)] ?? 0;
  }
  return { width: width * factor, height: height * factor, channels, data: enlarged };
}
