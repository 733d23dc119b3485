import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plane } from '../../src/image/plane.js';
import { applyExifOrientation } from '../../src/image/exif-orientation.js';
import { cellFieldIn, numberInCells } from '../../src/numbers/cells.js';
import { projectionOnto } from '../../src/numbers/projection.js';
import { ruledFieldIn } from '../../src/numbers/ruled-field.js';
import { clarityOf, turnedBack } from '../../src/numbers/turned.js';
import { candidate } from './candidates.js';

/** Dark lines of a table of 30-pixel cells on light paper, its upper left corner at (20, 40). */
function tableOf(columns: number, rows: number, width = 400, height = 420): Plane {
  const data = new Uint8Array(width * height).fill(220);
  const dark = (x: number, y: number): void => {
    for (const dy of [0, 1]) for (const dx of [0, 1]) data[(y + dy) * width + x + dx] = 40;
  };
  for (let column = 0; column <= columns; column++) {
    for (let y = 40; y <= 40 + 30 * rows; y++) dark(20 + 30 * column, y);
  }
  for (let row = 0; row <= rows; row++) {
    for (let x = 20; x <= 20 + 30 * columns; x++) dark(x, 40 + 30 * row);
  }
  return { width, height, data };
}

describe('projectionOnto', () => {
  it('takes the corners of the unit square to those of the quadrilateral, and back', () => {
    const jitter = fc.double({ min: -20, max: 20, noNaN: true });
    fc.assert(
      fc.property(fc.array(jitter, { minLength: 8, maxLength: 8 }), (off) => {
        const at = (x: number, y: number, i: number) => ({ x: x + (off[i] ?? 0), y: y + (off[i + 1] ?? 0) });
        const quad = [at(0, 0, 0), at(100, 0, 2), at(100, 100, 4), at(0, 100, 6)] as const;
        const { toPicture, toSquare } = projectionOnto(quad);
        for (const [i, [u, v]] of (
          [
            [0, 0],
            [1, 0],
            [1, 1],
            [0, 1],
          ] as const
        ).entries()) {
          expect(toPicture(u, v).x).toBeCloseTo(quad[i]?.x ?? NaN, 6);
          expect(toPicture(u, v).y).toBeCloseTo(quad[i]?.y ?? NaN, 6);
        }
        const middle = toSquare(toPicture(0.3, 0.6));
        expect(middle.u).toBeCloseTo(0.3, 6);
        expect(middle.v).toBeCloseTo(0.6, 6);
      }),
    );
  });
});

describe('ruledFieldIn', () => {
  it('finds a table among what else is dark', () => {
    const table = tableOf(9, 9);
    for (let y = 0; y < 20; y++) table.data.fill(0, y * 400 + 100, y * 400 + 300);
    const corners = ruledFieldIn(table, { columns: 9, rows: 9 });
    const expected = [
      [20, 40],
      [291, 40],
      [291, 311],
      [20, 311],
    ];
    expect(corners?.map(({ x, y }) => [x, y])).toEqual(
      expected.map((corner) => corner.map((value) => expect.closeTo(value, -1))),
    );
  });

  it('finds none on blank paper', () => {
    const blank = { width: 200, height: 100, data: new Uint8Array(20_000).fill(200) };
    expect(ruledFieldIn(blank, { columns: 9, rows: 9 })).toBeUndefined();
  });
});

describe('numberInCells', () => {
  const field = cellFieldIn(tableOf(4, 1), { columns: 4, rows: 1 });
  const inCell = (digit: number, cell: number, isDigit = 0.95) =>
    candidate(digit, 28 + 30 * cell, { y: 44, width: 14, height: 22, isDigit });

  it('looks at each cell', () => {
    expect(field.tiles.map(({ x, y, side }) => [x + side / 2, y + side / 2, side])).toEqual(
      [0, 1, 2, 3].map((cell) => [35.5 + 30 * cell, 55.5, 45].map((value) => expect.closeTo(value, -0.5))),
    );
  });

  it('reads one digit or none in each, whichever way they come', () => {
    const { lines } = numberInCells([inCell(7, 3), inCell(4, 0), inCell(9, 1, 0.2)], field);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.digits.map((digit) => digit?.class)).toEqual([4, undefined, undefined, 7]);
  });

  it('passes over what stands outside, or is too small for a digit', () => {
    const beside = candidate(1, 28, { y: 200, width: 14, height: 22 });
    const speck = candidate(1, 34, { y: 54, width: 2, height: 3 });
    const { lines } = numberInCells([beside, speck], field);
    expect(lines[0]?.digits).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('tells where digits are that were read in a turned picture', () => {
    const size = { width: 50, height: 30 };
    for (const orientation of [3, 6, 8] as const) {
      const data = new Uint8Array(50 * 30);
      data[12 * 50 + 40] = 1;
      const turned = applyExifOrientation({ ...size, data }, orientation);
      const at = turned.data.indexOf(1);
      const box = { x: at % turned.width, y: Math.floor(at / turned.width), width: 1, height: 1 };
      const digit = { class: 1, probability: 0.9, probabilities: new Float32Array(10), box };
      const line = { digits: [digit, undefined], probability: 1 };
      const number = { lines: [line], probability: 1, unread: [{ box, probability: 0.5 }], alternatives: [] };
      const back = turnedBack(number, orientation, size);
      const expected = { x: 40, y: 12, width: 1, height: 1 };
      expect(back.lines[0]?.digits[0]?.box).toEqual(expected);
      expect(back.unread[0]?.box).toEqual(expected);
      expect(clarityOf(back)).toBeCloseTo(0.9);
    }
  });
});
