import { crc32, deflateSync } from 'node:zlib';

/** Small files written byte by byte, independent of the decoders and encoders of the libraries in use. */

/** A PNG of any colour type and bit depth; `rows` are packed as the file has them, without filter bytes. */
export function pngFile(header: {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
  readonly colourType: number;
  readonly rows: readonly (readonly number[])[];
}): Buffer {
  const ihdr = Buffer.alloc(13);
  ihdr.writeUInt32BE(header.width, 0);
  ihdr.writeUInt32BE(header.height, 4);
  ihdr.writeUInt8(header.bitDepth, 8);
  ihdr.writeUInt8(header.colourType, 9);
  const filtered = Buffer.from(header.rows.flatMap((row) => [0, ...row]));
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', ihdr),
    pngChunk('IDAT', deflateSync(filtered)),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

export function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  return Buffer.concat([uint32(data.length, false), body, uint32(crc32(body), false)]);
}

/** An uncompressed TIFF of one strip, gray unless there are two samples a pixel, the second being alpha then. */
export function tiffFile(options: {
  readonly width: number;
  readonly height: number;
  readonly littleEndian: boolean;
  readonly bitsPerSample?: 8 | 16;
  readonly samplesPerPixel?: 1 | 2;
  readonly whiteIsZero?: boolean;
  readonly samples: readonly number[];
  /** Values of further fields, or other ones, by their tags. */
  readonly fields?: Readonly<Record<number, number>>;
}): Buffer {
  const { littleEndian, bitsPerSample = 8, samplesPerPixel = 1 } = options;
  const strip = Buffer.concat(
    options.samples.map((sample) => (bitsPerSample === 8 ? Buffer.of(sample) : uint16(sample, littleEndian))),
  );
  // Two numbers of 16 bits lie in one of 32, the first one first.
  const bits = samplesPerPixel === 1 ? bitsPerSample : bitsPerSample * 0x10001;
  const values = new Map<number, number>([
    [256, options.width],
    [257, options.height],
    [258, bits],
    [259, 1],
    [262, options.whiteIsZero ? 0 : 1],
    [273, 8],
    [277, samplesPerPixel],
    [278, options.height],
    [279, strip.length],
    ...(samplesPerPixel === 2 ? [[338, 2] as const] : []),
    ...Object.entries(options.fields ?? {}).map(([tag, value]) => [Number(tag), value] as const),
  ]);
  const fields = [...values].toSorted(([a], [b]) => a - b);
  return Buffer.concat([
    Buffer.from(littleEndian ? 'II' : 'MM'),
    uint16(42, littleEndian),
    uint32(8 + strip.length, littleEndian),
    strip,
    uint16(fields.length, littleEndian),
    ...fields.flatMap(([tag, value]) => [
      uint16(tag, littleEndian),
      uint16(tag === 258 && samplesPerPixel === 2 ? 3 : 4, littleEndian),
      uint32(tag === 258 ? samplesPerPixel : 1, littleEndian),
      uint32(value, littleEndian),
    ]),
    uint32(0, littleEndian),
  ]);
}

/** The fields of a little-endian TIFF's first directory: numbers where they lie, `at`, by their tags. */
export function tiffFields(file: Buffer): ReadonlyMap<number, TiffField> {
  const directory = file.readUInt32LE(4);
  return new Map(
    Array.from({ length: file.readUInt16LE(directory) }, (_, i) => {
      const entry = directory + 2 + 12 * i;
      const bytes = file.readUInt16LE(entry + 2) === 3 ? 2 : 4;
      const count = file.readUInt32LE(entry + 4);
      const at = count * bytes <= 4 ? entry + 8 : file.readUInt32LE(entry + 8);
      const values = Array.from({ length: count }, (__, k) =>
        at + (k + 1) * bytes > file.length ? 0 : file.readUIntLE(at + k * bytes, bytes),
      );
      return [file.readUInt16LE(entry), { entry, at, bytes, values }];
    }),
  );
}

export interface TiffField {
  readonly entry: number;
  readonly at: number;
  readonly bytes: number;
  readonly values: readonly number[];
}

/** A BMP with a 40-byte header and whatever follows it. */
export function bmpFile(header: {
  readonly width: number;
  readonly height: number;
  readonly bitsPerPixel: number;
  readonly compression?: number;
  readonly palette?: readonly number[];
  readonly pixels: readonly number[];
}): Buffer {
  const { palette = [], pixels } = header;
  const start = 54 + palette.length;
  return Buffer.concat([
    bmpFileHeader(start, start + pixels.length),
    uint32(40, true),
    int32(header.width),
    int32(header.height),
    uint16(1, true),
    uint16(header.bitsPerPixel, true),
    uint32(header.compression ?? 0, true),
    uint32(pixels.length, true),
    Buffer.alloc(8),
    uint32(palette.length / 4, true),
    uint32(0, true),
    Buffer.from(palette),
    Buffer.from(pixels),
  ]);
}

