import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intersectionOverUnion } from '../../../src/image/view/bounding-box.js';
import { NO_DIGIT } from '../../../src/model/contract.js';
import { createRandom } from '../../../src/random.js';
import { HARD_CHANCES } from '../../../src/scenes/numbers/number-ranges.js';
import { pickPlace } from '../../../src/scenes/numbers/pick-place.js';

const BOUNDS = { left: 0, top: 0, right: 112, bottom: 112 };

/** A number of digits side by side. */
function sceneOf(labels: readonly number[], gap = 4) {
  const digits = labels.map((label, i) => {
    const left = 4 + i * (24 + gap);
    return { label, box: { left, top: 36, right: left + 24, bottom: 78 } };
  });
  return { size: 42, isClean: true, chance: HARD_CHANCES, digits, separators: [], words: [] };
}

function boxOf({ left, top, right, bottom }: { left: number; top: number; right: number; bottom: number }) {
  return { x: left, y: top, width: right - left, height: bottom - top };
}

describe('pickPlace', () => {
  it('calls a digit only what lies about a digit, and by its name', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 4 }),
        fc.double({ min: -10, max: 8, noNaN: true }),
        (seed, labels, gap) => {
          const scene = sceneOf(labels, gap);
          const { box, label } = pickPlace(scene, BOUNDS, createRandom(seed));
          const overlaps = scene.digits.map((digit) => intersectionOverUnion(box, boxOf(digit.box)));
          const most = Math.max(...overlaps);
          if (label === NO_DIGIT) expect(most).toBeLessThanOrEqual(0.62);
          else {
            const own = scene.digits
              .filter((digit) => digit.label === label)
              .map(({ box: one }) => boxOf(one));
            expect(Math.max(...own.map((one) => intersectionOverUnion(box, one)))).toBeGreaterThan(0.45);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('picks digits mostly, and what detectors take for digits as well', () => {
    const scene = sceneOf([7, 1, 9]);
    const labels = Array.from({ length: 400 }, (_, i) => pickPlace(scene, BOUNDS, createRandom(i)).label);
    const none = labels.filter((label) => label === NO_DIGIT).length;
    expect(new Set(labels)).toEqual(new Set([7, 1, 9, NO_DIGIT]));
    expect(none).toBeGreaterThan(80);
    expect(none).toBeLessThan(200);
  });

  it('takes no digit for one that the end of the picture cuts in two', () => {
    const cut = { ...BOUNDS, right: 14 };
    for (let seed = 0; seed < 100; seed++) {
      expect(pickPlace(sceneOf([5]), cut, createRandom(seed)).label).toBe(NO_DIGIT);
    }
  });

  it('is the same from the same stream', () => {
    const pick = () => pickPlace(sceneOf([3, 3]), BOUNDS, createRandom(12));
    expect(pick()).toEqual(pick());
  });
});
