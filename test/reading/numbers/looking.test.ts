import { describe, expect, it } from 'vitest';
import type { Detector } from '../../../src/reading/numbers/detecting.js';
import type { Finder } from '../../../src/reading/finding.js';
import { lookAround } from '../../../src/reading/numbers/looking.js';
import type { ViewReader } from '../../../src/reading/view-reading.js';
import { fakeDetector, fakeFinder, fakeReader } from './networks.js';

const plane = (width: number, height = 40) => ({ width, height, data: new Uint8Array(width * height) });

/** Networks that see digits at these places; the finder those at the first ones alone. */
function networksOf(places: readonly number[], found: readonly number[]) {
  const { detector, squares } = fakeDetector(places);
  const networks = {
    finder: fakeFinder(found).finder,
    detector: async () => detector,
    verifier: async () => fakeReader().reader,
  };
  return { networks, squares };
}

describe('lookAround', () => {
  it('goes on to digits beside those that the finder sees', async () => {
    const { networks, squares } = networksOf([0, 30, 60, 90], [0]);
    const looks = await lookAround(plane(120), networks);
    const seen = new Set(looks.flatMap(({ digits }) => digits.map(({ box }) => box.x)));
    expect([...seen].toSorted((a, b) => a - b)).toEqual([0, 30, 60, 90]);
    expect(squares.length).toBeGreaterThan(1);
  });

  it('follows a long number of which the finder sees one digit', async () => {
    const places = Array.from({ length: 14 }, (_, i) => 30 * i);
    const looks = await lookAround(plane(3000), networksOf(places, [0]).networks);
    expect(new Set(looks.flatMap(({ digits }) => digits.map(({ box }) => box.x))).size).toBe(14);
  });

  it('looks ten times at most, and not at all where the finder sees nothing', async () => {
    const places = Array.from({ length: 100 }, (_, i) => 30 * i);
    const some = networksOf(places, [0]);
    await lookAround(plane(3000), some.networks);
    expect(some.squares).toHaveLength(10);
    const nothing = networksOf(places, []);
    const never = async (): Promise<never> => Promise.reject(new Error('not needed'));
    const networks = { ...nothing.networks, detector: never, verifier: never };
    expect(await lookAround(plane(3000), networks)).toEqual([]);
  });

  it('looks within what fills much of a picture, and may be a page that looks like a digit from afar', async () => {
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
      detect: async (_, closeUps) =>
        closeUps.map((closeUp) => {
          const digits = (closeUp.side < 300 ? small : [large]).map((box) => {
            return { box, isDigit: 0.98, probabilities, clarity: 1 };
          });
          return { closeUp, digits, separators: [] };
        }),
      close: async () => {},
    };
    let views = 0;
    const reader = (probability: number): ViewReader => ({
      read: async (all) => {
        views += all.length;
        const read = probabilities.map((each) => each * probability);
        const reading = { class: 7, probability, probabilities: read, digit: true, threshold: 0.5 };
        return all.map(() => ({ reading, shown: undefined }));
      },
      close: async () => {},
    });
    const looksWithin = async (probability: number): Promise<boolean> => {
      const verifier = async (): Promise<ViewReader> => reader(probability);
      const networks = { finder, detector: async () => detector, verifier };
      const looks = await lookAround(plane(300, 300), networks);
      return looks.some(({ closeUp }) => closeUp.side < 300);
    };
    expect(await looksWithin(0.05)).toBe(true);
    // Six lines of numbers were read as a 5 of this probability.
    expect(await looksWithin(0.73)).toBe(true);
    views = 0;
    expect(await looksWithin(0.99)).toBe(false);
    expect(views).toBe(1);
  });
});