/** A BMP of version 4 with red, green, blue and alpha of 8 bits each, one row; a pixel is blue, green, red, alpha. */
export function alphaBmpFile(pixels: readonly number[]): Buffer {
  return Buffer.concat([
    bmpFileHeader(14 + 108, 14 + 108 + pixels.length),
    uint32(108, true),
    int32(pixels.length / 4),
    int32(1),
    uint16(1, true),
    uint16(32, true),
    uint32(3, true),
    uint32(pixels.length, true),
    Buffer.alloc(16),
    ...[0x00ff0000, 0x0000ff00, 0x000000ff, 0xff000000].map((mask) => uint32(mask, true)),
    Buffer.from('BGRs'),
    Buffer.alloc(48),
    Buffer.from(pixels),
  ]);
}

/** A BMP of OS/2 1, 24 bits a pixel, rows from the bottom. */
export function os2BmpFile(width: number, height: number, pixels: readonly number[]): Buffer {
  return Buffer.concat([
    bmpFileHeader(26, 26 + pixels.length),
    uint32(12, true),
    uint16(width, true),
    uint16(height, true),
    uint16(1, true),
    uint16(24, true),
    Buffer.from(pixels),
  ]);
}

function bmpFileHeader(start: number, length: number): Buffer {
  return Buffer.concat([Buffer.from('BM'), uint32(length, true), uint32(0, true), uint32(start, true)]);
}

/** Files of a few bytes whose headers announce a picture of `width` x `height`. */
export function announcing(width: number, height: number): Readonly<Record<string, Buffer>> {
  return {
    png: pngFile({ width, height, bitDepth: 8, colourType: 0, rows: [[0]] }),
    gif: Buffer.concat([
      Buffer.from('GIF89a'),
      uint16(width, true),
      uint16(height, true),
      Buffer.of(0, 0, 0, 0x3b),
    ]),
    bmp: bmpFile({ width, height, bitsPerPixel: 24, pixels: [0, 0, 0] }),
    os2Bmp: os2BmpFile(width, height, [0, 0, 0]),
    topDownBmp: bmpFile({ width, height: -height, bitsPerPixel: 24, pixels: [0, 0, 0] }),
    jpeg: Buffer.concat([
      Buffer.of(0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xc2, 0, 11, 8),
      uint16(height, false),
      uint16(width, false),
      Buffer.of(1, 1, 0x11, 0, 0xff, 0xd9),
    ]),
    lossyWebp: webpFile(
      'VP8 ',
      Buffer.concat([
        Buffer.of(0, 0, 0, 0x9d, 0x01, 0x2a),
        uint16(width & 0x3fff, true),
        uint16(height & 0x3fff, true),
      ]),
    ),
    losslessWebp: webpFile(
      'VP8L',
      Buffer.concat([
        Buffer.of(0x2f),
        uint32((((width - 1) & 0x3fff) | (((height - 1) & 0x3fff) << 14)) >>> 0, true),
      ]),
    ),
    extendedWebp: webpFile(
      'VP8X',
      Buffer.concat([Buffer.alloc(4), uint24(Math.max(width - 1, 0)), uint24(Math.max(height - 1, 0))]),
    ),
    tiff: tiffFile({ width, height, littleEndian: true, samples: [0] }),
    bigEndianTiff: tiffFile({ width, height, littleEndian: false, samples: [0] }),
  };
}

/** A WebP of one chunk and whatever follows it. */
export function webpFile(type: string, data: Uint8Array, ...chunks: readonly Buffer[]): Buffer {
  const riff = Buffer.concat([Buffer.from('WEBP'), webpChunk(type, data), ...chunks]);
  return Buffer.concat([Buffer.from('RIFF'), uint32(riff.length, true), riff]);
}

export function webpChunk(type: string, data: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(type), uint32(data.length, true), data, Buffer.alloc(data.length % 2)]);
}

function uint16(value: number, littleEndian: boolean): Buffer {
  const bytes = Buffer.alloc(2);
  return littleEndian ? (bytes.writeUInt16LE(value), bytes) : (bytes.writeUInt16BE(value), bytes);
}

function uint24(value: number): Buffer {
  return uint32(value, true).subarray(0, 3);
}

function uint32(value: number, littleEndian: boolean): Buffer {
  const bytes = Buffer.alloc(4);
  return littleEndian ? (bytes.writeUInt32LE(value), bytes) : (bytes.writeUInt32BE(value), bytes);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}
