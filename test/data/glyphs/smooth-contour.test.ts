import { expect, it } from 'vitest';
import { smoothContour } from '../../../src/data/glyphs/smooth-contour.js';
import type { InkMask } from '../../../src/data/glyphs/fit-mask.js';

function draw(rows: readonly string[]): InkMask {
  const data = Uint8Array.from(rows.join(''), (character) => (character === '#' ? 255 : 0));
  return { width: rows[0]?.length ?? 0, height: rows.length, data };
}

/** Ink of one row, in pixels. */
function inkOfRow({ width, data }: InkMask, y: number): number {
  return data.subarray(y * width, (y + 1) * width).reduce((sum, value) => sum + value, 0) / 255;
}

it('keeps straight edges where they are, enlarged, with paper around', () => {
  const smooth = smoothContour(draw(Array.from({ length: 9 }, () => '######')), 4);
  expect([smooth.width, smooth.height]).toEqual([32, 44]);
  expect(Math.abs(inkOfRow(smooth, 22) - 24)).toBeLessThan(1);
  expect(smooth.data[0]).toBe(0);
});

it('keeps a stroke of one pixel about as wide as it was', () => {
  const smooth = smoothContour(draw(Array.from({ length: 9 }, () => '...#...')), 4);
  expect(Math.abs(inkOfRow(smooth, 22) - 4)).toBeLessThan(1);
});

it('makes a slope of a staircase', () => {
  const side = 12;
  const smooth = smoothContour(
    draw(Array.from({ length: side }, (_, y) => '#'.repeat(y + 1).padEnd(side, '.'))),
    4,
  );
  // A step of the staircase is four rows of the same ink and then four pixels more; a slope gains one a row.
  for (let y = 20; y < 40; y++) {
    const gain = inkOfRow(smooth, y + 1) - inkOfRow(smooth, y);
    expect(Math.abs(gain - 1)).toBeLessThan(0.5);
  }
});
