import { describe, expect, it } from 'vitest';
import type { Picture } from '../../../src/image/picture.js';
import type { Finder } from '../../../src/model/pictures/finder.js';
import { createNumberReader } from '../../../src/model/pictures/number-reader.js';
import type { ViewReader } from '../../../src/model/pictures/view-reader.js';
import { rulesOf } from '../../../src/numbers/rules.js';

const picture: Picture = {
  gray: { width: 120, height: 40, data: new Uint8Array(120 * 40) },
  reduction: 2,
  width: 240,
  height: 80,
};

/** Sees digits of 20 x 30 pixels at these places in every square, and counts the squares. */
function fakeFinder(places: readonly number[], shownSide = 60): { finder: Finder; squares: number[] } {
  const squares: number[] = [];
  const finder: Finder = {
    find: async () => [],
    async findAll(_, all) {
      squares.push(all.length);
      if (all.length === 0) return [];
      return places.map((x) => ({ box: { x, y: 5, width: 20, height: 30 }, probability: 0.98, shownSide }));
    },
    close: async () => {},
  };
  return { finder, squares };
}

/** Reads the place of the digit in tens of pixels, and counts the views of each inference. */
function fakeReader(): { reader: ViewReader; runs: number[] } {
  const runs: number[] = [];
  const reader: ViewReader = {
    async read(views) {
      runs.push(views.length);
      return views.map(({ square }) => {
        const digit = Math.round((square.x + square.side / 2 - 10) / 10) % 10;
        const probabilities = Float32Array.from({ length: 10 }, (_, i) => (i === digit ? 0.97 : 0.002));
        const reading = { class: digit, probability: 0.97, probabilities, digit: true, threshold: 0.5 };
        return { reading, shown: undefined };
      });
    },
    close: async () => {},
  };
  return { reader, runs };
}

describe('createNumberReader', () => {
  it('reads what the finder sees, each digit once', async () => {
    const { finder, squares } = fakeFinder([90, 0, 30, 60]);
    const { reader, runs } = fakeReader();
    const number = await createNumberReader(finder, reader).read(picture, rulesOf({}));
    expect(number.lines.map(({ digits }) => digits.map((digit) => digit?.class))).toEqual([[0, 3, 6, 9]]);
    expect(number.probability).toBeGreaterThan(0.5);
    expect(squares).toEqual([6, 0]);
    expect(runs).toEqual([4]);
  });

  it('looks closer where digits are seen small, and reads them once all the same', async () => {
    const { finder, squares } = fakeFinder([0, 30, 60], 24);
    const { reader, runs } = fakeReader();
    const number = await createNumberReader(finder, reader).read(picture, rulesOf({}));
    expect(number.lines[0]?.digits).toHaveLength(3);
    expect(squares[1]).toBeGreaterThan(0);
    expect(runs).toEqual([3]);
  });

  it('reads a few views in each inference', async () => {
    const { finder } = fakeFinder(Array.from({ length: 40 }, (_, i) => 25 * i));
    const { reader, runs } = fakeReader();
    await createNumberReader(finder, reader).read(picture, rulesOf({}));
    expect(runs).toEqual([16, 16, 8]);
  });

  it('reads no more places than the limit, and says so', async () => {
    const many = async (count: number): Promise<{ truncated: boolean | undefined; views: number }> => {
      const { finder } = fakeFinder(Array.from({ length: count }, (_, i) => 25 * i));
      const { reader, runs } = fakeReader();
      const { truncated } = await createNumberReader(finder, reader).read(picture, rulesOf({}));
      return { truncated, views: runs.reduce((sum, views) => sum + views, 0) };
    };
    expect(await many(512)).toEqual({ truncated: undefined, views: 512 });
    expect(await many(600)).toEqual({ truncated: true, views: 512 });
  });

  it('looks at a table from all sides until it is read clearly', async () => {
    const { finder, squares } = fakeFinder([]);
    const { reader } = fakeReader();
    const number = await createNumberReader(finder, reader).read(picture, rulesOf({ grid: '3x2' }));
    expect(squares).toEqual([6, 6, 6, 6]);
    expect(number.lines.map(({ digits }) => digits.length)).toEqual([3, 3]);
  });
});
