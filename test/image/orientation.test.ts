import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeAs } from '../../src/image/decode.js';
import { readHeader, surveyFile } from '../../src/image/header.js';
import { ORIENTATIONS, turn, type Orientation } from '../../src/image/normalize/turn.js';
import { readFrame } from '../../src/image/read-frame.js';
import { drawDigit } from '../helpers/digits.js';

const stored = drawDigit(7, { width: 60, height: 44, ink: 20, background: 240 });

async function encode(format: 'jpeg' | 'png' | 'webp' | 'tiff', orientation: Orientation): Promise<Buffer> {
  return sharp(stored.data, { raw: { width: 60, height: 44, channels: 1 } })
    .toColourspace('b-w')
    .withMetadata({ orientation })
    .toFormat(format, format === 'tiff' ? { compression: 'lzw' } : { quality: 95 })
    .toBuffer();
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
    const seen = turn(stored, orientation);
    expect([seen.width, seen.height]).toEqual([info.width, info.height]);
    expect([...seen.data]).toEqual([...data]);
  });

  it.each(['jpeg', 'png', 'webp', 'tiff'] as const)('is read from %s files', async (format) => {
    for (const orientation of [1, 6, 3] as const) {
      const file = await encode(format, orientation);
      expect(surveyFile(file, readHeader(file)).orientation).toBe(orientation);
    }
  });

  it('turns the picture once, whatever is done with it', async () => {
    const upright = await sharp(await encode('png', 6))
      .autoOrient()
      .png()
      .toBuffer();
    for (const normalize of ['auto', 'never'] as const) {
      const expected = await readFrame(upright, { normalize });
      expect([...(await readFrame(await encode('png', 6), { normalize }))]).toEqual([...expected]);
    }
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
