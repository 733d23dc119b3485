import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellCount, cellOf, decodeBox, encodeBox } from '../../../src/image/view/cell-grid.js';
import { DETECTOR } from '../../../src/image/view/detector-cells.js';
import { FINDER } from '../../../src/image/view/finder-cells.js';

/** Boxes whose middles lie in the square. */
const anyBox = fc
  .record({
    middleX: fc.double({ min: 0, max: FINDER.side, noNaN: true }),
    middleY: fc.double({ min: 0, max: FINDER.side, noNaN: true }),
    width: fc.double({ min: 1, max: 190, noNaN: true }),
    height: fc.double({ min: 1, max: 190, noNaN: true }),
  })
  .map(({ middleX, middleY, width, height }) => ({
    x: middleX - width / 2,
    y: middleY - height / 2,
    width,
    height,
  }));

describe.each([
  ['the finder', FINDER],
  ['the detector', DETECTOR],
])('what %s says of a cell', (_, grid) => {
  it('is decoded to the box that was encoded', () => {
    fc.assert(
      fc.property(anyBox, (box) => {
        const cell = cellOf(grid, box);
        const encoded = encodeBox(grid, box, cell);
        expect(Math.abs(encoded[0])).toBeLessThanOrEqual(0.5 + 1e-9);
        expect(Math.abs(encoded[1])).toBeLessThanOrEqual(0.5 + 1e-9);
        const decoded = decodeBox(grid, encoded, cell);
        for (const key of ['x', 'y', 'width', 'height'] as const) {
          expect(decoded[key]).toBeCloseTo(box[key], 6);
        }
      }),
    );
  });

  it('is zeros for a box of usual size in the middle of the cell', () => {
    const cell = grid.cells + 2;
    const [middleX, middleY] = [2.5 * grid.cellSide, 1.5 * grid.cellSide];
    const box = { x: middleX - 16, y: middleY - 16, width: 32, height: 32 };
    expect(encodeBox(grid, box, cell)).toEqual([0, 0, 0, 0]);
    expect(cellOf(grid, box)).toBe(cell);
  });

  it('is a box of some size at some place, whatever a network says', () => {
    const anything = fc.double({ noNaN: true });
    fc.assert(
      fc.property(
        anything,
        anything,
        anything,
        anything,
        fc.integer({ min: 0, max: cellCount(grid) - 1 }),
        (dx, dy, logWidth, logHeight, cell) => {
          const { x, y, width, height } = decodeBox(grid, [dx, dy, logWidth, logHeight], cell);
          expect(width).toBeGreaterThanOrEqual(1);
          expect(height).toBeGreaterThanOrEqual(1);
          expect(Math.max(width, height)).toBeLessThanOrEqual(2 * grid.side);
          expect(x + width / 2).toBeGreaterThanOrEqual(-grid.cellSide);
          expect(y + height / 2).toBeLessThanOrEqual(grid.side + grid.cellSide);
        },
      ),
    );
  });
});
