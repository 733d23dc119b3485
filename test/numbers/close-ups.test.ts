import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clarityOf, closeUpsOf, halfACellOn, withNeighbours } from '../../src/numbers/close-ups.js';

const digit = (x: number, height = 20) => ({ x, y: 10, width: 0.6 * height, height });

describe('closeUpsOf', () => {
  const picture = { width: 3000, height: 600 };

  it('shows a digit in the middle of a square some three times as high', () => {
    const [closeUp, ...others] = closeUpsOf([digit(50)], { picture, onlySquares: true });
    const side = 3.125 * 20;
    expect(closeUp).toEqual({ x: 56 - side / 2, y: 20 - side / 2, side, columns: 12 });
    expect(others).toEqual([]);
  });

  it('shows a line in one, as long as it is, and digits of other heights or lines in others', () => {
    const line = [50, 62, 75, 90, 130].map((x) => digit(x));
    const [closeUp, ...others] = closeUpsOf(line, { picture });
    expect(others).toEqual([]);
    expect(closeUp).toMatchObject({ y: 20 - 31.25, side: 62.5 });
    // 80 pixels from middle to middle, and 1.3 heights on both sides: 6.6 heights of 12 / 3.125 cells, in fours.
    expect(closeUp?.columns).toBe(28);
    expect(closeUpsOf([...line, digit(60, 40)], { picture })).toHaveLength(2);
    expect(closeUpsOf([...line, { ...digit(60), y: 40 }], { picture })).toHaveLength(2);
    expect(closeUpsOf([digit(50), digit(300)], { picture })).toHaveLength(2);
  });

  it('shows little of what lies beyond the picture', () => {
    const narrow = { width: 100, height: 40 };
    const [closeUp] = closeUpsOf([digit(2), digit(40), digit(84)], { picture: narrow });
    // 120 pixels are 6 heights, 23.04 cells.
    expect(closeUp?.columns).toBe(24);
  });

  it('makes several squares of a line for a detector that takes squares alone', () => {
    const line = [50, 62, 75, 90, 130].map((x) => digit(x));
    const squares = closeUpsOf(line, { picture, onlySquares: true });
    expect(squares.length).toBeGreaterThan(1);
    expect(squares.every(({ columns }) => columns === 12)).toBe(true);
  });

  it('makes none for what those that are there already show well', () => {
    const made = closeUpsOf([digit(50)], { picture });
    expect(closeUpsOf([digit(52), digit(400)], { picture, made })).toHaveLength(1);
    expect(made).toHaveLength(1);
  });

  it('has every digit well inside of one', () => {
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
      fc.property(boxes, fc.boolean(), (all, onlySquares) => {
        const closeUps = closeUpsOf(all, { picture, onlySquares });
        for (const { x, y, width, height } of all) {
          const inside = closeUps.filter((closeUp) => {
            const end = closeUp.x + (closeUp.columns / 12) * closeUp.side;
            const room = 0.1 * closeUp.side;
            return (
              (closeUp.x <= 0 || x + width / 2 > closeUp.x + room) &&
              x + width / 2 < end - room &&
              y + height / 2 > closeUp.y + room &&
              y + height / 2 < closeUp.y + closeUp.side - room
            );
          });
          expect(inside.length).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('is bounded, in squares', () => {
    const many = Array.from({ length: 10_000 }, (_, i) => digit(100 * i));
    const endless = { width: 1e7, height: 100 };
    expect(closeUpsOf(many, { picture: endless, onlySquares: true })).toHaveLength(640);
    const area = closeUpsOf(many, { picture: endless }).reduce((sum, { columns }) => sum + columns / 12, 0);
    expect(area).toBeLessThan(640 + 8);
  });
});

describe('withNeighbours', () => {
  const picture = { width: 300, height: 60 };

  it('adds where digits before and behind may stand, as far as the picture goes', () => {
    const boxes = withNeighbours([digit(100)], picture);
    expect(boxes.map(({ x }) => x)).toEqual([100, 87, 113]);
    expect(withNeighbours([digit(0)], picture).map(({ x }) => x)).toEqual([0, 13]);
    expect(withNeighbours([digit(288)], picture).map(({ x }) => x)).toEqual([288, 275]);
  });
});

describe('clarityOf', () => {
  const closeUp = { x: 100, y: 50, side: 200, columns: 24 };
  const usual = { x: 250, y: 118, width: 40, height: 64 };

  it('is 1 of digits of the height that close-ups are made for, far from their edges', () => {
    expect(clarityOf(closeUp, usual)).toBe(1);
    expect(clarityOf(closeUp, { ...usual, x: 440 })).toBe(1);
  });

  it('is less at an edge, above or beside it, and of what is larger or smaller', () => {
    for (const box of [
      { ...usual, x: 100 },
      { ...usual, x: 470 },
      { ...usual, y: 30 },
      { ...usual, height: 120, y: 90 },
      { ...usual, height: 30, width: 15, y: 135 },
    ]) {
      expect(clarityOf(closeUp, box)).toBeLessThan(0.7);
    }
  });
});

describe('halfACellOn', () => {
  it('moves a close-up by half a cell, to the right and down', () => {
    const closeUp = { x: 10, y: 20, side: 96, columns: 16 };
    expect(halfACellOn(closeUp)).toEqual({ x: 14, y: 24, side: 96, columns: 16 });
  });
});
