import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { InkdigitError } from '../../../src/errors.js';
import { decodeImage } from '../../../src/image/decode/decode.js';
import type { Raster } from '../../../src/image/raster.js';
import {
  drawDigit,
  encodeBmp,
  encodeGif,
  encodeJpeg,
  encodePng,
  encodeTiff,
  encodeWebp,
  seededRandom,
} from '../../helpers/data/digits.js';
import { alphaBmpFile, announcing, bmpFile, os2BmpFile, pngChunk, pngFile, tiffFile } from '../raw-files.js';

const gray = drawDigit(5, { width: 37, height: 21, digitSize: 18 });

/** A picture of soft colours, opaque to the left. */
function colourful(width: number, height: number, channels: 3 | 4): Raster {
  const data = Uint8Array.from({ length: width * height * channels }, (_, i) => {
    const pixel = Math.floor(i / channels);
    const x = (pixel % width) / width;
    const y = Math.floor(pixel / width) / height;
    return Math.round(255 * ([x, y, 1 - x, Math.min(1, 1.5 - x)][i % channels] ?? 0));
  });
  return { width, height, channels, data };
}

/** The picture in 4 channels, so that a gray and an RGB raster of one picture are equal. */
function rgba({ width, height, channels, data }: Raster): number[] {
  return Array.from({ length: width * height }, (_, pixel) => {
    const [first = 0, second = 0, third = 0, fourth = 255] = data.subarray(
      pixel * channels,
      (pixel + 1) * channels,
    );
    if (channels === 1) return [first, first, first, 255];
    return channels === 2 ? [first, first, first, second] : [first, second, third, fourth];
  }).flat();
}

function largestDifference(a: Raster, b: Raster): number {
  const other = rgba(b);
  return rgba(a).reduce((worst, value, i) => Math.max(worst, Math.abs(value - (other[i] ?? Infinity))), 0);
}

