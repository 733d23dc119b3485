import { describe, expect, it } from 'vitest';
import { fog, plasmaFractal } from '../../../src/evaluation/corruptions/fog.js';
import { createRandom } from '../../../src/random.js';

/** The diamond-square of the reference, in plain loops over rolled arrays: each value is asked for by its place. */
function naivePlasma(side: number, decay: number, random: () => number): number[][] {
  const map = Array.from({ length: side }, () => Array.from({ length: side }, () => 0));
  const at = (row: number, column: number): number => map.at(row % side)?.at(column % side) ?? NaN;
  let wibble = 100;
  for (let step = side; step >= 2; step /= 2) {
    const half = step / 2;
    const places = Array.from({ length: side / step }, (_, i) => i * step);
    const set = (row: number, column: number, sum: number): void => {
      map[row]![column] = sum / 4 + wibble * (2 * wibble * random() - wibble);
    };
    for (const r of places) {
      for (const c of places)
        set(r + half, c + half, at(r, c) + at(r + step, c) + at(r, c + step) + at(r + step, c + step));
    }
    for (const r of places) {
      for (const c of places)
        set(r, c + half, at(r + half, c + half) + at(r - half, c + half) + at(r, c) + at(r, c + step));
    }
    for (const r of places) {
      for (const c of places)
        set(r + half, c, at(r + half, c + half) + at(r + half, c - half) + at(r, c) + at(r + step, c));
    }
    wibble /= decay;
  }
  return map;
}

describe('plasmaFractal', () => {
  it('is the reference’s diamond-square', () => {
    const expected = naivePlasma(16, 1.4, createRandom(5)).flat();
    const [low, high] = [Math.min(...expected), Math.max(...expected)];
    const map = plasmaFractal(16, 1.4, createRandom(5));
    expect(map).toHaveLength(256);
    for (const [i, height] of expected.entries()) {
      expect(map[i]).toBeCloseTo((height - low) / (high - low), 9);
    }
  });
});

describe('fog', () => {
  it('keeps a quarter of the contrast of full ink, and adds the same clouds everywhere', () => {
    const frame = Uint8Array.from({ length: 784 }, (_, i) => (i % 28 === 14 ? 255 : 0));
    const white = fog(frame, createRandom(1));
    const other = fog(frame.with(0, 255), createRandom(1));
    expect(other[0]! - white[0]!).toBeGreaterThanOrEqual(63);
    expect(other[0]! - white[0]!).toBeLessThanOrEqual(64);
    expect(other.subarray(1)).toEqual(white.subarray(1));
  });
});
