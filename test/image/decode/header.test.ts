import { describe, expect, it } from 'vitest';
import { InkdigitError } from '../../../src/errors.js';
import { MAX_PARTS } from '../../../src/image/formats/byte-reader.js';
import { readHeader, inspectFile } from '../../../src/image/decode/header.js';
import {
  drawDigit,
  encodeBmp,
  encodeGif,
  encodeJpeg,
  encodePng,
  encodeTiff,
  encodeWebp,
} from '../../helpers/data/digits.js';
import { announcing, pngChunk, pngFile, webpChunk, webpFile } from '../raw-files.js';

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
    [
      'SVG',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      /an SVG picture; save it as PNG or JPEG/,
    ],
    ['SVG with an XML declaration', Buffer.from('<?xml version="1.0"?>\n<svg/>'), /an SVG picture; save/],
    ['XML', Buffer.from('<?xml version="1.0"?><Error/>'), /an XML document$/],
    ['JSON', Buffer.from('{"image": 1}'), /JSON text/],
    ['plain text', Buffer.from('BMW makes cars, not bitmaps'), /the text "BMW makes cars, not /],
    ['text cut within a character', Buffer.from('é'.repeat(200)), /the text "éé/],
    ['base64', Buffer.from('iVBORw0KGgoAAAANSUhEUgAAABwAAAAc'), /base64; decode it first/],
    ['PDF', Buffer.from('%PDF-1.7\n'), /a PDF document; save it as PNG or JPEG/],
    ['IDX', Buffer.from([0, 0, 8, 3, 0, 0, 234, 96]), /an IDX file/],
    ['other bytes', Buffer.of(1, 2, 0xfe, 0xff), /4 bytes that begin with 01 02 fe ff/],
  ])('says what came when it is %s', (_, bytes, message) => {
    expect(() => readHeader(bytes)).toThrow(expect.objectContaining({ code: 'not_an_image' }));
    expect(() => readHeader(bytes)).toThrow(message);
    expect(() => readHeader(bytes)).toThrow('expected a PNG, JPEG, GIF, BMP, WebP or TIFF file');
  });

  it.each([
    ['\0\0\0\x18ftypheic\0\0\0\0', 'a HEIC picture or a video'],
    ['\0\0\0\x1cftypavif\0\0\0\0', 'an AVIF picture'],
    ['\xff\x0a\xfa\x1f\x41\x91\x08\x06\x01\0', 'a JPEG XL picture'],
    ['\0\0\0\x0cJXL \r\n\x87\n\0\0\0\x14ftypjxl ', 'a JPEG XL picture'],
    ['\xff\x4f\xff\x51\0\x2f\0\0', 'a JPEG 2000 picture'],
    ['\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 ', 'a JPEG 2000 picture'],
    ['P1\n2 2\n0 1 1 0\n', 'a PPM, PGM or PBM picture'],
    ['P5\n# CREATOR: GIMP\n28 28\n255\n\0\0', 'a PPM, PGM or PBM picture'],
    ['P6 28 28 255\n\0\0\0', 'a PPM, PGM or PBM picture'],
    ['P7\nWIDTH 28\nHEIGHT 28\n', 'a PPM, PGM or PBM picture'],
    ['\0\0\x01\0\x01\0\x10\x10', 'a Windows icon'],
    ['8BPS\0\x01\0\0', 'a Photoshop document'],
    ['qoif\0\0\0\x1c', 'a QOI picture'],
    ['\x76\x2f\x31\x01\x02\0\0\0', 'an OpenEXR picture'],
    [`${'\0'.repeat(128)}DICM\x02\0`, 'a DICOM file'],
    ['II+\0\x08\0\0\0', 'a BigTIFF file'],
  ])('names a picture of another format and says what to do: %j', (beginning, name) => {
    expect(() => readHeader(Buffer.from(beginning, 'latin1'))).toThrow(
      new InkdigitError(
        'not_an_image',
        `expected a PNG, JPEG, GIF, BMP, WebP or TIFF file, got ${name}; save it as PNG or JPEG and send that`,
      ),
    );
  });

  it('takes a text that begins like a Netpbm picture for a text', () => {
    expect(() => readHeader(Buffer.from('P6 is a small chip'))).toThrow(/the text "P6 is a small/);
  });

  it.each(Object.entries(announcing(0, 10)).filter(([name]) => !/lossless|extended/.test(name)))(
    'refuses a %s file of no width',
    (_, bytes) => {
      expect(() => readHeader(bytes)).toThrow(expect.objectContaining({ code: 'corrupt_image' }));
    },
  );
});

describe('the picture of inspectFile', () => {
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
      expect(Buffer.from(inspectFile(bytes, readHeader(bytes)).picture).equals(file)).toBe(true);
    },
  );

  it('leaves a file without any as it is', () => {
    for (const bytes of [file, withChunk('tEXt')])
      expect(inspectFile(bytes, readHeader(bytes)).picture).toBe(bytes);
  });
});

