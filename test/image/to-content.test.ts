import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadMnistPart } from '../../src/data/mnist.js';
import { decodeImage } from '../../src/image/decode.js';
import { frameAt, FRAME_PIXELS, type Frame } from '../../src/image/frame.js';
import type { NormalizeMode } from '../../src/image/normalize-mode.js';
import { isFrame } from '../../src/image/place.js';
import type { Raster } from '../../src/image/raster.js';
import { toFrame } from '../../src/image/to-content.js';
import { finish } from '../../src/image/work.js';
import { drawDigit, encodeJpeg, enlarge, seededRandom, type DigitStyle } from '../helpers/digits.js';
import { mnistDir } from '../helpers/mnist.js';

const frameOf = (raster: Raster, mode?: NormalizeMode): Frame => finish(toFrame(raster, mode));

const asPlane = (data: Uint8Array): Raster & { channels: 1 } => ({
  width: 28,
  height: 28,
  channels: 1,
  data,
});

/** How far two frames differ: the mean over their ink of the differences, 0..1. */
function difference(a: Frame, b: Frame): number {
  let apart = 0;
  let ink = 0;
  for (let i = 0; i < FRAME_PIXELS; i++) {
    apart += Math.abs((a[i] ?? 0) - (b[i] ?? 0));
    ink += Math.max(a[i] ?? 0, b[i] ?? 0);
  }
  return ink === 0 ? 0 : apart / ink;
}

/** The same, wherever the other lies: whole pixels centre a frame, and at half a pixel a trifle decides which. */
function shapeDifference(a: Frame, b: Frame): number {
  const moved = [-29, -28, -27, -1, 0, 1, 27, 28, 29].map((by) =>
    difference(
      a,
      b.map((_, i) => b[i - by] ?? 0),
    ),
  );
  return Math.min(...moved);
}

/** Digits drawn anywhere on paper, every stroke within the picture. */
const drawn: fc.Arbitrary<{ readonly digit: number; readonly style: DigitStyle }> = fc.record({
  digit: fc.integer({ min: 0, max: 9 }),
  style: fc
    .record({
      variant: fc.integer({ min: 0, max: 2 }),
      slantDegrees: fc.integer({ min: -10, max: 15 }),
      share: fc.double({ min: 0.35, max: 0.6, noNaN: true }),
      pen: fc.double({ min: 0.1, max: 0.18, noNaN: true }),
      ink: fc.integer({ min: 0, max: 80 }),
      background: fc.integer({ min: 190, max: 255 }),
    })
    .map(({ share, pen, ...style }) => ({
      ...style,
      width: 120,
      height: 120,
      digitSize: 120 * share,
      penWidth: 120 * share * pen,
      softness: 1.5,
    })),
});

function withMargin({ width, height, data }: Raster, margin: number, level: number): Raster {
  const wide = width + 2 * margin;
  const padded = new Uint8Array(wide * (height + 2 * margin)).fill(level);
  for (let y = 0; y < height; y++) {
    padded.set(data.subarray(y * width, (y + 1) * width), (y + margin) * wide + margin);
  }
  return { width: wide, height: height + 2 * margin, channels: 1, data: padded };
}

describe('the frame of a picture', () => {
  const check = (property: (raster: Raster, style: DigitStyle, frame: Frame) => void, numRuns = 25): void =>
    fc.assert(
      fc.property(drawn, ({ digit, style }) => {
        const raster = drawDigit(digit, style);
        property(raster, style, frameOf(raster));
      }),
      { numRuns },
    );

  it('is one as MNIST has them, and so a fixed point', () => {
    check((_, _style, frame) => {
      expect(isFrame(asPlane(frame))).toBe(true);
      expect(frameOf(asPlane(frame))).toBe(frame);
    });
  });

  it('is the same of the inverted picture', () => {
    check((raster, _, frame) => {
      expect(frameOf({ ...raster, data: raster.data.map((level) => 255 - level) })).toEqual(frame);
    });
  });

  it('is the same of the picture enlarged by whole factors', () => {
    check((raster, _, frame) => {
      for (const factor of [2, 3, 4]) expect(frameOf(enlarge(raster, factor))).toEqual(frame);
    }, 12);
  });

  it('is the same wherever the digit lies, and with however wide a margin', () => {
    check((raster, { width = 0, digitSize = 0, background = 255 }, frame) => {
      const free = Math.floor((width - digitSize) / 4);
      const moved = withMargin(raster, free, background);
      // A thin 1 is so little ink that its edges alone are a third of it; the largest of 4,000 is 0.413.
      expect(shapeDifference(frameOf(moved), frame)).toBeLessThan(0.5);
      const data = raster.data.map((_, i) => raster.data[i - free * 121] ?? background);
      expect(shapeDifference(frameOf({ ...raster, data }), frame)).toBeLessThan(0.1);
    });
  });

  it('is nearly the same after a trip through JPEG', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, fc.integer({ min: 40, max: 90 }), async ({ digit, style }, quality) => {
        const raster = drawDigit(digit, style);
        const returned = await decodeImage(await encodeJpeg(raster, { quality }));
        expect(shapeDifference(frameOf(returned), frameOf(raster))).toBeLessThan(0.4);
      }),
      { numRuns: 15 },
    );
  });

  it('has the digit of a drawn frame, whichever way it is drawn', () => {
    for (let digit = 0; digit < 10; digit++) {
      const golden = frameOf(drawDigit(digit, { width: 140, height: 140, softness: 3 }));
      const others: Readonly<Record<string, DigitStyle>> = {
        small: { width: 280, height: 280, digitSize: 40, penWidth: 4.8, softness: 2 },
        large: { width: 560, height: 420, digitSize: 380, penWidth: 46, softness: 8 },
        corner: {
          width: 200,
          height: 200,
          digitSize: 60,
          penWidth: 7.2,
          softness: 2,
          shiftX: 60,
          shiftY: -55,
        },
        gray: { width: 140, height: 140, ink: 100, background: 150 },
      };
      for (const [name, style] of Object.entries(others)) {
        expect(shapeDifference(frameOf(drawDigit(digit, style)), golden), `${digit} ${name}`).toBeLessThan(
          0.3,
        );
      }
    }
  });
});

