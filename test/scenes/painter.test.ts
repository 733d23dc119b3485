import { describe, expect, test } from 'vitest';
import { boxAt, cellCount, planeIndex } from '../../src/image/view/cell-grid.js';
import { DETECTOR, DETECTOR_OUTPUTS } from '../../src/image/view/detector-cells.js';
import { FINDER, FINDER_OUTPUTS, FINDER_PLANE } from '../../src/image/view/finder-cells.js';
import { CLOSE_UP_SIDE, OVERVIEW_SIDE, THUMBNAIL_SIDE, VIEW_SIDE } from '../../src/image/view/sizes.js';
import { createRandom } from '../../src/random.js';
import { createScenePainter } from '../../src/scenes/painter.js';
import { plainGlyphs } from './glyphs.js';

const painter = createScenePainter(plainGlyphs);
const CELLS = cellCount(FINDER);

function view(seed: number): { label: number; levels: Uint8Array } {
  const levels = new Uint8Array(VIEW_SIDE ** 2);
  return { label: painter.drawToRead('view', createRandom(seed), levels), levels };
}

function overview(seed: number): { levels: Uint8Array; targets: Float32Array; weights: Float32Array } {
  const levels = new Uint8Array(OVERVIEW_SIDE ** 2);
  const [targets, weights] = [new Float32Array(FINDER_OUTPUTS), new Float32Array(FINDER_OUTPUTS)];
  painter.drawToFind('overview', createRandom(seed), { levels, targets, weights });
  return { levels, targets, weights };
}

describe('views', () => {
  test('are the same from the same stream, whatever was drawn before', () => {
    const first = view(7);
    view(8);
    expect(view(7)).toEqual(first);
    expect(view(9).levels).not.toEqual(first.levels);
  });

  test('show digits mostly, and non-digits as well', () => {
    const labels = Array.from({ length: 600 }, (_, i) => view(i).label);
    const none = labels.filter((label) => label === 10).length;
    expect(new Set(labels)).toEqual(new Set([0, 1, 10]));
    expect(none).toBeGreaterThan(60);
    expect(none).toBeLessThan(200);
  });

  test('show something: most views of digits are not flat', () => {
    const spreads = Array.from({ length: 200 }, (_, i) => view(i))
      .filter(({ label }) => label < 10)
      .map(({ levels }) => Math.max(...levels) - Math.min(...levels));
    expect(spreads.filter((spread) => spread > 60).length).toBeGreaterThan(0.97 * spreads.length);
  });
});

describe('overviews', () => {
  test('say in one cell where their digit is, and how large', () => {
    let withDigit = 0;
    for (let seed = 0; seed < 200; seed++) {
      const { targets, weights } = overview(seed);
      const plane = targets.subarray(
        planeIndex(FINDER, FINDER_PLANE.theDigit, 0),
        planeIndex(FINDER, FINDER_PLANE.theDigit, CELLS),
      );
      const cells = [...plane].flatMap((value, cell) => (value === 1 ? [cell] : []));
      expect(cells.length).toBeLessThanOrEqual(1);
      const [cell] = cells;
      if (cell === undefined) continue;
      withDigit++;
      expect(targets[planeIndex(FINDER, FINDER_PLANE.anyDigit, cell)]).toBe(1);
      const at = (number: number): number => planeIndex(FINDER, FINDER.logitPlanes + number, cell);
      const box = boxAt(FINDER, targets, 0, cell);
      expect(box.x).toBeGreaterThanOrEqual(-0.01);
      expect(box.y).toBeGreaterThanOrEqual(-0.01);
      expect(box.x + box.width).toBeLessThanOrEqual(OVERVIEW_SIDE + 0.01);
      expect(box.y + box.height).toBeLessThanOrEqual(OVERVIEW_SIDE + 0.01);
      expect(weights[at(0)]).toBeGreaterThan(0);
      // In the cell that has its middle.
      expect(Math.abs(targets[at(0)] ?? 9)).toBeLessThanOrEqual(0.5);
      expect(Math.abs(targets[at(1)] ?? 9)).toBeLessThanOrEqual(0.5);
    }
    expect(withDigit).toBeGreaterThan(150);
  });

  test('have their digit where they say: levels differ more within the box than beside it', () => {
    let [inside, outside, count] = [0, 0, 0];
    for (let seed = 0; seed < 150; seed++) {
      const { levels, targets } = overview(seed);
      const cell = targets.subarray(CELLS, 2 * CELLS).indexOf(1);
      if (cell < 0) continue;
      const box = boxAt(FINDER, targets, 0, cell);
      const sums = [0, 0];
      const counts = [0, 0];
      levels.forEach((level, i) => {
        const [x, y] = [i % OVERVIEW_SIDE, Math.floor(i / OVERVIEW_SIDE)];
        const isIn = x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height;
        sums[Number(isIn)]! += Math.abs(level - 96);
        counts[Number(isIn)]! += 1;
      });
      if (counts[0] === 0 || counts[1] === 0) continue;
      inside += (sums[1] ?? 0) / (counts[1] ?? 1);
      outside += (sums[0] ?? 0) / (counts[0] ?? 1);
      count++;
    }
    expect(count).toBeGreaterThan(100);
    expect(inside).toBeGreaterThan(1.3 * outside);
  });
});

