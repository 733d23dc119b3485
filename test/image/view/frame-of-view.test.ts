import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../src/image/decode/decode.js';
import { FRAME_PIXELS, planeOfFrame, type Frame } from '../../../src/image/frame.js';
import { isFrame } from '../../../src/image/normalize/is-frame.js';
import { boxOf, type Plane } from '../../../src/image/plane.js';
import type { BoundingBox } from '../../../src/image/view/bounding-box.js';
import { frameOfView } from '../../../src/image/view/frame-of-view.js';
import { resample } from '../../../src/image/view/resample.js';
import { VIEW_SIDE } from '../../../src/image/view/sizes.js';
import { boxInSquare, squareOfDigit } from '../../../src/image/view/square.js';
import { standardize } from '../../../src/image/view/standardize.js';
import { drawDigit, encodeJpeg, enlarge, seededRandom, type DigitStyle } from '../../helpers/data/digits.js';

/** The frame of the digit in a box of a picture, seen as what reads pictures sees it. */
function frameIn(plane: Plane, box: BoundingBox): Frame {
  const square = squareOfDigit(box);
  const values = new Float32Array(VIEW_SIDE * VIEW_SIDE);
  resample(plane, square, VIEW_SIDE, values);
  const data = new Uint8Array(values.length);
  standardize(values, data);
  const view = { width: VIEW_SIDE, height: VIEW_SIDE, data };
  const whole = { x: 0, y: 0, width: plane.width, height: plane.height };
  return frameOfView(view, boxInSquare(box, square, VIEW_SIDE), boxInSquare(whole, square, VIEW_SIDE));
}

