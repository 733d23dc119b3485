import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadMnistPart } from '../../../src/data/mnist/mnist.js';
import { letterbox } from '../../../src/image/normalize/letterbox.js';
import { frameAt, FRAME_PIXELS, planeOfFrame } from '../../../src/image/frame.js';
import { isFrame } from '../../../src/image/normalize/is-frame.js';
import type { NormalizeMode } from '../../../src/image/normalize-mode.js';
import type { ImageContent, Picture } from '../../../src/image/picture.js';
import { placeDigit } from '../../../src/image/view/place.js';
import type { Raster } from '../../../src/image/raster.js';
import { toContent } from '../../../src/image/normalize/to-content.js';
import type { Orientation } from '../../../src/image/exif-orientation.js';
import { runSync } from '../../../src/image/task.js';
import { drawDigit, enlarge, type DigitStyle } from '../../helpers/data/digits.js';
import { mnistDir } from '../../helpers/data/mnist.js';

const contentOf = (raster: Raster, mode?: NormalizeMode, orientation?: Orientation): ImageContent =>
  runSync(toContent(raster, mode, orientation));

function pictureOf(...args: Parameters<typeof contentOf>): Picture {
  const content = contentOf(...args);
  if (content.kind === 'frame') throw new Error('expected a picture');
  return content.picture;
}

/** A frame as MNIST's are. */
const frame: Raster = {
  width: 28,
  height: 28,
  channels: 1,
  data: placeDigit(drawDigit(5, { width: 60, height: 60 })),
};

describe('toContent', () => {
  it('leaves a frame as it is, also dark on light, enlarged or in colours', () => {
    const inverted = { ...frame, data: frame.data.map((level) => 255 - level) };
    const rgb = Uint8Array.from([...frame.data].flatMap((level) => [level, level, level]));
    const coloured: Raster = { ...frame, channels: 3, data: rgb };
    for (const raster of [frame, inverted, enlarge(frame, 10), enlarge(inverted, 3), coloured]) {
      const content = contentOf(raster);
      expect(content).toMatchObject({ kind: 'frame' });
      expect(content.kind === 'frame' && Uint8Array.from(content.frame)).toEqual(frame.data);
      expect(contentOf(raster, 'always').kind).toBe('picture');
    }
    expect(contentOf(frame)).toEqual({ kind: 'frame', frame: frame.data });
  });

  it.each<DigitStyle>([
    { digitSize: 12 },
    { digitSize: 15, shiftX: 5 },
    { ink: 20, background: 240 },
    { ink: 20, background: 240, width: 280, height: 280 },
    { ink: 0 },
  ])('takes for a picture what is no frame: %j', (style) => {
    expect(contentOf(drawDigit(2, style)).kind).toBe('picture');
  });

  it('makes frames that keep no more memory than their own, as requests wait with them', () => {
    const inverted = { ...frame, data: frame.data.map((level) => 255 - level) };
    for (const raster of [inverted, enlarge(inverted, 2), enlarge(frame, 3)]) {
      const content = contentOf(raster);
      expect(content.kind === 'frame' && content.frame.buffer.byteLength).toBe(FRAME_PIXELS);
    }
  });

  it('makes a frame of whatever is not to be looked at for a digit', () => {
    const drawn = drawDigit(3, { width: 90, height: 50, ink: 20, background: 240 });
    const content = contentOf(drawn, 'never');
    expect(content).toEqual({ kind: 'frame', frame: runSync(letterbox(drawn)) });
    const small = drawDigit(2, { digitSize: 12 });
    expect(contentOf(small, 'never')).toEqual({ kind: 'frame', frame: small.data });
  });

  it('is as large as the picture is upright, and at most 512 of its squares along a side', () => {
    const size = fc.record({
      width: fc.integer({ min: 1, max: 1600 }),
      height: fc.integer({ min: 1, max: 1600 }),
    });
    fc.assert(
      fc.property(size, fc.constantFrom<Orientation>(1, 3, 6, 8), ({ width, height }, orientation) => {
        const raster: Raster = { width, height, channels: 1, data: new Uint8Array(width * height).fill(200) };
        const picture = pictureOf(raster, 'auto', orientation);
        const isUpright = orientation < 5;
        expect([picture.width, picture.height]).toEqual(isUpright ? [width, height] : [height, width]);
        const { gray, reduction } = picture;
        expect(Math.max(gray.width, gray.height)).toBeLessThanOrEqual(512);
        expect(gray.width).toBe(Math.ceil(picture.width / reduction));
        expect(gray.height).toBe(Math.ceil(picture.height / reduction));
        if (Math.max(width, height) <= 512) expect(reduction).toBe(1);
      }),
      { numRuns: 40 },
    );
  });

  it('turns a picture before it is looked at', () => {
    const raster: Raster = { width: 3, height: 2, channels: 1, data: Uint8Array.of(1, 2, 3, 4, 5, 6) };
    // Stored lying on its left side: the first row is its right column.
    expect(pictureOf(raster, 'auto', 6).gray).toMatchObject({
      width: 2,
      height: 3,
      data: Uint8Array.of(4, 1, 5, 2, 6, 3),
    });
  });

  it('lays what is transparent over a ground that shows the ink', () => {
    const raster: Raster = { width: 2, height: 1, channels: 2, data: Uint8Array.of(10, 255, 0, 0) };
    const { data } = pictureOf(raster).gray;
    expect(data[0]).toBe(10);
    expect(Math.abs((data[1] ?? 0) - (data[0] ?? 0))).toBeGreaterThan(100);
  });
});

describe.skipIf(!mnistDir)('real MNIST', () => {
  it('all 60,000 training images are frames, so that auto leaves them as they are', async () => {
    const { data } = await loadMnistPart('train', { dataDir: mnistDir });
    let count = 0;
    for (let i = 0; i < data.frames.count; i++) {
      if (isFrame(planeOfFrame(frameAt(data.frames, i)))) count++;
    }
    expect(count).toBe(60_000);
  });
});
