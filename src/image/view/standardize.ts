import { wholeLevel } from '../normalize/plane.js';

/** The level of a view's mean, and how many levels a deviation is. */
const MEAN_LEVEL = 96;
const LEVELS_PER_DEVIATION = 32;

/** Differences that are smaller, of 0..1, are not magnified as far: a blank picture stays nearly flat. */
const LEAST_DEVIATION = 0.02;

/**
 * Makes gray levels comparable, whatever the paper, the pen and the light: minus their mean, over their deviation, and turned so that
 * their third central moment is not negative. Ink covers the smaller part of most pictures, so that it comes out bright, whichever
 * way it was written; a network that reads views learns from those where it does not, too.
 * @param values gray levels 0..1
 * @param levels as many, 0-255: `MEAN_LEVEL` for the mean
 */
export function standardize(values: Float32Array, levels: Uint8Array): void {
  let sum = 0;
  let squares = 0;
  let cubes = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const square = value * value;
    sum += value;
    squares += square;
    cubes += square * value;
  }
  const count = values.length;
  const mean = sum / count;
  const variance = squares / count - mean * mean;
  const skew = cubes / count - (3 * mean * squares) / count + 2 * mean * mean * mean;
  const deviation = Math.sqrt(Math.max(0, variance)) + LEAST_DEVIATION;
  const scale = ((skew < 0 ? -1 : 1) * LEVELS_PER_DEVIATION) / deviation;
  const offset = MEAN_LEVEL - mean * scale;
  for (let i = 0; i < count; i++) {
    const level = wholeLevel(offset + values[i]! * scale);
    levels[i] = level < 255 ? level : 255;
  }
}
