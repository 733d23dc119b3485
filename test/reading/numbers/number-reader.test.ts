import { describe, expect, it } from 'vitest';
import type { Picture } from '../../../src/image/picture.js';
import type { Detector } from '../../../src/reading/numbers/detecting.js';
import type { Finder } from '../../../src/reading/finding.js';
import { createNumberReader } from '../../../src/reading/numbers/number-reader.js';
import type { ViewReader } from '../../../src/reading/view-reading.js';
import { rulesOf } from '../../../src/numbers/rules.js';

const picture: Picture = {
  gray: { width: 120, height: 40, data: new Uint8Array(120 * 40) },
  reduction: 2,
  width: 240,
  height: 80,
};

const wide = pictureOf(3000);

function pictureOf(width: number): Picture {
  const gray = { width, height: 40, data: new Uint8Array(width * 40) };
  return { gray, reduction: 1, width, height: 40 };
}

/** Of networks that are open; the reader reads each digit once more as well. */
function numberReaderOf(networks: { finder: Finder; detector: Detector; reader: ViewReader }) {
  const { finder, detector, reader } = networks;
  return createNumberReader({ finder, reader, detector: async () => detector, verifier: async () => reader });
}

/** Sees digits of 20 x 30 pixels at these places in every square, and counts the squares. */
function fakeFinder(places: readonly number[]): { finder: Finder; squares: number[] } {
  const squares: number[] = [];
  const finder: Finder = {
    find: async () => [],
    async findAll(_, all) {
      squares.push(all.length);
      return places.map((x) => ({
        box: { x, y: 5, width: 20, height: 30 },
        probability: 0.98,
        shownSide: 60,
      }));
    },
    close: async () => {},
  };
  return { finder, squares };
}

