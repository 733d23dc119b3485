import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import {
  copyFrame,
  createAugment,
  DEFAULT_AUGMENTATION,
  type Augmentation,
} from '../../../src/training/augmentation/augment.js';
import { createRandom } from '../../../src/random.js';

const STILL: Augmentation = {
  rotationDegrees: 0,
  scale: 0,
  shear: 0,
  shiftPixels: 0,
  elasticPixels: 0,
  strokePixels: 0,
  corruptionProbability: 0,
};

/** A frame whose pixels all differ from their neighbours. */
const frame = Uint8Array.from({ length: 784 }, (_, i) => (i * 37) % 256);

function augmented(source: Uint8Array, options: Augmentation, ...draws: number[]): number[] {
  const target = new Float32Array(784);
  const random = draws.length > 0 ? (): number => draws.shift() ?? 0.5 : createRandom(1);
  createAugment(options)(source, 0, target, 0, random);
  return [...target].map((value) => Math.round(value * 255));
}

describe('augment', () => {
  it('leaves the frame as it is where nothing may change', () => {
    expect(augmented(frame, STILL)).toEqual([...frame]);
  });

  it('moves by whole pixels exactly, with background behind', () => {
    // The last two draws are the shifts: 1 is the whole way to the right, 0 the whole way up.
    const moved = augmented(frame, { ...STILL, shiftPixels: 2 }, 0.5, 0.5, 0.5, 0.5, 1, 0);
    for (let row = 0; row < 28; row++) {
      for (let column = 0; column < 28; column++) {
        const expected = row + 2 < 28 && column >= 2 ? frame[(row + 2) * 28 + column - 2] : 0;
        expect(moved[row * 28 + column]).toBe(expected);
      }
    }
  });

  it('turns a quarter exactly', () => {
    const turned = augmented(frame, { ...STILL, rotationDegrees: 90 }, 1, 0.5, 0.5, 0.5, 0.5, 0.5);
    for (let row = 0; row < 28; row++) {
      for (let column = 0; column < 28; column++) {
        expect(turned[row * 28 + column]).toBe(frame[column * 28 + 27 - row]);
      }
    }
  });

  it('agrees with a sampling written from the definition, matrix by matrix', () => {
    const options: Augmentation = { ...STILL, rotationDegrees: 15, scale: 0.2, shear: 0.3, shiftPixels: 3 };
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 }),
        (draws) => {
          const actual = augmented(frame, options, ...draws);
          const expected = naiveAffine(frame, options, draws);
          actual.forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(1));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('stays within 0 and 1 and reads only its own frame of many', () => {
    const many = new Uint8Array(3 * 784).fill(255);
    many.fill(0, 784, 2 * 784);
    const target = new Float32Array(2 * 784).fill(7);
    const augment = createAugment({
      ...DEFAULT_AUGMENTATION,
      elasticPixels: 1,
      strokePixels: 0.5,
      corruptionProbability: 0,
    });
    for (let seed = 0; seed < 50; seed++) augment(many, 784, target, 784, createRandom(seed));
    expect(target.subarray(0, 784).every((value) => value === 7)).toBe(true);
    expect(target.subarray(784).every((value) => value === 0)).toBe(true);
  });
});

/** Scale after slant after turn after shift, as matrices in float64, and a bilinear look-up with explicit bounds. */
function naiveAffine(source: Uint8Array, options: Augmentation, draws: readonly number[]): number[] {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = draws.map((value) => 2 * value - 1);
  const angle = (a * options.rotationDegrees * Math.PI) / 180;
  const multiply = (m: number[][], v: number[]): number[] =>
    m.map((row) => row[0]! * v[0]! + row[1]! * v[1]!);
  const turn = [
    [Math.cos(angle), -Math.sin(angle)],
    [Math.sin(angle), Math.cos(angle)],
  ];
  const slant = [
    [1, d * options.shear],
    [0, 1],
  ];
  const scale = [
    [1 / (1 + b * options.scale), 0],
    [0, 1 / (1 + c * options.scale)],
  ];
  const pixel = (x: number, y: number): number =>
    x < 0 || y < 0 || x > 27 || y > 27 ? 0 : source[y * 28 + x]!;
  return Array.from({ length: 784 }, (_, i) => {
    const centred = [
      (i % 28) - 13.5 - e * options.shiftPixels,
      Math.floor(i / 28) - 13.5 - f * options.shiftPixels,
    ];
    const [u = 0, v = 0] = multiply(scale, multiply(slant, multiply(turn, centred))).map(
      (place) => place + 13.5,
    );
    const [x, y] = [Math.floor(u), Math.floor(v)];
    const top = pixel(x, y) * (1 - (u - x)) + pixel(x + 1, y) * (u - x);
    const bottom = pixel(x, y + 1) * (1 - (u - x)) + pixel(x + 1, y + 1) * (u - x);
    return Math.round(top * (1 - (v - y)) + bottom * (v - y));
  });
}

describe('copyFrame', () => {
  it('gives grey levels as shares', () => {
    const target = new Float32Array(784 + 1);
    copyFrame(frame, 0, target, 1, createRandom(1));
    expect(target[0]).toBe(0);
    expect([...target.subarray(1)].map((value) => Math.round(value * 255))).toEqual([...frame]);
  });
});
