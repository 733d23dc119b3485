import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { standardize } from '../../../src/image/view/standardize.js';

function levelsOf(values: readonly number[]): Uint8Array {
  const levels = new Uint8Array(values.length);
  standardize(Float32Array.from(values), levels);
  return levels;
}

/** Gray levels of an eighth's steps: exact in 32-bit floats, as are those below with light or paper changed. */
const pictures = fc
  .array(fc.integer({ min: 0, max: 8 }), { minLength: 8, maxLength: 64 })
  .map((levels) => levels.map((level) => level / 8));

describe('standardised levels', () => {
  test('are (x - mean) / (deviation + 0.02), 32 levels a deviation, around 96', () => {
    const values = [0.1, 0.1, 0.1, 0.2, 0.1, 0.1, 0.9, 0.1];
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
    const expected = values.map((v) =>
      Math.min(255, Math.round(96 + (32 * (v - mean)) / (deviation + 0.02))),
    );
    expect([...levelsOf(values)]).toEqual(expected);
  });

  test('are the same of a picture and its negative, where ink is told from paper by how much there is', () => {
    fc.assert(
      fc.property(pictures, (values) => {
        const mean = values.reduce((a, b) => a + b, 0) / values.length;
        const skew = values.reduce((sum, v) => sum + (v - mean) ** 3, 0);
        fc.pre(Math.abs(skew) > 1e-3);
        const [own, negative] = [levelsOf(values), levelsOf(values.map((v) => 1 - v))];
        own.forEach((level, i) => expect(Math.abs(level - (negative[i] ?? 0))).toBeLessThanOrEqual(1));
      }),
    );
  });

  test('show the smaller part bright', () => {
    const ink = levelsOf([...Array<number>(20).fill(0.9), 0.1, 0.1]);
    expect(ink.at(-1)).toBeGreaterThan(ink[0] ?? 255);
  });

  test('of a blank picture are all the same', () => {
    expect(new Set(levelsOf(Array<number>(16).fill(0.4))).size).toBe(1);
  });
});