it('frames of different digits differ by more than any of these bounds', () => {
  const frames = Array.from({ length: 10 }, (_, digit) =>
    frameOf(drawDigit(digit, { width: 140, height: 140 })),
  );
  frames.forEach((frame, i) => {
    frames.slice(0, i).forEach((other) => expect(shapeDifference(frame, other)).toBeGreaterThan(0.3));
  });
});

describe('what is no digit', () => {
  it('gives an empty frame', () => {
    const empty = new Uint8Array(FRAME_PIXELS);
    const random = seededRandom(3);
    const grain = Uint8Array.from({ length: 90 * 60 }, () => 200 + 12 * (random() + random() - 1));
    for (const level of [0, 90, 255]) {
      for (const [width, height] of [
        [1, 1],
        [28, 28],
        [1, 700],
        [300, 200],
      ] as const) {
        const data = new Uint8Array(width * height).fill(level);
        expect(frameOf({ width, height, channels: 1, data })).toEqual(empty);
      }
    }
    expect(frameOf({ width: 90, height: 60, channels: 1, data: grain })).toEqual(empty);
    expect(frameOf({ width: 9, height: 5, channels: 4, data: new Uint8Array(180) })).toEqual(empty);
  });

  it('whatever the picture, there is a frame', () => {
    const pictures = fc
      .record({
        width: fc.integer({ min: 1, max: 40 }),
        height: fc.integer({ min: 1, max: 40 }),
        channels: fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const),
      })
      .chain((size) => {
        const length = size.width * size.height * size.channels;
        return fc.uint8Array({ minLength: length, maxLength: length }).map((data) => ({ ...size, data }));
      });
    fc.assert(
      fc.property(pictures, (raster) => {
        expect(frameOf(raster)).toHaveLength(FRAME_PIXELS);
        expect(frameOf(raster, 'always')).toHaveLength(FRAME_PIXELS);
      }),
    );
  });
});

describe('modes', () => {
  const framed = frameOf(drawDigit(5, { width: 140, height: 140 }));

  it('auto lets a frame pass bit for bit, also light ink as RGB, dark on light, or enlarged', () => {
    expect(frameOf(asPlane(framed))).toBe(framed);
    const rgb = Uint8Array.from([...framed].flatMap((level) => [level, level, level]));
    expect(frameOf({ ...asPlane(framed), channels: 3, data: rgb })).toEqual(framed);
    expect(frameOf(asPlane(framed.map((level) => 255 - level)))).toEqual(framed);
    expect(frameOf(enlarge(asPlane(framed), 5))).toEqual(framed);
  });

  it('no frame keeps more memory than its own, as requests wait with them', () => {
    const inverted = asPlane(framed.map((level) => 255 - level));
    const blank = drawDigit(5, { ink: 255, background: 255 });
    for (const raster of [inverted, enlarge(inverted, 2), drawDigit(2, { digitSize: 12 }), blank]) {
      expect(frameOf(raster).buffer.byteLength).toBe(FRAME_PIXELS);
    }
  });

  it('auto normalises a 28 x 28 picture that is no frame: small, off-centre, dark on light', () => {
    for (const style of [{ digitSize: 12 }, { digitSize: 15, shiftX: 5 }, { ink: 0, background: 255 }]) {
      const raster = drawDigit(2, style);
      expect(frameOf(raster)).not.toEqual(raster.data);
      expect(isFrame(asPlane(frameOf(raster)))).toBe(true);
    }
  });

  it('never takes every 28 x 28 picture as it is, and always none', () => {
    const small = drawDigit(2, { digitSize: 12 });
    expect(frameOf(small, 'never')).toEqual(small.data);
    expect(difference(frameOf(asPlane(framed), 'always'), framed)).toBeLessThan(0.12);
  });
});

describe.skipIf(!mnistDir)('real MNIST', () => {
  it('all 60,000 training images are frames, so that auto leaves them as they are', async () => {
    const { data } = await loadMnistPart('train', { dataDir: mnistDir });
    let count = 0;
    for (let i = 0; i < data.frames.count; i++) if (isFrame(asPlane(frameAt(data.frames, i)))) count++;
    expect(count).toBe(60_000);
  });
});
