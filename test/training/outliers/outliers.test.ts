import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/random.js';
import {
  copyFrame,
  createAugment,
  DEFAULT_AUGMENTATION,
} from '../../../src/training/augmentation/augment.js';
import { createOutliers, OUTLIER_KINDS } from '../../../src/training/outliers/outliers.js';
import { drawnSet } from '../../helpers/data/drawn-set.js';

const { frames, labels } = drawnSet(60, 1);
const digits = { pixels: frames.pixels, labels };
const DRAWN = 60;

/** Frames of one kind, from random streams of their own. */
function framesOf(kind: (typeof OUTLIER_KINDS)[number], own = digits): Uint8Array[] {
  return Array.from({ length: DRAWN }, (_, i) => {
    // What was there before must not show.
    const frame = new Uint8Array(784).fill(99);
    kind.draw(frame, own, createRandom(4, i));
    return frame;
  });
}

/** Share of the frame that is not black. */
const inkOf = (frame: Uint8Array): number => frame.filter((level) => level > 0).length / 784;

describe.each(OUTLIER_KINDS.map((kind) => [kind.name, kind] as const))('outliers: %s', (name, kind) => {
  const drawn = framesOf(kind);

  it('are drawn anew from each stream, and the same from the same', () => {
    expect(framesOf(kind)).toEqual(drawn);
    const different = new Set(drawn.map((frame) => frame.join()));
    // Many blanks are black, and few digits may lie on their side; augmentation tells those apart later.
    expect(different.size).toBeGreaterThan(['blank', 'sideways'].includes(name) ? DRAWN / 4 : 0.9 * DRAWN);
  });

  it('show something, and write the whole frame', () => {
    const inked = drawn.filter((frame) => inkOf(frame) > 0);
    expect(inked.length).toBeGreaterThanOrEqual(name === 'blank' ? DRAWN / 4 : 0.9 * DRAWN);
    expect(drawn.every((frame) => frame.every((level) => level === 99))).toBe(false);
    // No kind has a pixel that is never touched: it would keep what was there before.
    const kept = drawn.reduce(
      (untouched, frame) => untouched.filter((pixel) => frame[pixel] === 99),
      Array.from({ length: 784 }, (_, i) => i),
    );
    expect(kept).toEqual([]);
  });

  it('have the soft strokes and the dark ground of digits where a pen draws them', () => {
    if (!kind.isDrawing) return;
    for (const frame of drawn) {
      expect(inkOf(frame)).toBeLessThan(0.85);
      const soft = frame.filter((level) => level > 20 && level < 235).length;
      if (inkOf(frame) > 0.02) expect(soft).toBeGreaterThan(3);
    }
  });

  it('need no other digits than there are', () => {
    for (const only of [1, 7]) {
      const places = [...labels.keys()].filter((i) => labels[i] === only);
      const pixels = Uint8Array.from(
        places.flatMap((place) => [...frames.pixels.subarray(place * 784, (place + 1) * 784)]),
      );
      const own = { pixels, labels: new Uint8Array(places.length).fill(only) };
      expect(() => framesOf(kind, own)).not.toThrow();
    }
  });
});

describe('createOutliers', () => {
  const draw = createOutliers(digits, createAugment(DEFAULT_AUGMENTATION));
  const outlier = (seed: number): Float32Array => {
    const target = new Float32Array(1000).fill(-1);
    draw(target, 100, createRandom(seed));
    return target;
  };

  it('writes 784 numbers of 0..1, and nothing beside them', () => {
    for (let seed = 0; seed < 300; seed++) {
      const target = outlier(seed);
      const own = target.subarray(100, 884);
      expect(own.every((value) => value >= 0 && value <= 1)).toBe(true);
      expect(target.subarray(0, 100).every((value) => value === -1)).toBe(true);
      expect(target.subarray(884).every((value) => value === -1)).toBe(true);
    }
  });

  it('depends on its stream alone, not on what was drawn before', () => {
    const first = outlier(3);
    outlier(4);
    expect(outlier(3)).toEqual(first);
    expect(outlier(4)).not.toEqual(first);
  });

  it('draws each kind as often as it weighs', () => {
    const plain = createOutliers(digits, copyFrame);
    const target = new Float32Array(784);
    const total = OUTLIER_KINDS.reduce((sum, { weight }) => sum + weight, 0);
    let before = 0;
    for (const [i, kind] of OUTLIER_KINDS.entries()) {
      // The first number of a stream chooses the kind: those from `before` on, as many as its weight.
      for (const first of [before + 1e-6, before + kind.weight - 1e-6]) {
        const rest = createRandom(5, i);
        const numbers = [first / total];
        plain(target, 0, () => numbers.pop() ?? rest());
        const expected = new Uint8Array(784);
        kind.draw(expected, digits, createRandom(5, i));
        expect([...target].map((value) => Math.round(255 * value))).toEqual([...expected]);
      }
      before += kind.weight;
    }
  });
});
