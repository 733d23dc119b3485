import * as fc from 'fast-check';
import type { TiffOptions } from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { InkdigitError } from '../../../src/errors.js';
import { decodeImage } from '../../../src/image/decode/decode.js';
import {
  drawDigit,
  encodeBmp,
  encodeGif,
  encodeJpeg,
  encodePng,
  encodeTiff,
  encodeWebp,
} from '../../helpers/data/digits.js';
import { announcing, pngChunk, pngFile, tiffFields, tiffFile } from '../raw-files.js';

const gray = drawDigit(2);

const ENCODERS = {
  png: () => encodePng(gray),
  jpeg: () => encodeJpeg(gray),
  progressiveJpeg: () => encodeJpeg(gray, { progressive: true }),
  gif: () => Promise.resolve(encodeGif(gray)),
  bmp: () => Promise.resolve(encodeBmp(gray)),
  webp: () => encodeWebp(gray),
  losslessWebp: () => encodeWebp(gray, { lossless: true }),
  tiff: () => encodeTiff(gray),
  jpegTiff: () => encodeTiff(gray, { compression: 'jpeg' }),
};
const NAMES = Object.keys(ENCODERS);

const files = new Map<string, Buffer>();
beforeAll(async () => {
  for (const [name, encode] of Object.entries(ENCODERS)) files.set(name, await encode());
});

function fileOf(name: string): Buffer {
  const file = files.get(name);
  if (file === undefined) throw new Error(`no file ${name}`);
  return file;
}

/** What decoding ends in: 'decoded' or the code of the error. Anything but an InkdigitError is passed on. */
async function outcome(bytes: Uint8Array): Promise<string> {
  try {
    const { width, height, channels, data } = await decodeImage(bytes, { maxPixels: 1_000_000 });
    expect(data).toHaveLength(width * height * channels);
    return 'decoded';
  } catch (error) {
    if (error instanceof InkdigitError) return error.code;
    throw error;
  }
}

const IMAGE_ERRORS = ['not_an_image', 'truncated_image', 'corrupt_image', 'too_many_pixels'];

describe('decodeImage, truncated files', () => {
  it.each(NAMES)('%s cut anywhere is refused', async (name) => {
    const file = fileOf(name);
    expect(await outcome(file)).toBe('decoded');
    for (let length = 0; length < file.length; length++) {
      const expected = length < 18 ? ['not_an_image', 'truncated_image'] : ['truncated_image'];
      expect(expected, `${name} cut to ${length} of ${file.length} bytes`).toContain(
        await outcome(file.subarray(0, length)),
      );
    }
  });

  it('says how many bytes came', async () => {
    await expect(decodeImage(fileOf('png').subarray(0, 60))).rejects.toThrow(
      /^this PNG file ends too early: it has 60 bytes, but its content goes on to byte \d+ at least; send the whole/,
    );
  });

  it('bytes after the end of a file do no harm', async () => {
    for (const name of NAMES) {
      expect(await outcome(Buffer.concat([fileOf(name), Buffer.from('trailing')])), name).toBe('decoded');
    }
  });
});

