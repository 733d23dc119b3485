import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CORRUPTIONS,
  corruptFrames,
  type Corruption,
} from '../../../src/evaluation/corruptions/corruptions.js';
import { FRAME_PIXELS, frameAt, packFrames, sliceFrames, type Frame } from '../../../src/image/frame.js';
import { createRandom } from '../../../src/random.js';
import { drawnSet } from '../../helpers/data/drawn-set.js';
import { drawDigit } from '../../helpers/data/digits.js';

/** Those that come out the same whatever the stream gives. */
const WITHOUT_CHANCE = new Set(['scale', 'brightness', 'stripe', 'canny_edges']);

function named(wanted: string): Corruption {
  const found = CORRUPTIONS.find(({ name }) => name === wanted);
  if (!found) throw new RangeError(`no corruption ${wanted}`);
  return found;
}

function meanOf(frame: Frame): number {
  return frame.reduce((sum, level) => sum + level, 0) / frame.length;
}

const anyFrame = fc.uint8Array({ minLength: FRAME_PIXELS, maxLength: FRAME_PIXELS });

describe('the corruptions', () => {
  it('are the fifteen of MNIST-C', () => {
    expect(new Set(CORRUPTIONS.map(({ name }) => name)).size).toBe(15);
  });

  describe.each(CORRUPTIONS)('$name', (corruption) => {
    const withoutChance = WITHOUT_CHANCE.has(corruption.name);
    const corrupt = (frame: Frame, seed: number): Frame => corruption.apply(frame, createRandom(seed));

    it('gives a frame of its own, the same for the same stream', () => {
      fc.assert(
        fc.property(anyFrame, fc.nat(), (frame, seed) => {
          const before = frame.slice();
          const corrupted = corrupt(frame, seed);
          expect(frame).toEqual(before);
          expect(corrupted).toBeInstanceOf(Uint8Array);
          expect(corrupted).toHaveLength(FRAME_PIXELS);
          expect(corrupted.buffer).not.toBe(frame.buffer);
          expect(corrupt(frame, seed)).toEqual(corrupted);
        }),
        { numRuns: 10 },
      );
    });

    it('changes every drawn digit so that it shows', () => {
      const { frames } = drawnSet(10, 3);
      const corrupted = corruptFrames(corruption, frames);
      for (let i = 0; i < frames.count; i++) {
        const [one, other] = [frameAt(frames, i), frameAt(corrupted, i)];
        const change = one.reduce((sum, level, pixel) => sum + Math.abs(level - other[pixel]!), 0);
        expect(change / FRAME_PIXELS).toBeGreaterThan(1);
      }
    });

    it(withoutChance ? 'leaves nothing to chance' : 'differs from seed to seed', () => {
      const { data } = drawDigit(4);
      const results = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => corrupt(data, seed).join());
      expect(new Set(results).size > 1).toBe(!withoutChance);
    });
  });

  it('leave a blank frame as blank as they should', () => {
    const blank = new Uint8Array(FRAME_PIXELS);
    const corrupted = (name: string): Frame => named(name).apply(blank, createRandom(7));
    for (const name of [
      'shot_noise',
      'glass_blur',
      'motion_blur',
      'shear',
      'scale',
      'rotate',
      'translate',
      'fog',
      'canny_edges',
    ]) {
      expect(meanOf(corrupted(name)), name).toBe(0);
    }
    expect(new Set(corrupted('brightness'))).toEqual(new Set([128]));
    expect(meanOf(corrupted('stripe'))).toBe(127.5);
    expect(Math.max(...corrupted('spatter'))).toBeLessThanOrEqual(63);
    // A twelfth of the pixels is salt; a line of three rows covers no more than an eighth of the picture.
    expect(meanOf(corrupted('impulse_noise'))).toBeGreaterThan((255 / 12) * 0.6);
    expect(meanOf(corrupted('impulse_noise'))).toBeLessThan((255 / 12) * 1.4);
    for (const name of ['dotted_line', 'zigzag']) {
      expect(meanOf(corrupted(name)), name).toBeGreaterThan(1);
      expect(meanOf(corrupted(name)), name).toBeLessThan(255 / 8);
    }
  });
});

describe('corruptFrames', () => {
  it('corrupts an image by its place, whichever batch it comes in', () => {
    const { frames } = drawnSet(7, 1);
    const whole = corruptFrames(named('impulse_noise'), frames);
    const rest = corruptFrames(named('impulse_noise'), sliceFrames(frames, 3, 7), 3);
    expect(rest.pixels).toEqual(sliceFrames(whole, 3, 7).pixels);
  });

  it('draws anew for every image and corruption', () => {
    const twice = packFrames([drawDigit(2).data, drawDigit(2).data]);
    const noise = corruptFrames(named('shot_noise'), twice);
    expect(sliceFrames(noise, 0, 1).pixels).not.toEqual(sliceFrames(noise, 1, 2).pixels);
    // The same draws by another corruption would be seen in the same pixels.
    const changed = (name: string): string => {
      const { pixels } = corruptFrames(named(name), packFrames([new Uint8Array(784).fill(128)]));
      return pixels.map((level) => (level === 128 ? 0 : 1)).join();
    };
    expect(changed('impulse_noise')).not.toBe(changed('shot_noise'));
  });
});
