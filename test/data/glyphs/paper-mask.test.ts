import { describe, expect, it } from 'vitest';
import type { InkMask } from '../../../src/data/glyphs/fit-mask.js';
import { paperMask } from '../../../src/data/glyphs/paper-mask.js';
import { drawDigit, seededRandom } from '../../helpers/data/digits.js';

const WIDTH = 80;
const HEIGHT = 100;

/** A drawn 5 as ink, 0 to 1. */
const ink = [...drawDigit(5, { width: WIDTH, height: HEIGHT, digitSize: 60, penWidth: 6 }).data].map(
  (value) => value / 255,
);

/** A photo of it: uneven light, grain, ink of a darkness. */
function photo(darkness: number, cover: readonly number[] = ink): InkMask {
  const random = seededRandom(4);
  const data = Uint8Array.from(cover, (part, i) => {
    const x = i % WIDTH;
    const y = Math.floor(i / WIDTH);
    const paper = 190 + 0.35 * x - 0.2 * y + 4 * (random() - 0.5);
    return Math.max(0, Math.min(255, paper - darkness * part));
  });
  return { width: WIDTH, height: HEIGHT, data };
}

describe('paperMask', () => {
  it.each([70, 150])('finds the ink on unevenly lit paper, %s gray levels darker', (darkness) => {
    const mask = paperMask(photo(darkness));
    expect(mask).toBeDefined();
    for (const [i, part] of ink.entries()) {
      if (part > 0.97) expect(mask?.data[i]).toBeGreaterThan(170);
      if (part === 0) expect(mask?.data[i]).toBeLessThan(40);
    }
  });

  it('erases specks and what hangs in from the edge', () => {
    const dirty = ink.map((part, i) => {
      const x = i % WIDTH;
      const y = Math.floor(i / WIDTH);
      const speck = x >= 8 && x < 10 && y >= 8 && y < 10;
      return speck || (y < 3 && x > 60) ? 1 : part;
    });
    const mask = paperMask(photo(120, dirty));
    expect(mask?.data[8 * WIDTH + 8]).toBe(0);
    expect(mask?.data[WIDTH + 70]).toBe(0);
    const clean = paperMask(photo(120));
    for (const [i, value] of (clean?.data ?? []).entries()) {
      expect(Math.abs(value - (mask?.data[i] ?? 0))).toBeLessThan(25);
    }
  });

  it('refuses faint ink, bare paper, and a glyph that runs over the edge', () => {
    expect(paperMask(photo(20))).toBeUndefined();
    expect(paperMask(photo(0))).toBeUndefined();
    const over = ink.map((part, i) => (Math.abs((i % WIDTH) - 40) < 4 ? 1 : part));
    expect(paperMask(photo(120, over))).toBeUndefined();
  });

  it('refuses ink that falls into pieces', () => {
    const pieces = ink.map((part, i) => (Math.floor(i / WIDTH) % 16 < 6 ? 0 : part));
    expect(paperMask(photo(120, pieces))).toBeUndefined();
  });
});
