import { describe, expect, it } from 'vitest';
import { frameAt } from '../../../src/image/frame.js';
import * as glyphs from '../../../src/evaluation/outliers/held-out-glyphs.js';
import { drawOutliers, OUTLIER_KINDS } from '../../../src/evaluation/outliers/kinds.js';
import { FOREIGN_LETTERS } from '../../../src/training/outliers/foreign-letters.js';
import { LETTERS } from '../../../src/training/outliers/letters.js';
import { OUTLIER_KINDS as TRAINED_KINDS } from '../../../src/training/outliers/outliers.js';

const COUNT = 40;

describe.each(OUTLIER_KINDS.map((kind) => [kind.name, kind] as const))(
  'outliers kept apart: %s',
  (_, kind) => {
    const { count, pixels } = drawOutliers(kind, COUNT);

    it('depend on their place alone', () => {
      expect(drawOutliers(kind, COUNT).pixels).toEqual(pixels);
      expect(drawOutliers(kind, 5).pixels).toEqual(pixels.slice(0, 5 * 784));
    });

    it('each show something of their own', () => {
      const frames = Array.from({ length: count }, (__, i) => frameAt({ count, pixels }, i));
      for (const frame of frames) {
        const middle = (Math.min(...frame) + Math.max(...frame)) / 2;
        expect(Math.max(...frame) - Math.min(...frame)).toBeGreaterThan(60);
        expect(frame.filter((level) => level > middle).length).toBeGreaterThan(10);
      }
      expect(new Set(frames.map((frame) => frame.join())).size).toBe(COUNT);
    });
  },
);

describe('the outliers kept apart', () => {
  it('share no letter and no name of a drawing with those that are trained on', () => {
    const trained = new Set([...LETTERS, ...FOREIGN_LETTERS].map((glyph) => JSON.stringify(glyph)));
    const apart = Object.values(glyphs).flat();
    expect(apart.length).toBeGreaterThan(50);
    expect(apart.filter((glyph) => trained.has(JSON.stringify(glyph)))).toEqual([]);
    const names = new Set(TRAINED_KINDS.map(({ name }) => name));
    // Other letters than those that are trained on.
    expect(OUTLIER_KINDS.map(({ name }) => name).filter((name) => names.has(name))).toEqual(['letters']);
  });
});
