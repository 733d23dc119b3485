import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeAs } from '../../../src/image/decode/decode.js';
import { readHeader, inspectFile } from '../../../src/image/decode/header.js';
import { ORIENTATIONS, applyExifOrientation, type Orientation } from '../../../src/image/exif-orientation.js';
import { readImageSyncIfSmall } from '../../../src/image/read-image.js';
import { drawDigit, encodeJpeg } from '../../helpers/data/digits.js';
import { pngChunk, pngFile } from '../raw-files.js';

const stored = drawDigit(7, { width: 60, height: 44, ink: 20, background: 240 });

async function encode(format: 'jpeg' | 'png' | 'webp' | 'tiff', orientation: Orientation): Promise<Buffer> {
  return sharp(stored.data, { raw: { width: 60, height: 44, channels: 1 } })
    .toColourspace('b-w')
    .withMetadata({ orientation })
    .toFormat(format, format === 'tiff' ? { compression: 'lzw' } : { quality: 95 })
    .toBuffer();
}

/** A TIFF directory of one field. */
function exifOf(orientation: number): Buffer {
  return Buffer.from(
    `MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0${String.fromCharCode(orientation)}\0\0`,
    'latin1',
  );
}

describe('Exif orientation', () => {
  it.each(ORIENTATIONS)('%d is turned as sharp turns it', async (orientation) => {
    const { data, info } = await sharp(stored.data, { raw: { width: 60, height: 44, channels: 1 } })
      .toColourspace('b-w')
      .withMetadata({ orientation })
      .png()
      .toBuffer()
      .then((file) =>
        sharp(file).autoOrient().toColourspace('b-w').raw().toBuffer({ resolveWithObject: true }),
      );
    const seen = applyExifOrientation(stored, orientation);
    expect([seen.width, seen.height]).toEqual([info.width, info.height]);
    expect([...seen.data]).toEqual([...data]);
  });

  it.each(['jpeg', 'png', 'webp', 'tiff'] as const)('is read from %s files', async (format) => {
    for (const orientation of [1, 6, 3] as const) {
      const file = await encode(format, orientation);
      expect(inspectFile(file, readHeader(file)).orientation).toBe(orientation);
    }
  });

  it('turns the picture once, whatever is done with it', async () => {
    const upright = await sharp(await encode('png', 6))
      .autoOrient()
      .png()
      .toBuffer();
    for (const normalize of ['auto', 'never'] as const) {
      const expected = await readImageSyncIfSmall(upright, { normalize });
      expect(await readImageSyncIfSmall(await encode('png', 6), { normalize })).toEqual(expected);
    }
  });

  it('is what the first Exif data of a file says, and of a JPEG file none that comes after the pixels', async () => {
    const upside = exifOf(3);
    const onItsSide = exifOf(6);
    const png = pngFile({ width: 1, height: 1, bitDepth: 8, colourType: 0, rows: [[7]] });
    const chunk = (data: Buffer): Buffer => pngChunk('eXIf', data);
    const twice = Buffer.concat([png.subarray(0, 33), chunk(upside), chunk(onItsSide), png.subarray(33)]);
    expect(inspectFile(twice, readHeader(twice)).orientation).toBe(3);
    const segment = (data: Buffer): Buffer => {
      const content = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), data]);
      const head = Buffer.from('ffe10000', 'hex');
      head.writeUInt16BE(content.length + 2, 2);
      return Buffer.concat([head, content]);
    };
    const jpeg = await encodeJpeg(stored);
    const [start, rest] = [jpeg.subarray(0, 2), jpeg.subarray(2)];
    const first = Buffer.concat([start, segment(upside), segment(onItsSide), rest]);
    expect(inspectFile(first, readHeader(first)).orientation).toBe(3);
    const late = Buffer.concat([jpeg.subarray(0, -2), segment(onItsSide), jpeg.subarray(-2)]);
    expect(inspectFile(late, readHeader(late)).orientation).toBe(1);
  });

  it('that is damaged counts as upright, and the picture is read', async () => {
    const file = await encode('jpeg', 6);
    const exif = file.indexOf('Exif\0\0');
    for (let at = exif + 6; at < exif + 24; at++) {
      const damaged = Buffer.from(file);
      damaged[at] = 0xff;
      const orientation = await decodeAs(damaged, {}, function* told(_, value) {
        yield;
        return value;
      });
      expect([1, 6]).toContain(orientation);
    }
  });
});
