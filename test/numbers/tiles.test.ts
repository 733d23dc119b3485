import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isReadAlready, tilesOf } from '../../src/numbers/tiles.js';

const sizes = fc.record({
  width: fc.integer({ min: 1, max: 1600 }),
  height: fc.integer({ min: 1, max: 1600 }),
});

describe('tilesOf', () => {
  it('looks at a strip as a whole, and in squares as high as it is', () => {
    const [whole, squares = [], ...smaller] = tilesOf({ width: 300, height: 100 });
    expect(whole).toEqual([{ x: 0, y: -100, side: 300 }]);
    expect(smaller).toEqual([]);
    expect(squares.map(({ x, y, side }) => [x, y, side])).toEqual([
      [0, 0, 100],
      [50, 0, 100],
      [100, 0, 100],
      [150, 0, 100],
      [200, 0, 100],
    ]);
  });

  it('never looks at more squares than are allowed, and covers the picture with the first', () => {
    fc.assert(
      fc.property(sizes, (picture) => {
        const tiles = tilesOf(picture).flat();
        expect(tiles.length).toBeLessThanOrEqual(160);
        const [whole] = tiles;
        expect(whole?.side).toBe(Math.max(picture.width, picture.height));
      }),
    );
  });

  it('covers the picture with the squares of each size', () => {
    fc.assert(
      fc.property(
        sizes,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (picture, u, v) => {
          const [x, y] = [u * picture.width, v * picture.height];
          const tiles = tilesOf(picture).flat();
          for (const side of new Set(tiles.map((tile) => tile.side))) {
            const covering = tiles.filter(
              (tile) =>
                tile.side === side &&
                x >= tile.x - 1e-6 &&
                x <= tile.x + side + 1e-6 &&
                y >= tile.y - 1e-6 &&
                y <= tile.y + side + 1e-6,
            );
            expect(covering.length).toBeGreaterThan(0);
          }
        },
      ),
    );
  });
});

describe('isReadAlready', () => {
  const digit = { x: 100, y: 50, width: 20, height: 40 };

  it('leaves out tiles for small digits where large ones were read, and right beside them', () => {
    expect(isReadAlready({ x: 70, y: 30, side: 80 }, [digit])).toBe(true);
    expect(isReadAlready({ x: 110, y: 30, side: 80 }, [digit])).toBe(true);
  });

  it('keeps tiles that such digits are found in, and those elsewhere', () => {
    expect(isReadAlready({ x: 0, y: 0, side: 200 }, [digit])).toBe(false);
    expect(isReadAlready({ x: 300, y: 30, side: 80 }, [digit])).toBe(false);
    expect(isReadAlready({ x: 70, y: 100, side: 80 }, [digit])).toBe(false);
    expect(isReadAlready({ x: 70, y: 30, side: 80 }, [])).toBe(false);
  });
});
