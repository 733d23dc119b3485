/** The level of a view's mean, and how many levels a deviation is, of 0-255. */
const MEAN_LEVEL = 96;
const LEVELS_PER_DEVIATION = 32;

/** Differences that are smaller, of 0..1, are not magnified as far: a blank picture stays nearly flat. */
const LEAST_DEVIATION = 0.02;

/** What deviates less is flat, but for what rounding leaves. */
const FLAT_DEVIATION = 1e-6;

/**
 * Makes gray levels comparable, whatever the paper, the pen and the light: minus their mean, over their deviation, and
 * turned so that their third central moment is not negative. Ink covers the smaller part of most pictures, so that it
 * comes out bright, whichever way it was written; a network that reads views learns from those where it does not, too.
 * @param values gray levels 0..1, an even number of them
 * @param levels as many, 0-255: `MEAN_LEVEL` for the mean
 */
export function standardize(values: Float32Array, levels: Uint8Array): void {
  const { scale, offset } = lineOf(momentsOf(values));
  for (let i = 0; i < values.length; i++) levels[i] = 255 * between0And1(offset + scale * values[i]!) + 0.5;
}

/**
 * The same in place and in 0..1, without rounding to levels: as networks read it.
 * @returns whether there is anything to be seen; else all values are the same
 */
export function standardizeInPlace(values: Float32Array): boolean {
  const moments = momentsOf(values);
  const { scale, offset } = lineOf(moments);
  for (let i = 0; i < values.length; i += 2) {
    values[i] = between0And1(offset + scale * values[i]!);
    values[i + 1] = between0And1(offset + scale * values[i + 1]!);
  }
  return moments.deviation > FLAT_DEVIATION;
}

function between0And1(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value;
}

interface Moments {
  readonly mean: number;
  readonly deviation: number;
  /** The third central moment. */
  readonly skew: number;
}

function lineOf({ mean, deviation, skew }: Moments): { readonly scale: number; readonly offset: number } {
  const scale = ((skew < 0 ? -1 : 1) * LEVELS_PER_DEVIATION) / (255 * (deviation + LEAST_DEVIATION));
  return { scale, offset: MEAN_LEVEL / 255 - mean * scale };
}

/** Two sums of each kind, as a sum has to wait for the one before it. */
function momentsOf(values: Float32Array): Moments {
  // Near the mean, so that little is lost to cancellation.
  const near = values[0]!;
  let sum = 0;
  let squares = 0;
  let cubes = 0;
  let otherSum = 0;
  let otherSquares = 0;
  let otherCubes = 0;
  for (let i = 0; i < values.length; i += 2) {
    const value = values[i]! - near;
    const square = value * value;
    sum += value;
    squares += square;
    cubes += square * value;
    const other = values[i + 1]! - near;
    const otherSquare = other * other;
    otherSum += other;
    otherSquares += otherSquare;
    otherCubes += otherSquare * other;
  }
  const mean = (sum + otherSum) / values.length;
  const meanSquare = (squares + otherSquares) / values.length;
  const meanCube = (cubes + otherCubes) / values.length;
  return {
    mean: near + mean,
    deviation: Math.sqrt(Math.max(0, meanSquare - mean * mean)),
    skew: meanCube - 3 * mean * meanSquare + 2 * mean * mean * mean,
  };
}
