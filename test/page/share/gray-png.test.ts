import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { grayPng } from '../../../page/share/gray-png.js';

describe('grayPng', () => {
  it('is a PNG file that another decoder reads, of the same levels, in few bytes', async () => {
    const levels = Uint8Array.from({ length: 64 * 64 }, (_, i) => (i % 64 < 20 ? 90 : (i * 7) % 256));
    const file = await grayPng(levels, 64);
    const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([64, 64]);
    const gray = Array.from({ length: 64 * 64 }, (_, i) => data[i * info.channels]);
    expect(gray).toEqual([...levels]);
    expect((await grayPng(new Uint8Array(64 * 64).fill(90), 64)).length).toBeLessThan(150);
  });
});
