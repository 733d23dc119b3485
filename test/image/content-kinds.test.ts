import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NormalizeMode } from '../../src/image/normalize-mode.js';
import type { Orientation } from '../../src/image/turn.js';
import type { ImageContent, Picture } from '../../src/image/picture.js';
import type { Raster } from '../../src/image/raster.js';
import { toContent, toFrame } from '../../src/image/to-content.js';
import { finish } from '../../src/image/work.js';
import { drawDigit, enlarge, type DigitStyle } from '../helpers/digits.js';

const contentOf = (raster: Raster, mode?: NormalizeMode, orientation?: Orientation): ImageContent =>
  finish(toContent(raster, mode, orientation));

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
  data: finish(toFrame(drawDigit(5, { width: 60, height: 60, ink: 0, background: 255 }))),
};

describe('toContent', () => {
  it('tells frames from pictures as frames by rules are told, and leaves frames as they are', () => {
    const inverted = { ...frame, data: frame.data.map((level) => 255 - level) };
    for (const raster of [frame, inverted, enlarge(frame, 10), enlarge(inverted, 3)]) {
      const content = contentOf(raster);
      expect(content).toMatchObject({ kind: 'frame' });
      expect(content.kind === 'frame' && Uint8Array.from(content.frame)).toEqual(frame.data);
      expect(contentOf(raster, 'always').kind).toBe('picture');
    }
    const style: DigitStyle = { ink: 20, background: 240 };
    expect(contentOf(drawDigit(3, { ...style, width: 28, height: 28 })).kind).toBe('picture');
    expect(contentOf(drawDigit(3, { ...style, width: 280, height: 280 })).kind).toBe('picture');
  });

  it('makes a frame of whatever is not to be looked at for a digit', () => {
    const drawn = drawDigit(3, { width: 90, height: 50, ink: 20, background: 240 });
    const content = contentOf(drawn, 'never');
    expect(content).toEqual({ kind: 'frame', frame: finish(toFrame(drawn, 'never')) });
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
