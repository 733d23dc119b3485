import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closeUpsOf, withNeighbours } from '../../src/numbers/close-ups.js';

const digit = (x: number, height = 20) => ({ x, y: 10, width: 0.6 * height, height });

describe('closeUpsOf', () => {
  const picture = { width: 3000, height: 600 };

  it('shows a digit in the middle of a square three times as high', () => {
    const [closeUp, ...others] = closeUpsOf([digit(50)], { picture, onlySquares: true });
    expect(closeUp).toEqual({ x: 56 - 30, y: 20 - 30, side: 60, columns: 12 });
    expect(others).toEqual([]);
  });

  it('shows a line in one, as long as it is, and digits of other heights or lines in others', () => {
    const line = [50, 62, 75, 90, 130].map((x) => digit(x));
    const [closeUp, ...others] = closeUpsOf(line, { picture });
    expect(others).toEqual([]);
    expect(closeUp).toMatchObject({ y: 20 - 30, side: 60 });
    // 80 pixels from middle to middle, and 1.3 heights on both sides, in whole heights of four cells.
    expect(closeUp?.columns).toBe(4 * Math.ceil(80 / 20 + 2.6));
    expect(closeUpsOf([...line, digit(60, 40)], { picture })).toHaveLength(2);
    expect(closeUpsOf([...line, { ...digit(60), y: 40 }], { picture })).toHaveLength(2);
    expect(closeUpsOf([digit(50), digit(300)], { picture })).toHaveLength(2);
  });

  it('shows little of what lies beyond the picture', () => {
    const narrow = { width: 100, height: 40 };
    const [closeUp] = closeUpsOf([digit(2), digit(40), digit(84)], { picture: narrow });
    expect(closeUp?.columns).toBe(4 * Math.ceil((100 + 20) / 20));
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
