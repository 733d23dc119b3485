import { constants, deflateSync } from 'node:zlib';
import * as fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { InkdigitError } from '../../../src/errors.js';
import { readHeader } from '../../../src/image/decode/header.js';
import { decodeInline } from '../../../src/image/decode/inline-decoder.js';
import { decodeSmallPng } from '../../../src/image/decode/small-png.js';
import type { Raster } from '../../../src/image/raster.js';
import { drawDigit, encodePng } from '../../helpers/data/digits.js';
import { pngChunk } from '../raw-files.js';

interface Picture {
  readonly width: number;
  readonly height: number;
  /** `[height, width]`: levels, or places in the palette. */
  readonly samples: Uint8Array;
  /** `[colours, 3]` */
  readonly palette?: Uint8Array | undefined;
  /** One a row, 0 to 4. */
  readonly filters: readonly number[];
}

const STRATEGIES = ['Z_DEFAULT_STRATEGY', 'Z_FILTERED', 'Z_HUFFMAN_ONLY', 'Z_RLE', 'Z_FIXED'] as const;

interface Packing {
  readonly level: number;
  readonly strategy: (typeof STRATEGIES)[number];
  /** A small one makes several blocks. */
  readonly memLevel: number;
}

/** PNG specification, 9: each byte less what its neighbours say, written as the specification has it. */
function filteredRows({ width, height, samples, filters }: Picture): Buffer {
  const rows = Buffer.alloc((width + 1) * height);
  const at = (x: number, y: number): number => (x < 0 || y < 0 ? 0 : (samples[y * width + x] ?? 0));
  for (let y = 0; y < height; y++) {
    const filter = filters[y % filters.length] ?? 0;
    rows[y * (width + 1)] = filter;
    for (let x = 0; x < width; x++) {
      const [a, b, c] = [at(x - 1, y), at(x, y - 1), at(x - 1, y - 1)];
      const nearest = [a, b, c].toSorted(
        (one, other) => Math.abs(a + b - c - one) - Math.abs(a + b - c - other),
      );
      const expected = [0, a, b, Math.floor((a + b) / 2), nearest[0] ?? 0][filter] ?? 0;
      rows[y * (width + 1) + 1 + x] = at(x, y) - expected;
    }
  }
  return rows;
}

function pack(picture: Picture, { level, strategy, memLevel }: Packing): Buffer {
  return deflateSync(filteredRows(picture), { level, memLevel, strategy: constants[strategy] });
}

/** @param stream what the data chunk holds */
function fileOf({ width, height, palette }: Picture, stream: Buffer): Buffer {
  const header = Buffer.of(0, 0, 0, width, 0, 0, 0, height, 8, palette ? 3 : 0, 0, 0, 0);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    ...(palette ? [pngChunk('PLTE', Buffer.from(palette))] : []),
    pngChunk('IDAT', stream),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** As pictures of digits are: paper and strokes, or anything. */
const levels = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.constant(255) },
  { weight: 2, arbitrary: fc.nat(255) },
);

/** Small ones mostly: they are as good to find a fault with, and quicker. */
const sides = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 20 }) },
  fc.integer({ min: 21, max: 64 }),
);

const pictures: fc.Arbitrary<Picture> = fc
  .tuple(sides, sides, fc.option(fc.integer({ min: 1, max: 256 })))
  .chain(([width, height, colours]) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      samples: fc
        .array(levels, { minLength: width * height, maxLength: width * height })
        .map((values) => Uint8Array.from(values, (value) => (colours === null ? value : value % colours))),
      palette:
        colours === null
          ? fc.constant(undefined)
          : fc.uint8Array({ minLength: 3 * colours, maxLength: 3 * colours }),
      filters: fc.array(fc.nat(4), { minLength: 1, maxLength: 8 }),
    }),
  );

const packings: fc.Arbitrary<Packing> = fc.record({
  level: fc.integer({ min: 0, max: 9 }),
  strategy: fc.constantFrom(...STRATEGIES),
  memLevel: fc.integer({ min: 1, max: 9 }),
});

function pixelsOf({ width, height, samples, palette }: Picture): Raster {
  if (!palette) return { width, height, channels: 1, data: samples };
  const data = Uint8Array.from({ length: 3 * samples.length }, (_, i) => {
    const sample = samples[Math.floor(i / 3)] ?? 0;
    return palette[3 * sample + (i % 3)] ?? 0;
  });
  return { width, height, channels: 3, data };
}

/** In plain arrays: a Buffer is not equal to a Uint8Array of the same bytes. */
function plain(raster: Raster | undefined): unknown {
  return raster && { ...raster, data: [...raster.data] };
}

/** What the other decoder of the service gives; undefined where it refuses the file. */
function decodedByOther(file: Uint8Array): Raster | undefined {
  try {
    return decodeInline(file, readHeader(file));
  } catch (thrown) {
    if (thrown instanceof InkdigitError) return undefined;
    throw thrown;
  }
}