describe('decodeImage, lossless files', () => {
  const rgb = colourful(40, 30, 3);
  const transparent = colourful(40, 30, 4);
  const fewColours: Raster = { ...rgb, data: rgb.data.map((level) => (level < 128 ? 0 : 255)) };

  it.each<[string, Raster, () => Promise<Buffer> | Buffer]>([
    ['gray PNG', gray, () => encodePng(gray)],
    [
      'interlaced gray PNG',
      gray,
      () =>
        sharp(gray.data, { raw: { width: 37, height: 21, channels: 1 } })
          .toColourspace('b-w')
          .png({ progressive: true })
          .toBuffer(),
    ],
    ['RGB PNG', rgb, () => encodePng(rgb)],
    ['RGBA PNG', transparent, () => encodePng(transparent)],
    [
      'palette PNG',
      fewColours,
      () =>
        sharp(fewColours.data, { raw: { width: 40, height: 30, channels: 3 } })
          .png({ palette: true, dither: 0 })
          .toBuffer(),
    ],
    ['gray GIF', gray, () => encodeGif(gray)],
    [
      'colour GIF',
      fewColours,
      () =>
        sharp(fewColours.data, { raw: { width: 40, height: 30, channels: 3 } })
          .gif({ dither: 0 })
          .toBuffer(),
    ],
    ['gray BMP', gray, () => encodeBmp(gray)],
    ['RGB BMP, rows from the top', rgb, () => encodeBmp(rgb, { topDown: true })],
    ['lossless WebP', rgb, () => encodeWebp(rgb, { lossless: true })],
    ['TIFF, LZW', gray, () => encodeTiff(gray)],
    ['TIFF, uncompressed', rgb, () => encodeTiff(rgb, { compression: 'none' })],
    ['TIFF, deflate, RGBA', transparent, () => encodeTiff(transparent, { compression: 'deflate' })],
    ['TIFF in tiles', gray, () => encodeTiff(gray, { tile: true, tileWidth: 16, tileHeight: 16 })],
    ['TIFF, PackBits', gray, () => encodeTiff(gray, { compression: 'packbits' })],
  ])('%s: every pixel as it was', async (_, picture, encode) => {
    const decoded = await decodeImage(await encode());
    expect([decoded.width, decoded.height]).toEqual([picture.width, picture.height]);
    expect(decoded.data).toHaveLength(decoded.width * decoded.height * decoded.channels);
    expect(largestDifference(decoded, picture)).toBe(0);
  });

  it('keeps gray files at one channel', async () => {
    for (const file of [
      await encodePng(gray),
      await encodeJpeg(gray),
      tiffFile({ width: 1, height: 1, littleEndian: true, samples: [9] }),
    ]) {
      expect((await decodeImage(file)).channels).toBe(1);
    }
  });

  it.each([
    [1, [0b10110000], [255, 0, 255, 255]],
    [2, [0b00011011], [0, 85, 170, 255]],
    [4, [0x05, 0xaf], [0, 85, 170, 255]],
    [8, [0, 7, 200, 255], [0, 7, 200, 255]],
    [16, [0, 0, 0x80, 0x80, 0xc8, 0xc8, 0xff, 0xff], [0, 128, 200, 255]],
  ])('gray PNG of %i bits a sample', async (bitDepth, row, expected) => {
    const file = pngFile({ width: 4, height: 1, bitDepth, colourType: 0, rows: [row] });
    expect(await decodeImage(file)).toMatchObject({ channels: 1, data: Buffer.from(expected) });
  });

  it('PNG of gray and alpha', async () => {
    const file = pngFile({ width: 2, height: 1, bitDepth: 8, colourType: 4, rows: [[10, 255, 20, 128]] });
    expect(await decodeImage(file)).toMatchObject({ channels: 2, data: Buffer.of(10, 255, 20, 128) });
  });

  it('PNG of 16 bits with colour and alpha', async () => {
    const row = [1, 1, 2, 2, 3, 3, 4, 4];
    const file = pngFile({ width: 1, height: 1, bitDepth: 16, colourType: 6, rows: [row] });
    expect(await decodeImage(file)).toMatchObject({ channels: 4, data: Buffer.of(1, 2, 3, 4) });
  });

  it.each([8, 16] as const)('gray and alpha of %i bits, PNG and TIFF', async (bits) => {
    const samples = [10, 255, 20, 128, 0, 0];
    const row = bits === 8 ? samples : samples.flatMap((sample) => [sample, sample]);
    const size = { width: 3, height: 1 };
    const files = [
      pngFile({ ...size, bitDepth: bits, colourType: 4, rows: [row] }),
      ...[true, false].map((littleEndian) =>
        tiffFile({
          ...size,
          littleEndian,
          bitsPerSample: bits,
          samplesPerPixel: 2,
          samples: bits === 8 ? samples : samples.map((sample) => sample * 257),
        }),
      ),
    ];
    for (const file of files) {
      expect(rgba(await decodeImage(file))).toEqual([10, 10, 10, 255, 20, 20, 20, 128, 0, 0, 0, 0]);
    }
  });

  it.each([
    [8, [0, 7, 255], Buffer.of(0, 255)],
    [16, [0, 0, 7, 7, 255, 255], Buffer.of(255, 255)],
  ])('gray PNG of %i bits one of whose levels is transparent', async (bitDepth, row, level) => {
    const file = pngFile({ width: 3, height: 1, bitDepth, colourType: 0, rows: [row] });
    const keyed = Buffer.concat([file.subarray(0, 33), pngChunk('tRNS', level), file.subarray(33)]);
    expect(rgba(await decodeImage(keyed)).filter((_, i) => i % 4 === 3)).toEqual([255, 255, 0]);
  });

  it('BMP of an alpha that is 0 in every pixel is opaque, and of any other as it is', async () => {
    const unseen = alphaBmpFile([3, 2, 1, 0, 6, 5, 4, 0]);
    expect(rgba(await decodeImage(unseen))).toEqual([1, 2, 3, 255, 4, 5, 6, 255]);
    const seen = alphaBmpFile([3, 2, 1, 0, 6, 5, 4, 9]);
    expect(rgba(await decodeImage(seen))).toEqual([1, 2, 3, 0, 4, 5, 6, 9]);
  });

  it.each([true, false])('gray TIFF, little-endian: %s', async (littleEndian) => {
    const samples = [0, 50, 100, 150, 200, 255];
    const common = { width: 3, height: 2, littleEndian };
    const inverted = samples.map((sample) => 255 - sample);
    const files = [
      tiffFile({ ...common, samples }),
      tiffFile({ ...common, samples: inverted, whiteIsZero: true }),
      tiffFile({ ...common, samples: samples.map((sample) => sample * 257), bitsPerSample: 16 }),
    ];
    for (const file of files) {
      expect(await decodeImage(file)).toMatchObject({
        width: 3,
        height: 2,
        channels: 1,
        data: Buffer.from(samples),
      });
    }
  });

  it('BMP of OS/2, of a palette, run-length coded, of 32 bits', async () => {
    // Blue, green, red; rows are padded to four bytes.
    const os2 = os2BmpFile(1, 2, [1, 2, 3, 0, 4, 5, 6, 0]);
    expect(rgba(await decodeImage(os2))).toEqual([6, 5, 4, 255, 3, 2, 1, 255]);
    const palette = [0, 0, 0, 0, 30, 20, 10, 0];
    const indexed = bmpFile({ width: 2, height: 1, bitsPerPixel: 8, palette, pixels: [1, 0, 0, 0] });
    expect(rgba(await decodeImage(indexed))).toEqual([10, 20, 30, 255, 0, 0, 0, 255]);
    const runs = [3, 1, 0, 0, 3, 0, 0, 1];
    const coded = bmpFile({ width: 3, height: 2, bitsPerPixel: 8, compression: 1, palette, pixels: runs });
    expect(rgba(await decodeImage(coded)).filter((_, i) => i % 4 === 0)).toEqual([0, 0, 0, 10, 10, 10]);
    const deep = bmpFile({ width: 1, height: 1, bitsPerPixel: 32, pixels: [3, 2, 1, 0] });
    expect(rgba(await decodeImage(deep)).slice(0, 3)).toEqual([1, 2, 3]);
  });

  it('GIF and WebP: the first picture of an animation', async () => {
    const frames = Buffer.concat([Buffer.alloc(28 * 28, 40), Buffer.alloc(28 * 28, 200)]);
    const animation = () => sharp(frames, { raw: { width: 28, height: 56, channels: 1, pageHeight: 28 } });
    for (const file of [
      await animation().gif().toBuffer(),
      await animation().webp({ lossless: true }).toBuffer(),
    ]) {
      expect((await sharp(file).metadata()).pages).toBe(2);
      const decoded = await decodeImage(file);
      expect([decoded.width, decoded.height]).toEqual([28, 28]);
      expect(new Set(rgba(decoded))).toEqual(new Set([40, 255]));
    }
  });
});

