import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellOf, decodeBox, encodeBox, FINDER } from '../../../src/image/view/finder-cells.js';

const CELLS = FINDER.cells * FINDER.cells;

/** Boxes whose middles lie in the overview. */
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

describe('what the finder says of a cell', () => {
  it('is decoded to the box that was encoded', () => {
    fc.assert(
      fc.property(anyBox, (box) => {
        const cell = cellOf(box);
        const encoded = encodeBox(box, cell);
        expect(Math.abs(encoded[0])).toBeLessThanOrEqual(0.5 + 1e-9);
        expect(Math.abs(encoded[1])).toBeLessThanOrEqual(0.5 + 1e-9);
        const decoded = decodeBox(encoded, cell);
        for (const key of ['x', 'y', 'width', 'height'] as const) {
          expect(decoded[key]).toBeCloseTo(box[key], 6);
        }
      }),
    );
  });

  it('is zeros for a box of usual size in the middle of the cell', () => {
    expect(encodeBox({ x: 16 * 2.5 - 16, y: 16 * 1.5 - 16, width: 32, height: 32 }, 8)).toEqual([0, 0, 0, 0]);
    expect(cellOf({ x: 24, y: 8, width: 32, height: 32 })).toBe(8);
  });

  it('is a box of some size at some place, whatever a network says', () => {
    const anything = fc.double({ noNaN: true });
    fc.assert(
      fc.property(
        anything,
        anything,
        anything,
        anything,
        fc.integer({ min: 0, max: CELLS - 1 }),
        (dx, dy, logWidth, logHeight, cell) => {
          const { x, y, width, height } = decodeBox([dx, dy, logWidth, logHeight], cell);
          expect(width).toBeGreaterThanOrEqual(1);
          expect(height).toBeGreaterThanOrEqual(1);
          expect(Math.max(width, height)).toBeLessThanOrEqual(2 * FINDER.side);
          expect(x + width / 2).toBeGreaterThanOrEqual(-FINDER.cellSide);
          expect(y + height / 2).toBeLessThanOrEqual(FINDER.side + FINDER.cellSide);
        },
      ),
    );
  });
});
