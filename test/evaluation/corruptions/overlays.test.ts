import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  brightness,
  dottedLine,
  lineOf,
  spatter,
  stripe,
  zigzag,
} from '../../../src/evaluation/corruptions/overlays.js';
import { createRandom } from '../../../src/random.js';
import { drawDigit } from '../../helpers/data/digits.js';

const blank = new Uint8Array(784);

/** Columns of a frame with any ink in them. */
function inkedColumns(frame: Uint8Array): number[] {
  return Array.from({ length: 28 }, (_, column) => column).filter((column) =>
    frame.some((level, i) => level > 0 && i % 28 === column),
  );
}

describe('brightness', () => {
  it('adds a half, halves of a level to the even one', () => {
    const frame = new Uint8Array(784);
    frame.set([0, 1, 2, 3, 127, 128, 255]);
    expect([...brightness(frame).subarray(0, 7)]).toEqual([128, 128, 130, 130, 254, 255, 255]);
  });
});

describe('stripe', () => {
  it('inverts seven columns at either side, and done twice gives the frame back', () => {
    const { data } = drawDigit(6);
    const striped = stripe(data);
    expect(stripe(striped)).toEqual(data);
    for (const [i, level] of data.entries()) {
      expect(striped[i]).toBe(i % 28 < 7 || i % 28 > 20 ? 255 - level : level);
    }
  });
});

describe('lineOf', () => {
  it('is the decay of the reference, pixel by pixel', () => {
    const place = fc.double({ min: 0, max: 27, noNaN: true });
    fc.assert(
      fc.property(place, place, place, place, (x1, y1, x2, y2) => {
        fc.pre(Math.abs(x2 - x1) > 0.5);
        const [from, to] =
          x1 < x2
            ? [
                { x: x1, y: y1 },
                { x: x2, y: y2 },
              ]
            : [
                { x: x2, y: y2 },
                { x: x1, y: y1 },
              ];
        const line = lineOf(from, to);
        for (let i = 0; i < 784; i += 5) {
          const [row, column] = [Math.floor(i / 28), i % 28];
          const middle = ((to.y - from.y) / (to.x - from.x)) * (column - from.x) + from.y;
          const away = Math.min(2.3 - 1e-10, Math.abs(row - middle));
          const inside = column >= Math.floor(from.x) && column < Math.ceil(to.x);
          expect(line[i]).toBeCloseTo(inside ? Math.max(0, Math.log(1 - away / 2.3) + 1) : 0, 9);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('dottedLine', () => {
  it('has two columns with, two without, and none in the last', () => {
    const columns = inkedColumns(dottedLine(blank, () => 0.5));
    expect(columns).toEqual([2, 3, 6, 7, 10, 11, 14, 15, 18, 19, 22, 23, 26]);
  });

  it('only adds ink', () => {
    const { data } = drawDigit(0);
    const dotted = dottedLine(data, createRandom(2));
    for (const [i, level] of data.entries()) expect(dotted[i]).toBeGreaterThanOrEqual(level);
  });
});

describe('zigzag', () => {
  it('goes from column 2 to 24, and swings two rows either way', () => {
    // A level zigzag: the first draw picks row 13, the second a difference of 0.
    const draws = [0.5, 0.5].values();
    const frame = zigzag(blank, () => draws.next().value ?? 0);
    expect(inkedColumns(frame)).toEqual(Array.from({ length: 23 }, (_, i) => i + 2));
    const peakRow = (column: number): number => {
      const levels = Array.from({ length: 28 }, (_, row) => frame[row * 28 + column]!);
      return levels.indexOf(Math.max(...levels));
    };
    expect([4, 8, 12, 16, 20].map(peakRow)).toEqual([15, 11, 15, 11, 15]);
    expect([6, 10, 14, 18].map(peakRow)).toEqual([13, 13, 13, 13]);
  });
});

describe('spatter', () => {
  it('covers ink with mud of level 63', () => {
    const covered = spatter(new Uint8Array(784).fill(255), createRandom(4));
    const onBlank = spatter(blank, createRandom(4));
    const muddy = [...onBlank.keys()].filter((i) => onBlank[i]! > 0);
    expect(muddy.length).toBeGreaterThan(20);
    for (const i of muddy) {
      expect(onBlank[i]).toBeGreaterThanOrEqual(Math.floor(0.8 * 63));
      expect(onBlank[i]).toBeLessThanOrEqual(63);
      // What shows through is the rest.
      expect(Math.abs(covered[i]! - (255 - (onBlank[i]! * 192) / 63))).toBeLessThanOrEqual(3);
    }
    expect(new Set(covered.filter((_, i) => onBlank[i] === 0))).toEqual(new Set([255]));
  });
});
