import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/random.js';
import { createBanks } from '../../../src/scenes/banks.js';
import { GlyphShapes } from '../../../src/scenes/glyph-shapes.js';
import { NumberWriter, type NumberScene } from '../../../src/scenes/numbers/number-writer.js';
import type { GlyphSet } from '../../../src/scenes/types.js';
import { barGlyphs, plainGlyphs, slantedGlyphs, tenGlyphs } from '../glyphs.js';

const SIDE = 96;

function scenesOf(digits: GlyphSet, count: number): NumberScene[] {
  const banks = createBanks(createRandom(1), digits.side);
  const writer = new NumberWriter(new GlyphShapes(digits), new GlyphShapes(plainGlyphs.others), banks);
  return Array.from({ length: count }, (_, seed) => {
    const canvas = { side: SIDE, levels: new Float32Array(SIDE * SIDE) };
    return writer.write(canvas, createRandom(seed));
  });
}

/** Of neighbours on a line the share whose boxes overlap by much of their height. */
function overlapping(scenes: readonly NumberScene[]): number {
  let [close, all] = [0, 0];
  for (const { digits } of scenes) {
    digits.slice(1).forEach(({ box }, i) => {
      const before = digits[i]?.box;
      if (!before || box.left < before.left || box.top > before.bottom || box.bottom < before.top) return;
      all++;
      if (before.right - box.left > 0.2 * (box.bottom - box.top)) close++;
    });
  }
  return close / all;
}

describe('numbers of scenes', () => {
  it('have slanted digits as close as their ink allows, though their boxes overlap', () => {
    const [slanted, upright] = [slantedGlyphs, barGlyphs].map((glyphs) => overlapping(scenesOf(glyphs, 150)));
    expect(slanted).toBeGreaterThan(0.15);
    expect(upright).toBeLessThan(0.1);
  });

  it('have a 7 that goes below a 1 on some lines, and no 1 that goes below a 7', () => {
    const lower = (label: number): number => {
      let count = 0;
      for (const { digits, size } of scenesOf(slantedGlyphs, 150)) {
        digits.slice(1).forEach((digit, i) => {
          const before = digits[i];
          if (!before || digit.label !== label || before.label === label) return;
          const isOnLine = Math.abs(digit.box.top - before.box.top) < size;
          if (isOnLine && digit.box.bottom - before.box.bottom > 0.3 * size) count++;
        });
      }
      return count;
    };
    expect(lower(7)).toBeGreaterThan(2 * lower(1) + 5);
  });

  it('repeat digits in boxes and behind separators as well', () => {
    let [same, all] = [0, 0];
    for (const { digits } of scenesOf(tenGlyphs, 600)) {
      digits.slice(1).forEach(({ label, box }, i) => {
        const before = digits[i];
        const gap = before ? (box.left - before.box.right) / (box.bottom - box.top) : 0;
        if (!before || gap < 0.6 || gap > 1.7) return;
        all++;
        if (before.label === label) same++;
      });
    }
    // One of ten by chance, and one of ten on purpose.
    expect(all).toBeGreaterThan(200);
    expect(same / all).toBeGreaterThan(0.15);
  });

  it('are of one hand on plain paper as often as they are hard', () => {
    const kinds = scenesOf(barGlyphs, 400).map(({ chance }) => chance.words === 0);
    const ordinary = kinds.filter(Boolean).length;
    expect(ordinary).toBeGreaterThan(160);
    expect(ordinary).toBeLessThan(240);
  });
});
