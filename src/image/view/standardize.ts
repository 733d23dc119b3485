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
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  const mean = sum / values.length;
  let squares = 0;
  let cubes = 0;
  for (let i = 0; i < values.length; i++) {
    const difference = values[i]! - mean;
    squares += difference * difference;
    cubes += difference * difference * difference;
  }
  const deviation = Math.sqrt(squares / values.length) + LEAST_DEVIATION;
  const scale = ((cubes < 0 ? -1 : 1) * LEVELS_PER_DEVIATION) / deviation;
  for (let i = 0; i < values.length; i++) {
    levels[i] = Math.min(255, wholeLevel(MEAN_LEVEL + (values[i]! - mean) * scale));
  }
}
