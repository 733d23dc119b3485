import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { FRAME_PIXELS, planeOfFrame } from '../../src/image/frame.js';
import { planePng, planePngUrl } from '../../src/image/plane-png.js';
import { readWhole } from '../helpers/data/read-whole.js';

describe('planePng', () => {
  it('holds any frame to the last grey level, and is read as that frame again', async () => {
    const anyFrame = fc.uint8Array({ minLength: FRAME_PIXELS, maxLength: FRAME_PIXELS });
    await fc.assert(
      fc.asyncProperty(anyFrame, async (frame) => {
        const read = await readWhole(planePng(planeOfFrame(frame)));
        expect(Uint8Array.from(read)).toEqual(frame);
      }),
      { numRuns: 20 },
    );
  });

  it('is gray alone, as another decoder sees it', async () => {
    const frame = Uint8Array.from({ length: FRAME_PIXELS }, (_, i) => (i * 37) % 256);
    // libvips checks the checksums of the chunks too.
    const image = sharp(planePng(planeOfFrame(frame)), { failOn: 'warning' });
    expect(await image.metadata()).toMatchObject({ format: 'png', width: 28, height: 28, channels: 1 });
    expect(Uint8Array.from(await image.extractChannel(0).raw().toBuffer())).toEqual(frame);
  });

  it('is a data: URL where one is asked for', () => {
    const frame = new Uint8Array(FRAME_PIXELS);
    expect(planePngUrl(planeOfFrame(frame))).toBe(
      `data:image/png;base64,${planePng(planeOfFrame(frame)).toString('base64')}`,
    );
  });
});
