import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FRAME_PIXELS } from '../../src/image/frame.js';
import { readFrame } from '../../src/image/read-image.js';
import { drawDigit, encodeGif, encodePng, encodeWebp } from '../helpers/digits.js';

const EXAMPLES = new URL('../../examples/digits/', import.meta.url);

describe('readFrame', () => {
  it('gives the model the same frame whatever file the digit came in', async () => {
    const digit = drawDigit(4);
    const files = [await encodePng(digit), encodeGif(digit), await encodeWebp(digit, { lossless: true })];
    for (const file of files) {
      expect(Buffer.from(await readFrame(file, { normalize: 'never' }))).toEqual(Buffer.from(digit.data));
    }
    const [frame, ...others] = await Promise.all(files.map((file) => readFrame(file)));
    for (const other of others) expect(Buffer.from(other)).toEqual(Buffer.from(frame ?? []));
  });

  it('refuses a picture of more pixels than allowed', async () => {
    const file = await encodePng(drawDigit(4));
    await expect(readFrame(file, { maxPixels: 100 })).rejects.toMatchObject({ code: 'too_many_pixels' });
  });
});

describe('the sample digits', () => {
  const names = readdirSync(EXAMPLES).filter((name) => /\.(png|jpg)$/.test(name));

  it('are there for every digit', () => {
    for (let digit = 0; digit < 10; digit++) expect(names).toContain(`${digit}.png`);
  });

  it.each(names)('%s is read as light ink on a dark ground', async (name) => {
    const frame = await readFrame(readFileSync(new URL(name, EXAMPLES)));
    expect(frame).toHaveLength(FRAME_PIXELS);
    expect(Math.max(...frame)).toBeGreaterThan(180);
    const dark = frame.filter((level) => level < 60).length;
    expect(dark).toBeGreaterThan(FRAME_PIXELS * 0.7);
  });
});
