import { clarityOf } from '../../../src/numbers/close-ups.js';
import type { Detector } from '../../../src/reading/numbers/detecting.js';
import type { Finder } from '../../../src/reading/finding.js';
import type { ViewReader } from '../../../src/reading/view-reading.js';

/** Sees digits of 20 x 30 pixels at these places in every square, and counts the squares. */
export function fakeFinder(places: readonly number[]): { finder: Finder; squares: number[] } {
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

/** Sees digits of this probability where a square has their middle, and counts the squares of each look. */
export function fakeDetector(
  places: readonly number[],
  isDigit = 0.98,
): { detector: Detector; squares: number[] } {
  const squares: number[] = [];
  const detector: Detector = {
    onlySquares: true,
    async detect(_, all) {
      squares.push(all.length);
      return all.map((square) => {
        const shown = places.filter((x) => x + 10 > square.x && x + 10 < square.x + square.side);
        const digits = shown.map((x) => {
          const probabilities = Float32Array.from({ length: 10 }, () => 0.1);
          const box = { x, y: 5, width: 20, height: 30 };
          return { box, isDigit, probabilities, clarity: clarityOf(square, box) };
        });
        return { closeUp: square, digits, separators: [] };
      });
    },
    close: async () => {},
  };
  return { detector, squares };
}

/** Reads the place of the digit in tens of pixels, and counts the views of each inference. */
export function fakeReader(): { reader: ViewReader; runs: number[] } {
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
