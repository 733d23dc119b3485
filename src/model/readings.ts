import { CLASS_COUNT } from './contract.js';
import { argmaxRow } from './softmax.js';

/** What a model makes of one image. */
export interface Reading {
  /** The likeliest digit, 0-9. */
  readonly class: number;
  /** Its softmax probability, 0..1. */
  readonly probability: number;
  /** `[10]`: the probability of each digit. */
  readonly probabilities: Float32Array;
}

/** One reading a row of `probabilities` `[count, 10]`, which it looks into without copying. */
export function readingsOf(probabilities: Float32Array): Reading[] {
  return Array.from({ length: probabilities.length / CLASS_COUNT }, (_, row) => {
    const own = probabilities.subarray(row * CLASS_COUNT, (row + 1) * CLASS_COUNT);
    const digit = argmaxRow(own, 0, CLASS_COUNT);
    return { class: digit, probability: own[digit]!, probabilities: own };
  });
}
