/** Scales of quantization: real = scale * integer. */
import { roundHalfToEven } from '../round.js';

/** Histogram of an activation: how many values above 0 lie in each of equal bins from 0 to `max`. */
export interface Histogram {
  readonly max: number;
  readonly counts: Float64Array;
}

/** The largest integer of an activation, which is never negative. */
export const ACTIVATION_LEVELS = 255;

/** The candidates for the end of a range are multiples of 1/`RANGE_STEPS` of the largest value. */
const RANGE_STEPS = 200;

/** The scale with the least squared error: a range that clips the few largest values has finer steps for the others. */
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

/** The squared error of rounding an activation to 0…255 times `scale`, with each value at the middle of its bin. */
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
 * Kernels as integers of ±`largest`, with a scale per output channel that maps its largest weight to ±`largest`, or a
 * larger scale where that one would be below the smallest.
 * @param smallestScales one per output channel, above 0
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