describe('thumbnails', () => {
  const thumbnail = (seed: number): { label: number; levels: Uint8Array } => {
    const levels = new Uint8Array(THUMBNAIL_SIDE ** 2);
    return { label: painter.drawToRead('thumbnail', createRandom(seed), levels), levels };
  };

  test('are the same from the same stream', () => {
    expect(thumbnail(7)).toEqual(thumbnail(7));
    expect(thumbnail(8).levels).not.toEqual(thumbnail(7).levels);
  });

  test('are of a digit that fills them, or of none', () => {
    const labels = Array.from({ length: 400 }, (_, i) => thumbnail(i).label);
    const none = labels.filter((label) => label === 10).length;
    expect(new Set(labels)).toEqual(new Set([0, 1, 10]));
    expect(none).toBeGreaterThan(100);
    expect(none).toBeLessThan(250);
  });
});

describe('close-ups', () => {
  const closeUp = (seed: number): { levels: Uint8Array; targets: Float32Array } => {
    const levels = new Uint8Array(CLOSE_UP_SIDE ** 2);
    const [targets, weights] = [new Float32Array(DETECTOR_OUTPUTS), new Float32Array(DETECTOR_OUTPUTS)];
    painter.drawToFind('closeup', createRandom(seed), { levels, targets, weights });
    return { levels, targets };
  };
  const digitsOf = (targets: Float32Array): number =>
    targets.subarray(0, 10 * cellCount(DETECTOR)).filter((value) => value === 1).length;

  test('are the same from the same stream', () => {
    expect(closeUp(7)).toEqual(closeUp(7));
    expect(closeUp(8).levels).not.toEqual(closeUp(7).levels);
  });

  test('show several digits mostly, of the glyphs that there are, and now and then none', () => {
    const counts = Array.from({ length: 200 }, (_, i) => digitsOf(closeUp(i).targets));
    expect(counts.filter((count) => count >= 2).length).toBeGreaterThan(100);
    expect(counts.filter((count) => count === 0).length).toBeGreaterThan(5);
    expect(counts.reduce((a, b) => a + b, 0) / counts.length).toBeGreaterThan(2.5);
    for (let seed = 0; seed < 50; seed++) {
      const { targets } = closeUp(seed);
      // The plain glyphs are of 0 and 1 alone.
      expect(targets.subarray(2 * cellCount(DETECTOR), 10 * cellCount(DETECTOR)).includes(1)).toBe(false);
    }
  });
});

describe('places', () => {
  function place(seed: number): { label: number; levels: Uint8Array } {
    const levels = new Uint8Array(VIEW_SIDE ** 2);
    return { label: painter.drawToRead('place', createRandom(seed), levels), levels };
  }

  test('are the same from the same stream, whatever was drawn before', () => {
    const first = place(7);
    place(8);
    expect(place(7)).toEqual(first);
    expect(place(9).levels).not.toEqual(first.levels);
  });

  test('show digits mostly, and what may be taken for one', () => {
    const labels = Array.from({ length: 300 }, (_, i) => place(i).label);
    const none = labels.filter((label) => label === 10).length;
    expect(new Set(labels)).toEqual(new Set([0, 1, 10]));
    expect(none).toBeGreaterThan(60);
    expect(none).toBeLessThan(180);
  });
});
