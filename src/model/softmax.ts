import { CLASS_COUNT } from './contract.js';

/**
 * Softmax of each row of `logits` `[rows, width]`, in a new array. The row's maximum is taken off first, so
 * that no finite logit overflows.
 */
export function softmaxRows(logits: Float32Array, width: number): Float32Array {
  const probabilities = new Float32Array(logits.length);
  for (let start = 0; start < logits.length; start += width) {
    let max = -Infinity;
    for (let i = start; i < start + width; i++) max = Math.max(max, logits[i]!);
    let sum = 0;
    for (let i = start; i < start + width; i++) sum += probabilities[i] = Math.exp(logits[i]! - max);
    for (let i = start; i < start + width; i++) probabilities[i]! /= sum;
  }
  return probabilities;
}

/**
 * Softmax over all outputs, of which the ten digits' are given: `[rows, 10]`.
 * @param logits `[rows, outputs]`, 10 of them or 11
 */
export function digitProbabilities(logits: Float32Array, outputs: number): Float32Array {
  const probabilities = softmaxRows(logits, outputs);
  if (outputs === CLASS_COUNT) return probabilities;
  const digits = new Float32Array((logits.length / outputs) * CLASS_COUNT);
  for (let from = 0, to = 0; from < logits.length; from += outputs, to += CLASS_COUNT) {
    digits.set(probabilities.subarray(from, from + CLASS_COUNT), to);
  }
  return digits;
}

/** How probable it is that an image is a digit at all: the sum of row `row` of the digits' probabilities `[rows, 10]`. */
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
