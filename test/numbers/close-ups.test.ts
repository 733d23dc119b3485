import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closeUpsOf, withNeighbours } from '../../src/numbers/close-ups.js';

const digit = (x: number, height = 20) => ({ x, y: 10, width: 0.6 * height, height });

describe('closeUpsOf', () => {
  it('shows a digit in the middle of a square three times as high', () => {
    const [square, ...others] = closeUpsOf([digit(50)]);
    expect(square).toEqual({ x: 56 - 30, y: 20 - 30, side: 60 });
    expect(others).toEqual([]);
  });

  it('shows neighbours of about the same height in one square, and others in squares of their own', () => {
    expect(closeUpsOf([digit(50), digit(58, 22)])).toHaveLength(1);
    expect(closeUpsOf([digit(50), digit(50, 40)])).toHaveLength(2);
    expect(closeUpsOf([digit(50), digit(90)])).toHaveLength(2);
  });

  it('makes none for what squares that are there already show well', () => {
    const made = closeUpsOf([digit(50)]);
    expect(closeUpsOf([digit(52), digit(200)], made)).toHaveLength(1);
    expect(made).toHaveLength(1);
  });

  it('has every digit well inside of a square', () => {
    const boxes = fc.array(
      fc.record({
        x: fc.double({ min: -50, max: 2000, noNaN: true }),
        y: fc.double({ min: -50, max: 500, noNaN: true }),
        width: fc.double({ min: 4, max: 60, noNaN: true }),
        height: fc.double({ min: 4, max: 200, noNaN: true }),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(boxes, (all) => {
        const squares = closeUpsOf(all);
        for (const { x, y, width, height } of all) {
          const inside = squares.filter(
            (square) =>
              x + width / 2 > square.x + 0.25 * square.side &&
              x + width / 2 < square.x + 0.75 * square.side &&
              y + height / 2 > square.y + 0.15 * square.side &&
              y + height / 2 < square.y + 0.85 * square.side,
          );
          expect(inside.length).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('is bounded', () => {
    expect(closeUpsOf(Array.from({ length: 10_000 }, (_, i) => digit(100 * i))).length).toBe(640);
  });
});

describe('withNeighbours', () => {
  const picture = { width: 300, height: 60 };

  it('adds where digits before and behind may stand, as far as the picture goes', () => {
    const boxes = withNeighbours([digit(100)], picture);
    expect(boxes.map(({ x }) => x)).toEqual([100, 81, 119]);
    expect(withNeighbours([digit(0)], picture).map(({ x }) => x)).toEqual([0, 19]);
    expect(withNeighbours([digit(288)], picture).map(({ x }) => x)).toEqual([288, 269]);
  });
});
