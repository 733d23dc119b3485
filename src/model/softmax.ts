import { CLASS_COUNT } from './contract.js';

/**
 * Softmax of each row of `logits` `[rows, width]`, in a new array. The row's maximum is taken off first, so
 * that no finite logit overflows.
 */
export function softmaxRows(logits: Float32Array, width: number): Float32Array {
  return softmaxOf(logits, width, width);
}

/**
 * Softmax over all outputs, of which the ten digits' are given: `[rows, 10]`.
 * @param logits `[rows, outputs]`, 10 of them or 11
 */
export function digitProbabilities(logits: Float32Array, outputs: number): Float32Array {
  return softmaxOf(logits, outputs, CLASS_COUNT);
}

/** The first `kept` of each row. */
function softmaxOf(logits: Float32Array, width: number, kept: number): Float32Array {
  const rows = logits.length / width;
  const probabilities = new Float32Array(rows * kept);
  for (let row = 0; row < rows; row++) {
    const from = row * width;
    const to = row * kept;
    let max = -Infinity;
    for (let i = 0; i < width; i++) max = Math.max(max, logits[from + i]!);
    let sum = 0;
    for (let i = 0; i < width; i++) {
      const power = Math.exp(logits[from + i]! - max);
      sum += power;
      if (i < kept) probabilities[to + i] = power;
    }
    for (let i = to; i < to + kept; i++) probabilities[i]! /= sum;
  }
  return probabilities;
}

/**
 * How probable it is that an image is a digit at all: the sum of row `row` of the digits' probabilities `[rows, 10]`.
 */
export function anyDigitProbability(probabilities: Float32Array, row: number): number {
  let sum = 0;
  for (let i = row * CLASS_COUNT; i < (row + 1) * CLASS_COUNT; i++) sum += probabilities[i]!;
  return sum;
}

/** Index of the largest value of row `row`; the first of equals. */
export function argmaxRow(values: Float32Array, row: number, width: number): number {
  let best = 0;
  for (let i = 1; i < width; i++) {
    if (values[row * width + i]! > values[row * width + best]!) best = i;
  }
  return best;
}
