import { describe, expect, it } from 'vitest';
import { glassBlur, trail } from '../../../src/evaluation/corruptions/blur.js';
import { createRandom } from '../../../src/random.js';
import { drawDigit } from '../../helpers/data/digits.js';

/** Two bright pixels, one of them at the border. */
function pair(): Uint8Array {
  const frame = new Uint8Array(784);
  frame[10 * 28 + 20] = 255;
  frame[20 * 28] = 200;
  return frame;
}

function inked(frame: Uint8Array): [row: number, column: number, level: number][] {
  return [...frame].flatMap((level, i) =>
    level > 0 ? [[Math.floor(i / 28), i % 28, level] satisfies [number, number, number]] : [],
  );
}

describe('trail', () => {
  // `-motion-blur 10x3+ANGLE` of ImageMagick 6.9.
  it('gives what ImageMagick gives along a row', () => {
    const levels = [1, 2, 4, 8, 15, 25, 36, 48, 57, 60];
    expect(inked(trail(pair(), 0))).toEqual([...levels.map((level, i) => [10, 11 + i, level]), [20, 0, 47]]);
  });

  it('gives what ImageMagick gives at an angle', () => {
    expect(inked(trail(pair(), -Math.PI / 4))).toEqual([
      [10, 20, 60],
      [11, 19, 105],
      [12, 18, 36],
      [13, 17, 25],
      [14, 16, 23],
      [15, 15, 4],
      [16, 14, 2],
      [20, 0, 47],
    ]);
  });
});

describe('glassBlur', () => {
  it('blurs down the columns twice and, where chance swaps nothing, no more than that', () => {
    const frame = new Uint8Array(784);
    frame[14 * 28 + 14] = 255;
    const blurred = inked(glassBlur(frame, () => 0.2));
    expect(blurred.map(([, column]) => column)).toEqual(blurred.map(() => 14));
    // Two blurs of variance 0.49 spread as one of 0.98: 1 / sqrt(2 pi 0.98) of the ink stays in the middle.
    const middle = blurred.find(([row]) => row === 14)?.[2] ?? 0;
    expect(middle / 255).toBeCloseTo(1 / Math.sqrt(2 * Math.PI * 0.98), 1);
  });

  it('moves ink by no more than a few pixels', () => {
    const frame = drawDigit(1, { penWidth: 1.5, digitSize: 12 }).data;
    const corrupted = glassBlur(frame, createRandom(1));
    const rows = inked(frame).map(([row]) => row);
    for (const [row] of inked(corrupted).filter(([, , level]) => level > 25)) {
      expect(row).toBeGreaterThanOrEqual(Math.min(...rows) - 8);
      expect(row).toBeLessThanOrEqual(Math.max(...rows) + 8);
    }
  });
});