describe('decodeImage, TIFF', () => {
  const tiff = (fields: Readonly<Record<number, number>>): Buffer =>
    tiffFile({ width: 1, height: 1, littleEndian: true, samples: [7, 7, 7, 7, 7, 7, 7, 7], fields });

  it.each([
    [{ 258: 32, 339: 3 }, 'its samples are floating-point numbers'],
    [{ 258: 64, 339: 3 }, 'its samples are floating-point numbers'],
    [{ 339: 2 }, 'its samples are numbers that may be negative'],
    [{ 258: 64, 339: 6 }, 'its samples are complex numbers'],
    [{ 258: 32 }, 'its samples have 32 bits, and 16 are the most'],
    [{ 259: 50_000 }, 'it is compressed by method 50000'],
  ])('of a kind that would be read wrong is refused: %j', async (fields, what) => {
    await expect(decodeImage(tiff(fields))).rejects.toThrow(
      new InkdigitError(
        'not_an_image',
        `this TIFF file is of a kind that is not read: ${what}; save the picture as PNG or JPEG and send that`,
      ),
    );
  });

  it('is read whatever else it holds, and in whatever order', async () => {
    const fields = { 305: 0x41414141, 37_724: 7, 65_000: 1 };
    const file = tiff(fields);
    const directory = file.readUInt32LE(4) + 2;
    const entries = Array.from({ length: file.readUInt16LE(directory - 2) }, (_, i) =>
      Buffer.from(file.subarray(directory + 12 * i, directory + 12 * (i + 1))),
    );
    Buffer.concat(entries.toReversed()).copy(file, directory);
    // A next directory that is this one again.
    file.writeUInt32LE(directory - 2, file.length - 4);
    for (const odd of [tiff(fields), file]) {
      expect(await decodeImage(odd)).toMatchObject({ channels: 1, data: Buffer.of(7) });
    }
  });
});

describe('decodeImage, lossy files', () => {
  const rgb = colourful(64, 48, 3);

  it.each<[string, () => Promise<Buffer>]>([
    ['JPEG', () => encodeJpeg(rgb)],
    ['progressive JPEG', () => encodeJpeg(rgb, { progressive: true })],
    ['WebP', () => encodeWebp(rgb)],
    ['TIFF of JPEG tiles', () => encodeTiff(rgb, { compression: 'jpeg', quality: 95 })],
  ])('%s: close to what it was', async (_, encode) => {
    expect(largestDifference(await decodeImage(await encode()), rgb)).toBeLessThan(16);
  });

  it('JPEG of CMYK', async () => {
    const cmyk = await sharp({ create: { width: 16, height: 16, channels: 3, background: '#ffffff' } })
      .toColourspace('cmyk')
      .jpeg()
      .toBuffer();
    expect((await sharp(cmyk).metadata()).space).toBe('cmyk');
    const decoded = await decodeImage(cmyk);
    expect(decoded.channels).toBe(3);
    expect(Math.min(...decoded.data)).toBeGreaterThan(240);
  });
});

