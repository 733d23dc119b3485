import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closerTilesOf, tilesOf } from '../../src/numbers/tiles.js';

const sizes = fc.record({
  width: fc.integer({ min: 1, max: 1600 }),
  height: fc.integer({ min: 1, max: 1600 }),
});

describe('tilesOf', () => {
  it('looks at a strip as a whole, and in squares as high as it is', () => {
    const tiles = tilesOf({ width: 300, height: 100 });
    expect(tiles[0]).toEqual({ x: 0, y: -100, side: 300 });
    expect(tiles.slice(1).map(({ x, y, side }) => [x, y, side])).toEqual([
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
        const tiles = tilesOf(picture);
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
          const tiles = tilesOf(picture);
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

describe('closerTilesOf', () => {
  const seen = (x: number, shownSide: number) => ({
    box: { x, y: 10, width: 12, height: 20 },
    probability: 0.9,
    shownSide,
  });

  it('looks closer at digits that were seen small, and at what is beside them', () => {
    const tiles = closerTilesOf([seen(50, 20)]);
    expect(tiles).toHaveLength(3);
    for (const { y, side } of tiles) {
      expect(side).toBeCloseTo(42);
      expect(y + side / 2).toBeCloseTo(20);
    }
    expect(tiles.map(({ x, side }) => x + side / 2).toSorted((a, b) => a - b)).toEqual([38, 56, 74]);
  });

  it('does not look again at what was seen well, nor twice at the same place', () => {
    expect(closerTilesOf([seen(50, 60)])).toEqual([]);
    expect(closerTilesOf([seen(50, 20), seen(51, 20)])).toHaveLength(3);
  });

  it('is bounded', () => {
    const many = Array.from({ length: 10_000 }, (_, i) => seen(100 * i, 20));
    expect(closerTilesOf(many).length).toBe(224);
  });
});
