import { describe, expect, it } from 'vitest';
import { clouds } from '../../../src/training/augmentation/clouds.js';
import { scribble } from '../../../src/training/augmentation/scribble.js';
import {
  blot,
  blur,
  grain,
  hollow,
  invert,
  corrupt,
  wash,
} from '../../../src/training/augmentation/corrupt.js';
import { createRandom } from '../../../src/random.js';
import { drawDigit } from '../../helpers/data/digits.js';

const CORRUPTIONS = { grain, blur, wash, invert, scribble, blot, hollow, corrupt };

const digit = (): Float32Array => Float32Array.from(drawDigit(8).data, (level) => level / 255);

describe.each(Object.entries(CORRUPTIONS))('%s', (_, apply) => {
  const corrupted = (seed: number): Float32Array => {
    const frame = digit();
    apply(frame, createRandom(seed));
    return frame;
  };

  it('stays within 0 and 1', () => {
    for (let seed = 0; seed < 200; seed++) {
      expect(corrupted(seed).every((value) => value >= 0 && value <= 1)).toBe(true);
    }
  });

  it('changes nearly every picture, and each in its own way', () => {
    const before = digit();
    const results = Array.from({ length: 50 }, (__, seed) => corrupted(seed));
    const changed = results.filter((frame) => frame.some((value, i) => value !== before[i]));
    expect(changed.length).toBeGreaterThan(45);
    expect(new Set(results.map((frame) => frame.join())).size).toBeGreaterThan(5);
  });

  it('does the same from the same stream, whatever it did before', () => {
    const first = corrupted(3);
    corrupted(4);
    expect(corrupted(3)).toEqual(first);
  });
});

describe('invert', () => {
  it('turns each pixel round or leaves it', () => {
    const before = digit();
    for (let seed = 0; seed < 50; seed++) {
      const frame = digit();
      invert(frame, createRandom(seed));
      const away = frame.map((value, i) =>
        Math.min(Math.abs(before[i]! - value), Math.abs(1 - before[i]! - value)),
      );
      expect(Math.max(...away)).toBeLessThan(1e-6);
    }
  });
});

describe('hollow', () => {
  it('keeps a square as its outline alone', () => {
    const square = (hasInside: boolean): Float32Array =>
      Float32Array.from({ length: 784 }, (_, i) => {
        const away = Math.max(Math.abs(Math.floor(i / 28) - 14), Math.abs((i % 28) - 14));
        return away === 6 || (hasInside && away < 6) ? 1 : 0;
      });
    // From a stream whose numbers are all the same: the ink's own edge.
    const frame = square(true);
    hollow(frame, () => 0.25);
    expect(frame).toEqual(square(false));
  });
});

describe('clouds', () => {
  it('lie between 0 and 1 and change slowly', () => {
    const field = new Float32Array(784);
    for (let seed = 0; seed < 50; seed++) {
      clouds(createRandom(seed), field);
      expect(field.every((value) => value >= 0 && value <= 1)).toBe(true);
      const steps = field.subarray(28).map((value, i) => Math.abs(value - field[i]!));
      expect(Math.max(...steps)).toBeLessThan(0.25);
    }
  });
});