/** What libpng gives, in three channels where the other has three. */
async function decodedBySharp(file: Uint8Array, channels: number): Promise<number[] | undefined> {
  try {
    const image = sharp(file, { failOn: 'error' });
    return [
      ...(await image
        .toColourspace(channels === 1 ? 'b-w' : 'srgb')
        .raw()
        .toBuffer()),
    ];
  } catch {
    return undefined;
  }
}

describe('decodeSmallPng', () => {
  it('gives the pixels of every small picture, however it was filtered and packed', () => {
    let read = 0;
    let tried = 0;
    fc.assert(
      fc.property(pictures, packings, (picture, packing) => {
        const decoded = decodeSmallPng(fileOf(picture, pack(picture, packing)));
        tried += 1;
        // A stream of many blocks is left to others.
        if (decoded === undefined) return;
        read += 1;
        expect(plain(decoded)).toEqual(plain(pixelsOf(picture)));
      }),
      { numRuns: 300 },
    );
    expect(read).toBeGreaterThan(0.7 * tried);
  });

  it('reads what the usual programs write of a digit', async () => {
    const digit = drawDigit(4);
    for (const options of [
      {},
      { compressionLevel: 9 },
      { adaptiveFiltering: true },
      { compressionLevel: 0 },
    ]) {
      const file = await sharp(digit.data, { raw: { width: 28, height: 28, channels: 1 } })
        .toColourspace('b-w')
        .png(options)
        .toBuffer();
      expect(plain(decodeSmallPng(file))).toEqual(plain(digit));
    }
    expect(plain(decodeSmallPng(await encodePng(digit)))).toEqual(plain(digit));
  });

  it('never gives other pixels than two other decoders give of the same damaged file', async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(
        pictures,
        packings,
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 }),
        async (picture, packing, changes) => {
          const stream = Buffer.from(pack(picture, packing));
          // Mostly where the codes are, and with a right checksum of the chunk.
          for (const [place, value] of changes) stream[place % Math.min(stream.length, 200)] = value;
          const file = fileOf(picture, stream);
          const decoded = decodeSmallPng(file);
          if (decoded === undefined) return;
          accepted += 1;
          expect(plain(decoded)).toEqual(plain(decodedByOther(file)));
          const others = await decodedBySharp(file, decoded.channels);
          if (others) expect([...decoded.data]).toEqual(others);
        },
      ),
      { numRuns: 800 },
    );
    expect(accepted).toBeGreaterThan(20);
  });

  it('leaves alone what is not whole, of another kind, or has anything else in it', async () => {
    const digit = drawDigit(4);
    const picture = { width: 28, height: 28, samples: digit.data, filters: [0] };
    const stream = deflateSync(filteredRows(picture));
    const file = fileOf(picture, stream);
    expect(decodeSmallPng(file)).toBeDefined();
    for (let length = 0; length < file.length; length++)
      expect(decodeSmallPng(file.subarray(0, length))).toBeUndefined();
    for (let place = 0; place < file.length; place++) {
      const damaged = Buffer.from(file);
      damaged.writeUInt8(damaged.readUInt8(place) ^ 1, place);
      expect(decodeSmallPng(damaged), `byte ${place}`).toBeUndefined();
    }
    const resolution = pngChunk('pHYs', Buffer.of(0, 0, 0, 1, 0, 0, 0, 1, 0));
    const [head, tail] = [file.subarray(0, 33), file.subarray(33)];
    expect(decodeSmallPng(Buffer.concat([head, resolution, tail]))).toBeDefined();
    expect(decodeSmallPng(Buffer.concat([head, resolution, resolution, tail]))).toBeUndefined();
    expect(decodeSmallPng(Buffer.concat([head, pngChunk('tRNS', Buffer.of(0, 0)), tail]))).toBeUndefined();
    expect(
      decodeSmallPng(Buffer.concat([head, pngChunk('eXIf', Buffer.from('MM\0*')), tail])),
    ).toBeUndefined();
    expect(decodeSmallPng(fileOf(picture, Buffer.concat([stream, Buffer.of(0)])))).toBeUndefined();
    expect(decodeSmallPng(fileOf({ ...picture, height: 27 }, stream))).toBeUndefined();
    expect(decodeSmallPng(fileOf({ ...picture, height: 29 }, stream))).toBeUndefined();
    const colours = { ...picture, palette: Uint8Array.of(0, 0, 0, 9, 9, 9) };
    expect(decodeSmallPng(fileOf(colours, stream)), 'a colour that the palette has not').toBeUndefined();
    const wide = drawDigit(4, { width: 65, height: 28 });
    expect(decodeSmallPng(await encodePng(wide))).toBeUndefined();
  });
});
