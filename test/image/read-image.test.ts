import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { ImageContent } from '../../src/image/picture.js';
import { readImageSyncIfSmall } from '../../src/image/read-image.js';
import { drawDigit, encodeGif, encodePng, encodeWebp } from '../helpers/data/digits.js';

/** Decoders give their own kinds of arrays. */
const levelsOf = (content: ImageContent | undefined): number[] => [
  ...(content?.kind === 'picture' ? content.picture.gray.data : (content?.frame ?? [])),
];

describe('readImageSyncIfSmall', () => {
  it('gives the models the same whatever file the digit came in', async () => {
    const digit = drawDigit(4, { width: 40, height: 30 });
    const files = [await encodePng(digit), encodeGif(digit), await encodeWebp(digit, { lossless: true })];
    for (const normalize of ['never', 'auto'] as const) {
      const [content, ...others] = await Promise.all(
        files.map(async (file) => readImageSyncIfSmall(file, { normalize })),
      );
      expect(content?.kind).toBe(normalize === 'never' ? 'frame' : 'picture');
      for (const other of others) expect(levelsOf(other)).toEqual(levelsOf(content));
    }
  });

  it('tells the size of a large picture as it is stored, upright', async () => {
    const file = await sharp({ create: { width: 1300, height: 700, channels: 3, background: '#ddd' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const content = await readImageSyncIfSmall(file);
    if (content.kind !== 'picture') throw new Error('expected a picture');
    const { gray, reduction, width, height } = content.picture;
    expect([width, height]).toEqual([700, 1300]);
    expect([gray.width, gray.height]).toEqual([276, 512]);
    expect(reduction).toBeCloseTo(1300 / 512, 6);
  });

  it('refuses a picture of more pixels than allowed', async () => {
    const file = await encodePng(drawDigit(4));
    expect(() => readImageSyncIfSmall(file, { maxPixels: 100 })).toThrow(
      expect.objectContaining({ code: 'too_many_pixels' }),
    );
  });
});