describe('a WebP whose picture is larger than its canvas', () => {
  const canvas = Buffer.of(0, 0, 0, 0, 9, 0, 0, 9, 0, 0);
  const lossy = Buffer.from('0000009d012a0b000a00', 'hex');
  const lossless = Buffer.from('2f0a4002000000', 'hex');
  const frame = (picture: Buffer): Buffer => webpChunk('ANMF', Buffer.concat([Buffer.alloc(16), picture]));

  it.each([
    ['lossy', webpChunk('VP8 ', lossy)],
    ['lossless', webpChunk('VP8L', lossless)],
    ['first of an animation', frame(webpChunk('VP8L', lossless))],
    ['second of an animation', Buffer.concat([frame(Buffer.alloc(0)), frame(webpChunk('VP8 ', lossy))])],
  ])('is refused before it is decoded: %s', (_, picture) => {
    const file = webpFile('VP8X', canvas, picture);
    const inspect = (): unknown => inspectFile(file, readHeader(file));
    expect(inspect).toThrow(/its header says 10 x 10 pixels, its content 11 x 10;/);
    file.writeUInt8(10, 24);
    expect(inspect).not.toThrow();
  });
});

describe('a file in countless pieces', () => {
  const MEGABYTES = 2 ** 20;
  const [head, tail] = split(pngFile({ width: 1, height: 1, bitDepth: 8, colourType: 0, rows: [[7]] }), 33);
  const jpegScan = Buffer.from('ffda0008010100003f00', 'hex');
  const jpegHead = Buffer.concat([Buffer.from('ffd8ffc0000b080001000101011100', 'hex'), jpegScan]);
  const gifHead = Buffer.from('474946383961010001000000002c00000000010001000008', 'hex');

  function split(file: Buffer, at: number): [Buffer, Buffer] {
    return [file.subarray(0, at), file.subarray(at)];
  }

  function filled(bytes: number, ...pattern: number[]): Buffer {
    return Buffer.alloc(bytes, Buffer.from(pattern));
  }

  /** Two fields of as many strips as there is room for. */
  function tiffOfStrips(count: number): Buffer {
    const file = Buffer.alloc(200 + 4 * count);
    file.write('II*\0');
    file.writeUInt32LE(8, 4);
    file.writeUInt16LE(4, 8);
    const fields = [256, 257, 273, 279].map(
      (tag) => [tag, tag < 260 ? 1 : count, tag < 260 ? 1 : 200] as const,
    );
    fields.forEach(([tag, values, value], i) => {
      const entry = 10 + 12 * i;
      file.writeUInt16LE(tag, entry);
      file.writeUInt16LE(4, entry + 2);
      file.writeUInt32LE(values, entry + 4);
      file.writeUInt32LE(value, entry + 8);
    });
    return file;
  }

  it.each([
    [
      'PNG of empty chunks',
      () => [head, ...repeat(pngChunk('tEXt', Buffer.alloc(0)), MAX_PARTS), tail],
      'chunks',
    ],
    [
      'JPEG of stuffed bytes',
      () => [jpegHead, filled(MEGABYTES, 0xff, 0), Buffer.of(0xff, 0xd9)],
      'bytes FF',
    ],
    [
      'JPEG of restart markers',
      () => [jpegHead, filled(MEGABYTES, 0xff, 0xd0), Buffer.of(0xff, 0xd9)],
      'bytes FF',
    ],
    ['JPEG of fill bytes', () => [jpegHead, filled(MEGABYTES, 0xff), Buffer.of(0xd9)], 'bytes FF'],
    ['GIF of bytes one by one', () => [gifHead, filled(MEGABYTES, 1), Buffer.of(0, 0x3b)], 'sub-blocks'],
    [
      'WebP of empty chunks',
      () => [
        webpFile(
          'VP8L',
          Buffer.of(0x2f, 0, 0, 0, 0, 0),
          ...repeat(webpChunk('ABCD', Buffer.alloc(0)), MAX_PARTS),
        ),
      ],
      'chunks',
    ],
    ['JPEG of scans', () => [jpegHead, ...repeat(jpegScan, 20), Buffer.of(0xff, 0xd9)], 'scans'],
    ['TIFF of strips', () => [tiffOfStrips(MAX_PARTS + 1)], 'values in its field 273'],
  ])('is refused before it holds up anybody: a %s', (_, pieces, kind) => {
    const file = Buffer.concat(pieces());
    const walk = (): unknown => inspectFile(file, readHeader(file));
    expect(walk).toThrow(expect.objectContaining({ code: 'corrupt_image' }));
    expect(walk).toThrow(new RegExp(`it has more than \\d+ ${kind};`));
  });

  it('is refused where its strips share their bytes: a TIFF', () => {
    const file = tiffOfStrips(1000);
    const strips = Buffer.concat([file, Buffer.alloc(200_000)]);
    // Both fields' values: each strip begins at byte 100,000 and has as many.
    for (let i = 0; i < 1000; i++) strips.writeUInt32LE(100_000, 200 + 4 * i);
    expect(() => inspectFile(strips, readHeader(strips))).toThrow(
      /its strips or tiles hold 100000000 bytes, and the whole file 204200;/,
    );
  });

  it('is read where it has as many as a program may write', () => {
    const chunks = repeat(pngChunk('tEXt', Buffer.alloc(0)), 1000);
    const scans = Buffer.concat([jpegHead, ...repeat(jpegScan, 19), Buffer.of(0xff, 0xd9)]);
    for (const file of [Buffer.concat([head, ...chunks, tail]), scans]) {
      expect(() => inspectFile(file, readHeader(file))).not.toThrow();
    }
  });
});

function repeat(piece: Buffer, count: number): Buffer[] {
  return Array.from({ length: count }, () => piece);
}
