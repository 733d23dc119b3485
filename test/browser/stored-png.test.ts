import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { planeOfStoredPng, storedPng, storedPngUrl } from '../../src/browser/stored-png.js';

describe('storedPng', () => {
  it('is a PNG file of the same plane', async () => {
    const sizes = fc.record({
      width: fc.integer({ min: 1, max: 300 }),
      height: fc.integer({ min: 1, max: 300 }),
    });
    await fc.assert(
      fc.asyncProperty(sizes, async ({ width, height }) => {
        const data = Uint8Array.from({ length: width * height }, (_, i) => (i * 37) % 256);
        const decoded = await sharp(storedPng({ width, height, data }))
          .raw()
          .toBuffer({ resolveWithObject: true });
        expect([decoded.info.width, decoded.info.height]).toEqual([width, height]);
        const gray = decoded.data.filter((_, i) => i % decoded.info.channels === 0);
        expect(Buffer.compare(gray, Buffer.from(data))).toBe(0);
      }),
      { numRuns: 20 },
    );
  });

  it('goes into a data: URL', async () => {
    const url = storedPngUrl({ width: 2, height: 1, data: Uint8Array.of(7, 200) });
    const [, base64 = ''] = /^data:image\/png;base64,(.*)$/.exec(url) ?? [];
    const { info } = await sharp(Buffer.from(base64, 'base64')).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([2, 1]);
  });

  it('is read again from that URL, and nothing else is', () => {
    for (const [width, height] of [
      [1, 1],
      [64, 64],
      [300, 290],
    ] as const) {
      const plane = { width, height, data: Uint8Array.from({ length: width * height }, (_, i) => i * 7) };
      expect(planeOfStoredPng(storedPngUrl(plane))).toEqual(plane);
    }
    const url = storedPngUrl({ width: 3, height: 2, data: new Uint8Array(6) });
    expect(planeOfStoredPng(url.slice(0, -8))).toBeNull();
    expect(planeOfStoredPng('data:image/png;base64,iVBORw0KGgo=')).toBeNull();
    expect(planeOfStoredPng('https://127.0.0.1/7.png')).toBeNull();
  });
});
