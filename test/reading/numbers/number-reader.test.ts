import { describe, expect, it } from 'vitest';
import type { Picture } from '../../../src/image/picture.js';
import type { Detector } from '../../../src/reading/numbers/detecting.js';
import type { Finder } from '../../../src/reading/finding.js';
import { createNumberReader } from '../../../src/reading/numbers/number-reader.js';
import type { ViewReader } from '../../../src/reading/view-reading.js';
import { rulesOf } from '../../../src/numbers/rules.js';
import { fakeDetector, fakeFinder, fakeReader } from './networks.js';

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

  it('reads no digit once more that the detector is sure of', async () => {
    const sure = (x: number, probability: number) => {
      const probabilities = Float32Array.from({ length: 10 }, (_, digit) =>
        digit === 7 ? probability : (1 - probability) / 9,
      );
      return { box: { x, y: 5, width: 20, height: 30 }, isDigit: 1, probabilities, clarity: 1 };
    };
    const detector: Detector = {
      onlySquares: false,
      detect: async (_, closeUps) =>
        closeUps.map((closeUp) => ({ closeUp, digits: [sure(40, 0.99), sure(65, 0.9)], separators: [] })),
      close: async () => {},
    };
    const { reader, runs } = fakeReader();
    const networks = { finder: fakeFinder([40]).finder, detector, reader };
    const { lines } = await numberReaderOf(networks).read(wide, rulesOf({}));
    expect(runs).toEqual([1]);
    expect(lines[0]?.digits[0]?.class).toBe(7);
  });

  it('reads a few views in each inference', async () => {
    const places = Array.from({ length: 40 }, (_, i) => 25 * i);
    const { finder } = fakeFinder(places);
    const { detector } = fakeDetector(places);
    const { reader, runs } = fakeReader();
    await numberReaderOf({ finder, detector, reader }).read(wide, rulesOf({}));
    expect(runs.slice(0, 3)).toEqual([16, 16, 8]);
    expect(Math.max(...runs)).toBe(16);
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
    // Once, and once more by two networks as so long a line is in doubt.
    expect(await many(512)).toEqual({ truncated: undefined, views: 3 * 512 });
    expect(await many(600)).toEqual({ truncated: true, views: 3 * 512 });
  });

  it('looks once more at a line that is in doubt, and asks another network which digits they are', async () => {
    const places = [0, 30, 60, 90];
    const { detector, squares } = fakeDetector(places, 0.5);
    const first = fakeReader();
    const others: number[] = [];
    const sevens: ViewReader = {
      close: async () => {},
      read: async (views) => {
        others.push(views.length);
        const probabilities = Float32Array.from({ length: 10 }, (_, i) => (i === 7 ? 0.9999 : 1e-5));
        const reading = { class: 7, probability: 0.9999, probabilities, digit: true, threshold: 0.5 };
        return views.map(() => ({ reading, shown: undefined }));
      },
    };
    const { lines } = await createNumberReader({
      finder: fakeFinder(places).finder,
      detector: async () => detector,
      verifier: async () => first.reader,
      reader: sevens,
    }).read(picture, rulesOf({}));
    expect([first.runs, others]).toEqual([[4, 4], [4]]);
    // All of the line is in the last look, and the surer of two readers has its way.
    expect(squares.at(-1)).toBe(2);
    expect(lines[0]?.digits.map((digit) => digit?.class)).toEqual([7, 7, 7, 7]);
  });

  it('is done with a line that is clear after the first looks', async () => {
    const probabilities = Float32Array.from({ length: 10 }, (_, digit) => (digit === 7 ? 0.9991 : 0.0001));
    const boxes = [40, 65].map((x) => ({ x, y: 5, width: 20, height: 30 }));
    const detector: Detector = {
      onlySquares: false,
      detect: async (_, closeUps) => {
        const digits = boxes.map((box) => ({ box, isDigit: 0.9999, probabilities, clarity: 1 }));
        return closeUps.map((closeUp) => ({ closeUp, digits, separators: [] }));
      },
      close: async () => {},
    };
    const { reader, runs } = fakeReader();
    const networks = { finder: fakeFinder([40]).finder, detector, reader };
    const { lines, probability } = await numberReaderOf(networks).read(wide, rulesOf({}));
    expect(lines[0]?.digits.map((digit) => digit?.class)).toEqual([7, 7]);
    expect(probability).toBeGreaterThan(0.9);
    expect(runs).toEqual([]);
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
