/** Which whole numbers stand for real ones: real = scale * integer. */
import { roundHalfToEven } from '../round.js';

/** How often the values above 0 of an activation lay in each of the equal bins from 0 to `max`. */
export interface Histogram {
  readonly max: number;
  readonly counts: Float64Array;
}

/** The largest of the numbers that stand for an activation, which is 0 or more. */
export const ACTIVATION_LEVELS = 255;

/**
 * The share of an activation's largest value that is looked at for the end of its range, in steps of 1/`RANGE_STEPS`.
 */
const RANGE_STEPS = 200;

/**
 * The scale for an activation with the least squared error: a range that leaves out the few largest values, which
 * become its end, has finer steps for all others.
 */
export function leastSquaresScale({ max, counts }: Histogram): number {
  if (max === 0) return 1;
  let best = { scale: max / ACTIVATION_LEVELS, error: Infinity };
  for (let step = 1; step <= RANGE_STEPS; step++) {
    const scale = ((step / RANGE_STEPS) * max) / ACTIVATION_LEVELS;
    const error = squaredError({ max, counts }, scale);
    if (error < best.error) best = { scale, error };
  }
  return best.scale;
}

/**
 * Sum of the squared errors of an activation that is rounded to 0…255 times `scale`, each value taken for the middle
 * of its bin.
 */
export function squaredError({ max, counts }: Histogram, scale: number): number {
  const width = max / counts.length;
  let sum = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    const value = (bin + 0.5) * width;
    const level = Math.min(Math.round(value / scale), ACTIVATION_LEVELS);
    sum += counts[bin]! * (value - level * scale) ** 2;
  }
  return sum;
}

/**
 * Kernels as whole numbers of ±`largest`, with a scale for each output channel that lets its largest weight be
 * ±`largest`, or a larger scale where that would be smaller than it may.
 * @param smallestScales one an output channel, more than 0
 */
export function quantizeKernels(
  kernels: Float32Array,
  largest: number,
  smallestScales: readonly number[],
): { readonly integers: Int8Array; readonly scales: Float32Array } {
  const perChannel = kernels.length / smallestScales.length;
  const scales = Float32Array.from(smallestScales, (smallest, channel) => {
    const own = kernels.subarray(channel * perChannel, (channel + 1) * perChannel);
    return Math.max(smallest, own.reduce((max, weight) => Math.max(max, Math.abs(weight)), 0) / largest);
  });
  const integers = Int8Array.from(kernels, (weight, i) =>
    clamp(roundHalfToEven(weight / scales[Math.floor(i / perChannel)]!), largest),
  );
  return { integers, scales };
}

function clamp(value: number, largest: number): number {
  return Math.max(-largest, Math.min(largest, value));
}