describe('decodeImage, damaged files', () => {
  it('names the cause when a decoder refuses', async () => {
    const file = Buffer.from(fileOf('png'));
    const pixels = file.indexOf('IDAT') + 20;
    file.writeUInt8(file.readUInt8(pixels) ^ 0xff, pixels);
    const error: unknown = await decodeImage(file).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'corrupt_image' });
    expect(error).toHaveProperty('cause.message', expect.stringMatching(/./));
  });

  it.each([1, 2, 4, 23])('refuses a PNG whose palette of %i bytes ends within a colour', async (bytes) => {
    const file = pngFile({ width: 1, height: 1, bitDepth: 1, colourType: 3, rows: [[0]] });
    const palette = pngChunk('PLTE', Buffer.alloc(bytes));
    const alpha = pngChunk('tRNS', Buffer.of(0));
    const cut = Buffer.concat([file.subarray(0, 33), palette, alpha, file.subarray(33)]);
    expect(await outcome(cut)).toBe('corrupt_image');
  });

  it('refuses a JPEG with a second frame header, whose size was never checked', async () => {
    const file = fileOf('jpeg');
    const second = announcing(60_000, 60_000)['jpeg'] ?? Buffer.alloc(0);
    const twice = Buffer.concat([file.subarray(0, -2), second.subarray(8)]);
    await expect(decodeImage(twice)).rejects.toThrow(/2 frame headers/);
  });

  describe('TIFF', () => {
    const digit = drawDigit(7, { width: 90, height: 70 });
    const tile = { tile: true, tileWidth: 32, tileHeight: 32 };
    const KINDS: Readonly<Record<string, TiffOptions>> = {
      lzw: { compression: 'lzw' },
      packbits: { compression: 'packbits' },
      fax: { compression: 'ccittfax4', bitdepth: 1 },
      jpeg: { compression: 'jpeg' },
      lzwTiles: { compression: 'lzw', ...tile },
      packbitsTiles: { compression: 'packbits', ...tile },
      deflateTiles: { compression: 'deflate', predictor: 'horizontal', ...tile },
    };

    /** The file with each of its strips or tiles changed. */
    function withPieces(file: Buffer, change: (piece: Buffer) => void): Buffer {
      const changed = Buffer.from(file);
      const fields = tiffFields(file);
      const lengths = (fields.get(279) ?? fields.get(325))?.values ?? [];
      (fields.get(273) ?? fields.get(324))?.values.forEach((offset, i) =>
        change(changed.subarray(offset, offset + (lengths[i] ?? 0))),
      );
      return changed;
    }

    it.each(Object.entries(KINDS))('of %s whose second halves are zeroed is refused', async (_, options) => {
      const file = await encodeTiff(digit, options);
      expect(await outcome(file)).toBe('decoded');
      expect(await outcome(withPieces(file, (piece) => piece.fill(0, piece.length >> 1)))).toBe(
        'corrupt_image',
      );
    });

    it.each([
      ['lzw', 279],
      ['lzwTiles', 325],
    ])('of %s in strips or tiles of no bytes is refused', async (kind, tag) => {
      const file = await encodeTiff(digit, KINDS[kind]);
      const { at = 0, bytes = 0, values = [] } = tiffFields(file).get(tag) ?? {};
      file.fill(0, at, at + bytes * values.length);
      expect(await outcome(file)).toBe('corrupt_image');
    });

    it('that lacks tiles is refused', async () => {
      const file = await encodeTiff(digit, KINDS['lzwTiles']);
      const fields = tiffFields(file);
      for (const tag of [324, 325]) {
        const { entry = 0, values = [] } = fields.get(tag) ?? {};
        file.writeUInt16LE(4, entry + 2);
        file.writeUInt32LE(1, entry + 4);
        file.writeUInt32LE(values[0] ?? 0, entry + 8);
      }
      expect(await outcome(file)).toBe('corrupt_image');
    });
  });

  it('no JPEG within a TIFF is gone over more often than one by itself', async () => {
    const jpeg = await encodeJpeg(gray, { progressive: true });
    const scan = Buffer.from('ffda0008010100013f1000', 'hex');
    const scans = Array.from({ length: 30 }, () => scan);
    const samples = Array.from(Buffer.concat([jpeg.subarray(0, -2), ...scans, jpeg.subarray(-2)]));
    const file = tiffFile({ width: 28, height: 28, littleEndian: true, samples, fields: { 259: 7 } });
    await expect(decodeImage(file)).rejects.toHaveProperty(
      'cause.message',
      expect.stringMatching(/exceeds maximum scans \(20\)/),
    );
  });

  it.each(NAMES)('%s with bytes changed ends in a picture or in an error of ours', async (name) => {
    const file = fileOf(name);
    const changes = fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(changes, async (bytes) => {
        const changed = Buffer.from(file);
        for (const [offset, value] of bytes) changed.writeUInt8(value, offset);
        expect(['decoded', ...IMAGE_ERRORS]).toContain(await outcome(changed));
      }),
      { numRuns: 100 },
    );
  });

  it.each(NAMES)(
    '%s with a piece taken out or put in ends in a picture or in an error of ours',
    async (name) => {
      const file = fileOf(name);
      await fc.assert(
        fc.asyncProperty(
          fc.nat(file.length),
          fc.nat(40),
          fc.uint8Array({ maxLength: 40 }),
          async (at, gap, piece) => {
            const changed = Buffer.concat([file.subarray(0, at), piece, file.subarray(at + gap)]);
            expect(['decoded', ...IMAGE_ERRORS]).toContain(await outcome(changed));
          },
        ),
        { numRuns: 100 },
      );
    },
  );

  it('any bytes at all, also after the first bytes of a format, end in a picture or in an error of ours', async () => {
    const beginnings = fc.constantFrom(
      Buffer.alloc(0),
      ...NAMES.map((name) => fileOf(name).subarray(0, 30)),
      ...Object.values(announcing(20, 20)),
    );
    await fc.assert(
      fc.asyncProperty(beginnings, fc.uint8Array({ maxLength: 200 }), async (beginning, rest) => {
        expect(['decoded', ...IMAGE_ERRORS]).toContain(await outcome(Buffer.concat([beginning, rest])));
      }),
      { numRuns: 500 },
    );
  });
});