describe('decodeImage, large pictures', () => {
  const large = drawDigit(8, { width: 400, height: 300 });

  it.each<[string, () => Promise<Buffer> | Buffer]>([
    ['PNG', () => encodePng(large)],
    ['BMP', () => encodeBmp(large)],
    ['GIF', () => encodeGif(large)],
  ])('%s beyond the size that is decoded inline', async (_, encode) => {
    expect(largestDifference(await decodeImage(await encode()), large)).toBe(0);
  });

  it('a small picture in a file of many bytes', async () => {
    const random = seededRandom(1);
    const noise = Uint8Array.from({ length: 200 * 200 * 4 }, () => random() * 256);
    const picture: Raster = { width: 200, height: 200, channels: 4, data: noise };
    const file = await encodePng(picture);
    expect(file.length).toBeGreaterThan(64 * 1024);
    expect((await decodeImage(file)).data).toEqual(Buffer.from(noise));
  });
});

describe('decodeImage, largestSide', () => {
  const wide = drawDigit(8, { width: 1200, height: 500 });
  const transparent = colourful(900, 700, 4);

  /** Means over squares. */
  function means({ width, height, data, channels }: Raster, square: number): number[] {
    const [columns, rows] = [width / square, height / square];
    return Array.from({ length: columns * rows * channels }, (_, i) => {
      const [channel, cell] = [i % channels, Math.floor(i / channels)];
      const [left, top] = [(cell % columns) * square, Math.floor(cell / columns) * square];
      let sum = 0;
      for (let y = top; y < top + square; y++) {
        for (let x = left; x < left + square; x++) sum += data[(y * width + x) * channels + channel]!;
      }
      return sum / square ** 2;
    });
  }

  it.each<[string, () => Promise<Buffer> | Buffer]>([
    ['PNG', () => encodePng(wide)],
    ['JPEG', () => encodeJpeg(wide)],
    ['WebP', () => encodeWebp(wide)],
    ['GIF', () => encodeGif(wide)],
    ['TIFF', () => encodeTiff(wide)],
  ])('%s: what is longer is handed over smaller, about as means of squares', async (_, encode) => {
    const reduced = await decodeImage(await encode(), { largestSide: 300 });
    expect([reduced.width, reduced.height]).toEqual([300, 125]);
    const expected = means(wide, 4);
    const differences = expected.map((level, i) => Math.abs(level - reduced.data[i * reduced.channels]!));
    expect(differences.reduce((sum, each) => sum + each, 0) / differences.length).toBeLessThan(4);
  });

  it('keeps what is transparent', async () => {
    const reduced = await decodeImage(await encodePng(transparent), { largestSide: 450 });
    expect([reduced.width, reduced.height, reduced.channels]).toEqual([450, 350, 4]);
    const alphas = means(transparent, 2).filter((_, i) => i % 4 === 3);
    const largest = alphas.reduce(
      (most, alpha, i) => Math.max(most, Math.abs(alpha - reduced.data[4 * i + 3]!)),
      0,
    );
    expect(largest).toBeLessThan(4);
  });

  it('changes nothing of what is no longer, and of BMP', async () => {
    const file = await encodePng(transparent);
    const [limited, whole] = [await decodeImage(file, { largestSide: 900 }), await decodeImage(file)];
    expect(limited.width).toBe(900);
    expect(Buffer.compare(limited.data, whole.data)).toBe(0);
    expect((await decodeImage(encodeBmp(wide), { largestSide: 300 })).width).toBe(1200);
  });

  it.each<[string, () => Promise<Buffer> | Buffer]>([
    ['PNG', () => encodePng(transparent)],
    ['JPEG', () => encodeJpeg(transparent)],
    ['WebP', () => encodeWebp(transparent)],
  ])('%s: refuses what is damaged as it does at full size', async (_, encode) => {
    const file = Uint8Array.from(await encode());
    await expect(decodeImage(file.subarray(0, file.length >> 1), { largestSide: 300 })).rejects.toMatchObject(
      { code: 'truncated_image' },
    );
  });
});

describe('decodeImage, maxPixels', () => {
  it.each(Object.entries(announcing(60_000, 60_000)))('%s that announces 60000 x 60000', async (_, bytes) => {
    expect(bytes.length).toBeLessThan(200);
    const decoding = decodeImage(bytes);
    await expect(decoding).rejects.toMatchObject({ code: 'too_many_pixels' });
    await expect(decoding).rejects.toThrow(
      /^expected a picture of at most 25000000 pixels, got (\d+) x (\d+) = \d+; /,
    );
  });

  it('names both numbers, and lets exactly as many pass', async () => {
    const file = await encodePng(gray);
    expect((await decodeImage(file, { maxPixels: 37 * 21 })).width).toBe(37);
    await expect(decodeImage(file, { maxPixels: 37 * 21 - 1 })).rejects.toThrow(
      'expected a picture of at most 776 pixels, got 37 x 21 = 777',
    );
  });
});