/** Sees digits at these places where a square has their middle, and counts the squares of each look. */
function fakeDetector(places: readonly number[], height = 30): { detector: Detector; squares: number[] } {
  const squares: number[] = [];
  const detector: Detector = {
    onlySquares: true,
    async detect(_, all) {
      squares.push(all.length);
      const digits = all.flatMap((square) =>
        places
          .filter((x) => x + 10 > square.x && x + 10 < square.x + square.side)
          .map((x) => {
            const probabilities = Float32Array.from({ length: 10 }, () => 0.1);
            const box = { x, y: 20 - height / 2, width: 20, height };
            return { box, isDigit: 0.98, probabilities, clarity: 1 };
          }),
      );
      return { digits, separators: [] };
    },
    close: async () => {},
  };
  return { detector, squares };
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
  it('reads what the detector sees where the finder sees digits, each once', async () => {
    const { finder, squares } = fakeFinder([90, 0, 30, 60]);
    const { detector } = fakeDetector([90, 0, 30, 60]);
    const { reader, runs } = fakeReader();
    const number = await numberReaderOf({ finder, detector, reader }).read(picture, rulesOf({}));
    expect(number.lines.map(({ digits }) => digits.map((digit) => digit?.class))).toEqual([[0, 3, 6, 9]]);
    expect(number.probability).toBeGreaterThan(0.4);
    // All of the picture, and squares as high as it is but for those where digits were read.
    expect(squares).toEqual([1, 0]);
    expect(runs).toEqual([4]);
  });

  it('goes on to digits beside those that the finder sees', async () => {
    const { finder } = fakeFinder([0]);
    const { detector, squares } = fakeDetector([0, 30, 60, 90]);
    const { reader } = fakeReader();
    const number = await numberReaderOf({ finder, detector, reader }).read(picture, rulesOf({}));
    expect(number.lines[0]?.digits).toHaveLength(4);
    expect(squares.length).toBeGreaterThan(1);
  });

  it('follows a long number of which the finder sees one digit', async () => {
    const places = Array.from({ length: 14 }, (_, i) => 30 * i);
    const { reader } = fakeReader();
    const networks = { finder: fakeFinder([0]).finder, detector: fakeDetector(places).detector, reader };
    const number = await numberReaderOf(networks).read(wide, rulesOf({}));
    expect(number.lines[0]?.digits).toHaveLength(14);
  });

  it('looks ten times at most, and not at all where the finder sees nothing', async () => {
    const { detector, squares } = fakeDetector(Array.from({ length: 100 }, (_, i) => 30 * i));
    const { reader } = fakeReader();
    await numberReaderOf({ finder: fakeFinder([0]).finder, detector, reader }).read(wide, rulesOf({}));
    expect(squares).toHaveLength(10);
    const nothing = await numberReaderOf({ finder: fakeFinder([]).finder, detector, reader }).read(
      wide,
      rulesOf({}),
    );
    expect(nothing.lines).toEqual([]);
    expect(squares).toHaveLength(10);
  });

  it('reads no digit once more that the detector is sure of', async () => {
    const sure = (x: number, probability: number) => {
      const probabilities = Float32Array.from({ length: 10 }, (_, digit) =>
        digit === 7 ? probability : (1 - probability) / 9,
      );
      return { box: { x, y: 5, width: 20, height: 30 }, isDigit: 1, probabilities, clarity: 1 };
    };
    const detector: Detector = {
      onlySquares: false,
      detect: async () => ({ digits: [sure(40, 0.99), sure(65, 0.9)], separators: [] }),
      close: async () => {},
    };
    const { reader, runs } = fakeReader();
    const networks = { finder: fakeFinder([40]).finder, detector, reader };
    const { lines } = await numberReaderOf(networks).read(wide, rulesOf({}));
    expect(runs).toEqual([1]);
    expect(lines[0]?.digits[0]?.class).toBe(7);
  });

  it('looks within what fills much of a picture, and may be a page that looks like a digit from afar', async () => {
    const page: Picture = {
      gray: { width: 300, height: 300, data: new Uint8Array(300 * 300) },
      reduction: 1,
      width: 300,
      height: 300,
    };
    const large = { x: 40, y: 40, width: 200, height: 220 };
    const small = [0, 1, 2].map((i) => ({ x: 60 + 30 * i, y: 100, width: 20, height: 30 }));
    const finder: Finder = {
      find: async () => [],
      findAll: async (_, [first]) =>
        (first && first.side < 300 ? small : [large]).map((box) => ({
          box,
          probability: 0.9,
          shownSide: 60,
        })),
      close: async () => {},
    };
    const probabilities = Float32Array.from({ length: 10 }, (_, digit) => (digit === 7 ? 0.991 : 0.001));
    const detector: Detector = {
      onlySquares: false,
      detect: async (_, [first]) => ({
        digits: (first && first.side < 300 ? small : [large]).map((box) => {
          return { box, isDigit: 0.98, probabilities, clarity: 1 };
        }),
        separators: [],
      }),
      close: async () => {},
    };
    let largeViews = 0;
    const reader = (ofLarge: number): ViewReader => ({
      read: async (views) =>
        views.map(({ square }) => {
          const isLarge = square.side > 150;
          if (isLarge) largeViews++;
          const probability = isLarge ? ofLarge : 0.99;
          const read = probabilities.map((each) => each * probability);
          return {
            reading: { class: 7, probability, probabilities: read, digit: true, threshold: 0.5 },
            shown: undefined,
          };
        }),
      close: async () => {},
    });
    const digitsRead = async (ofLarge: number): Promise<number> => {
      const networks = { finder, detector, reader: reader(ofLarge) };
      const { lines } = await numberReaderOf(networks).read(page, rulesOf({}));
      return lines.flatMap(({ digits }) => digits).length;
    };
    expect(await digitsRead(0.05)).toBe(3);
    largeViews = 0;
    expect(await digitsRead(0.99)).toBe(1);
    expect(largeViews).toBe(1);
  });

  it('reads a few views in each inference', async () => {
    const places = Array.from({ length: 40 }, (_, i) => 25 * i);
    const { finder } = fakeFinder(places);
    const { detector } = fakeDetector(places);
    const { reader, runs } = fakeReader();
    await numberReaderOf({ finder, detector, reader }).read(wide, rulesOf({}));
    expect(runs).toEqual([16, 16, 8]);
  });

  it('reads no more places than the limit, and says so', async () => {
    const many = async (count: number): Promise<{ truncated: boolean | undefined; views: number }> => {
      const places = Array.from({ length: count }, (_, i) => 25 * i);
      const { finder } = fakeFinder(places);
      const { reader, runs } = fakeReader();
      const networks = { finder, detector: fakeDetector(places).detector, reader };
      const { truncated } = await numberReaderOf(networks).read(pictureOf(25 * count), rulesOf({}));
      return { truncated, views: runs.reduce((sum, views) => sum + views, 0) };
    };
    expect(await many(512)).toEqual({ truncated: undefined, views: 512 });
    expect(await many(600)).toEqual({ truncated: true, views: 512 });
  });

  it('looks at a table from all sides until it is read clearly', async () => {
    const { finder } = fakeFinder([]);
    const { detector, squares } = fakeDetector([]);
    const { reader } = fakeReader();
    const number = await numberReaderOf({ finder, detector, reader }).read(picture, rulesOf({ grid: '3x2' }));
    expect(squares).toEqual([6, 6, 6, 6]);
    expect(number.lines.map(({ digits }) => digits.length)).toEqual([3, 3]);
  });
});
