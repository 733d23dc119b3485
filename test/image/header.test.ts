import { describe, expect, it } from 'vitest';
import { pictureOnly, readHeader } from '../../src/image/header.js';
import {
  drawDigit,
  encodeBmp,
  encodeGif,
  encodeJpeg,
  encodePng,
  encodeTiff,
  encodeWebp,
} from '../helpers/digits.js';
import { announcing, pngChunk, pngFile } from './raw-files.js';

describe('readHeader', () => {
  const picture = drawDigit(5, { width: 37, height: 21 });

  it.each([
    ['png', () => encodePng(picture)],
    ['jpeg', () => encodeJpeg(picture)],
    ['jpeg', () => encodeJpeg(picture, { progressive: true })],
    ['gif', () => encodeGif(picture)],
    ['bmp', () => encodeBmp(picture)],
    ['bmp', () => encodeBmp(picture, { topDown: true })],
    ['webp', () => encodeWebp(picture)],
    ['webp', () => encodeWebp(picture, { lossless: true })],
    ['tiff', () => encodeTiff(picture)],
    ['tiff', () => encodeTiff(picture, { tile: true })],
  ])('reads the size of a %s file', async (format, encode) => {
    expect(readHeader(await encode())).toMatchObject({ format, width: 37, height: 21 });
  });

  it.each(Object.entries(announcing(1234, 567)))('reads the size of a hand-written %s file', (_, bytes) => {
    expect(readHeader(bytes)).toMatchObject({ width: 1234, height: 567 });
  });

  it('reads bytes that lie within a larger buffer', async () => {
    const png = await encodePng(picture);
    const larger = Buffer.concat([Buffer.alloc(5, 0xff), png, Buffer.alloc(5, 0xff)]);
    expect(readHeader(larger.subarray(5, 5 + png.length))).toMatchObject({ width: 37, height: 21 });
  });

  it.each([
    ['nothing', Buffer.alloc(0), /the file is empty/],
    ['an HTML page', Buffer.from('\n<!DOCTYPE html><html><body>404'), /an HTML page/],
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), /an SVG or XML document/],
    ['JSON', Buffer.from('{"image": 1}'), /JSON text/],
    ['plain text', Buffer.from('BMW makes cars, not bitmaps'), /the text "BMW makes cars, not /],
    ['text cut within a character', Buffer.from('é'.repeat(200)), /the text "éé/],
    ['base64', Buffer.from('iVBORw0KGgoAAAANSUhEUgAAABwAAAAc'), /base64; decode it first/],
    ['PDF', Buffer.from('%PDF-1.7\n'), /a PDF document/],
    ['HEIC', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0', 'latin1'), /a HEIC picture/],
    ['IDX', Buffer.from([0, 0, 8, 3, 0, 0, 234, 96]), /an IDX file/],
    ['other bytes', Buffer.of(1, 2, 0xfe, 0xff), /4 bytes that begin with 01 02 fe ff/],
  ])('says what came when it is %s', (_, bytes, message) => {
    expect(() => readHeader(bytes)).toThrow(expect.objectContaining({ code: 'not_an_image' }));
    expect(() => readHeader(bytes)).toThrow(message);
    expect(() => readHeader(bytes)).toThrow('expected a PNG, JPEG, GIF, BMP, WebP or TIFF file');
  });

  it.each(Object.entries(announcing(0, 10)).filter(([name]) => !/lossless|extended/.test(name)))(
    'refuses a %s file of no width',
    (_, bytes) => {
      expect(() => readHeader(bytes)).toThrow(expect.objectContaining({ code: 'corrupt_image' }));
    },
  );
});

describe('pictureOnly', () => {
  const file = pngFile({ width: 1, height: 1, bitDepth: 8, colourType: 0, rows: [[7]] });
  const headerEnd = 8 + 25;
  const withChunk = (type: string): Buffer =>
    Buffer.concat([
      file.subarray(0, headerEnd),
      pngChunk(type, Buffer.alloc(5000)),
      file.subarray(headerEnd),
    ]);

  it.each(['iCCP', 'zTXt', 'iTXt'])(
    'takes a compressed %s, which might unpack to gigabytes, out of a PNG',
    (type) => {
      const bytes = withChunk(type);
      expect(Buffer.from(pictureOnly(bytes, readHeader(bytes))).equals(file)).toBe(true);
    },
  );

  it('leaves a file without any as it is', () => {
    for (const bytes of [file, withChunk('tEXt')]) expect(pictureOnly(bytes, readHeader(bytes))).toBe(bytes);
  });
});
