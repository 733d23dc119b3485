import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intersectionOverUnion, type BoundingBox } from '../../../src/image/view/bounding-box.js';
import {
  boxInPicture,
  boxInSquare,
  squareAround,
  squareOfDigit,
  VIEW_FILL,
} from '../../../src/image/view/square.js';

const place = fc.double({ min: -500, max: 500, noNaN: true });
const length = fc.double({ min: 1, max: 500, noNaN: true });
const anyBox: fc.Arbitrary<BoundingBox> = fc.record({ x: place, y: place, width: length, height: length });

function expectBox(box: BoundingBox, wanted: BoundingBox): void {
  for (const key of ['x', 'y', 'width', 'height'] as const) expect(box[key]).toBeCloseTo(wanted[key], 6);
}

describe('squares', () => {
  it('find a box again that was laid into their copy', () => {
    fc.assert(
      fc.property(anyBox, anyBox, (box, other) => {
        const square = squareOfDigit(other);
        expectBox(boxInPicture(boxInSquare(box, square, 64), square, 64), box);
      }),
    );
  });

  it('have the digit in the middle, as long as the room around it wants', () => {
    fc.assert(
      fc.property(anyBox, (box) => {
        const { x, y, width, height } = boxInSquare(box, squareOfDigit(box), 64);
        expect(x + width / 2).toBeCloseTo(32, 6);
        expect(y + height / 2).toBeCloseTo(32, 6);
        expect(Math.max(width, height)).toBeCloseTo(64 * VIEW_FILL, 6);
      }),
    );
  });

  it('show a picture as a whole, its shorter side centred', () => {
    expect(squareAround({ width: 100, height: 60 })).toEqual({ x: 0, y: -20, side: 100 });
    expect(squareAround({ width: 3, height: 7 })).toEqual({ x: -2, y: 0, side: 7 });
  });
});

describe('intersectionOverUnion', () => {
  it('is 1 of a box with itself, 0 of boxes that do not meet, and the same either way', () => {
    fc.assert(
      fc.property(anyBox, anyBox, (a, b) => {
        expect(intersectionOverUnion(a, a)).toBeCloseTo(1, 9);
        expect(intersectionOverUnion(a, b)).toBeCloseTo(intersectionOverUnion(b, a), 12);
        expect(intersectionOverUnion(a, { ...a, x: a.x + a.width })).toBeCloseTo(0, 9);
      }),
    );
  });

  it('is what counting gives', () => {
    const a = { x: 0, y: 0, width: 4, height: 2 };
    expect(intersectionOverUnion(a, { x: 2, y: 1, width: 4, height: 2 })).toBeCloseTo(2 / 14, 12);
  });
});