/** Where the digit of a style lies. */
function boxOfDigit(digit: number, style: DigitStyle): BoundingBox {
  const box = boxOf(drawDigit(digit, { ...style, ink: 255, background: 0 }));
  if (!box) throw new Error('unreachable: a digit was drawn');
  const { left, top, right, bottom } = box;
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

function frameOf(digit: number, style: DigitStyle): Frame {
  return frameIn(drawDigit(digit, style), boxOfDigit(digit, style));
}

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

describe('the frame of a digit that was found', () => {
  const check = (property: (digit: number, style: DigitStyle, frame: Frame) => void, numRuns = 25): void =>
    fc.assert(
      fc.property(drawn, ({ digit, style }) => {
        property(digit, style, frameOf(digit, style));
      }),
      { numRuns },
    );

  it('is one as MNIST has them', () => {
    check((_, _style, frame) => {
      expect(isFrame(planeOfFrame(frame))).toBe(true);
    });
  });

  it('is the same of the inverted picture, and of the enlarged one', () => {
    check((digit, style, frame) => {
      const { ink = 0, background = 255 } = style;
      expect(
        shapeDifference(frameOf(digit, { ...style, ink: background, background: ink }), frame),
      ).toBeLessThan(0.03);
      const { x, y, width, height } = boxOfDigit(digit, style);
      const large = frameIn(enlarge(drawDigit(digit, style), 3), {
        x: 3 * x,
        y: 3 * y,
        width: 3 * width,
        height: 3 * height,
      });
      expect(shapeDifference(large, frame)).toBeLessThan(0.12);
    });
  });

  it('is the same wherever the digit lies', () => {
    check((digit, style, frame) => {
      const moved = frameOf(digit, { ...style, width: 300, height: 220, shiftX: 60, shiftY: -30 });
      expect(shapeDifference(moved, frame)).toBeLessThan(0.25);
    });
  });

  it('is nearly the same where the box is a little amiss', () => {
    const amiss = fc.double({ min: -0.04, max: 0.06, noNaN: true });
    fc.assert(
      fc.property(drawn, amiss, amiss, ({ digit, style }, across, down) => {
        const { x, y, width, height } = boxOfDigit(digit, style);
        const side = Math.max(width, height);
        const box = {
          x: x - (across * side) / 2,
          y: y - (down * side) / 2,
          width: width + across * side,
          height: height + down * side,
        };
        const found = frameIn(drawDigit(digit, style), box);
        expect(shapeDifference(found, frameOf(digit, style))).toBeLessThan(0.25);
      }),
      { numRuns: 40 },
    );
  });

  it('is nearly the same after a trip through JPEG', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, fc.integer({ min: 40, max: 90 }), async ({ digit, style }, quality) => {
        const { width, height, data } = await decodeImage(
          await encodeJpeg(drawDigit(digit, style), { quality }),
        );
        const returned = frameIn({ width, height, data }, boxOfDigit(digit, style));
        expect(shapeDifference(returned, frameOf(digit, style))).toBeLessThan(0.25);
      }),
      { numRuns: 15 },
    );
  });

  it('has the digit of a drawn frame, whichever way it is drawn, and no other', () => {
    const golden = Array.from({ length: 10 }, (_, digit) =>
      frameOf(digit, { width: 140, height: 140, softness: 3 }),
    );
    const others: Readonly<Record<string, DigitStyle>> = {
      small: { width: 280, height: 280, digitSize: 40, penWidth: 4.8, softness: 2 },
      large: { width: 560, height: 420, digitSize: 350, penWidth: 42, softness: 8 },
      gray: { width: 140, height: 140, ink: 100, background: 150 },
    };
    for (const [digit, frame] of golden.entries()) {
      for (const [name, style] of Object.entries(others)) {
        expect(shapeDifference(frameOf(digit, style), frame), `${digit} ${name}`).toBeLessThan(0.3);
      }
      for (const other of golden.slice(0, digit)) {
        expect(shapeDifference(frame, other)).toBeGreaterThan(0.35);
      }
    }
  });

  it('ends where the picture ends, whatever the box says', () => {
    const style: DigitStyle = {
      width: 100,
      height: 100,
      digitSize: 60,
      shiftX: -35,
      ink: 30,
      background: 230,
    };
    const cut = drawDigit(4, style);
    const { x, y, width, height } = boxOfDigit(4, style);
    expect(x).toBe(0);
    const frame = frameIn(cut, { x, y, width, height });
    // Where the picture is seen to go on beyond its edge, strokes that reach it would be longer.
    const beyond = { x: x - 5, y, width: width + 5, height };
    expect(shapeDifference(frameIn(cut, beyond), frame)).toBeLessThan(0.1);
  });

  it('has nothing of what stands beside it', () => {
    const left: DigitStyle = {
      width: 200,
      height: 100,
      shiftX: -45,
      digitSize: 60,
      ink: 30,
      background: 230,
    };
    const alone = drawDigit(5, left);
    const neighbour = drawDigit(8, { ...left, shiftX: 30 });
    const both = { ...alone, data: alone.data.map((level, i) => Math.min(level, neighbour.data[i] ?? 255)) };
    const box = boxOfDigit(5, left);
    expect(shapeDifference(frameIn(both, box), frameIn(alone, box))).toBeLessThan(0.1);
  });
});

describe('non-digits', () => {
  it('gives an empty frame, grain and all', () => {
    const random = seededRandom(3);
    const grain = Uint8Array.from({ length: 90 * 60 }, () => 200 + 12 * (random() + random() - 1));
    const box = { x: 20, y: 10, width: 30, height: 40 };
    for (const data of [new Uint8Array(5400), new Uint8Array(5400).fill(255), grain]) {
      expect(frameIn({ width: 90, height: 60, data }, box)).toEqual(new Uint8Array(FRAME_PIXELS));
    }
  });

  it('whatever the view and the box, there is a frame', () => {
    const place = fc.double({ min: -80, max: 120, noNaN: true });
    const side = fc.double({ min: 0.5, max: 150, noNaN: true });
    const box = fc.record({ x: place, y: place, width: side, height: side });
    const levels = fc.uint8Array({ minLength: 4096, maxLength: 4096 });
    fc.assert(
      fc.property(levels, box, box, (data, around, picture) => {
        const frame = frameOfView({ width: VIEW_SIDE, height: VIEW_SIDE, data }, around, picture);
        expect(frame).toHaveLength(FRAME_PIXELS);
        if (frame.some((level) => level > 0)) expect(Math.max(...frame)).toBe(255);
      }),
      { numRuns: 50 },
    );
  });
});
