import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { changeStrokes } from '../../../src/training/augmentation/stroke-width.js';
import { createRandom } from '../../../src/random.js';

/** A frame whose pixels all differ from their neighbours. */
const frame = Uint8Array.from({ length: 784 }, (_, i) => (i * 37) % 256);

describe('changeStrokes', () => {
  it('agrees with its definition at every pixel, those of the border too', () => {
    for (const pixels of [0.5, -0.3, 1]) {
      const picture = Float32Array.from(frame, (value) => value / 255);
      const at = (row: number, column: number): number =>
        row < 0 || column < 0 || row > 27 || column > 27 ? 0 : frame[row * 28 + column]! / 255;
      const expected = Array.from(picture, (own, i) => {
        const [row, column] = [Math.floor(i / 28), i % 28];
        const five = [
          own,
          at(row - 1, column),
          at(row + 1, column),
          at(row, column - 1),
          at(row, column + 1),
        ];
        const around = pixels > 0 ? Math.max(...five) : Math.min(...five);
        return own + Math.abs(pixels) * (around - own);
      });
      changeStrokes(picture, pixels);
      picture.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6));
    }
  });

  const dot = (level: number, around: number): Float32Array => {
    const picture = new Float32Array(784);
    for (const place of [14 * 28 + 13, 14 * 28 + 15, 13 * 28 + 14, 15 * 28 + 14]) picture[place] = around;
    picture[14 * 28 + 14] = level;
    return picture;
  };

  it('thickens towards the lightest neighbour and thins towards the darkest', () => {
    const thicker = dot(1, 0);
    changeStrokes(thicker, 0.25);
    expect(thicker).toEqual(dot(1, 0.25));
    const thinner = dot(1, 0);
    changeStrokes(thinner, -0.25);
    expect(thinner).toEqual(dot(0.75, 0));
  });

  it('leaves the frame as it is for no change', () => {
    const picture = Float32Array.from(frame, (value) => value / 255);
    const before = Float32Array.from(picture);
    changeStrokes(picture, 0);
    expect(picture).toEqual(before);
  });

  it('stays within the levels that are there', () => {
    fc.assert(
      fc.property(fc.double({ min: -1, max: 1, noNaN: true }), fc.nat(), (pixels, seed) => {
        const random = createRandom(seed);
        const picture = Float32Array.from({ length: 784 }, random);
        changeStrokes(picture, pixels);
        expect(picture.every((value) => value >= 0 && value <= 1)).toBe(true);
      }),
    );
  });
});
