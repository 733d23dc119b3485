import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { argmaxRow, digitProbabilities, softmaxRows } from '../../src/model/softmax.js';

describe('softmaxRows', () => {
  it('agrees with the definition, row by row', () => {
    const probabilities = softmaxRows(Float32Array.of(0, Math.log(3), 5, 5), 2);
    [0.25, 0.75, 0.5, 0.5].forEach((expected, i) => expect(probabilities[i]).toBeCloseTo(expected, 6));
  });

  it('gives probabilities that add up to 1, whatever the size of the logits', () => {
    const logit = fc.float({ min: Math.fround(-1e30), max: Math.fround(1e30), noNaN: true });
    fc.assert(
      fc.property(fc.array(logit, { minLength: 10, maxLength: 10 }), (logits) => {
        const probabilities = softmaxRows(Float32Array.from(logits), 10);
        expect(probabilities.every((p) => p >= 0 && p <= 1)).toBe(true);
        expect(probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
      }),
    );
  });
});

describe('digitProbabilities', () => {
  it('is the softmax of all outputs, of which it gives the ten digits', () => {
    const logits = Float32Array.from({ length: 33 }, (_, i) => Math.sin(i) * 3);
    const digits = digitProbabilities(logits, 11);
    expect(digits.length).toBe(30);
    for (let row = 0; row < 3; row++) {
      const powers = [...logits.subarray(row * 11, row * 11 + 11)].map(Math.exp);
      const sum = powers.reduce((a, b) => a + b, 0);
      for (let digit = 0; digit < 10; digit++) {
        expect(digits[row * 10 + digit]).toBeCloseTo(powers[digit]! / sum, 6);
      }
    }
    expect(digitProbabilities(logits.subarray(0, 20), 10)).toEqual(softmaxRows(logits.subarray(0, 20), 10));
  });
});

describe('argmaxRow', () => {
  it('finds the largest of its row, the first of equals', () => {
    const values = Float32Array.of(9, 1, 2, 7, 7, 3);
    expect(argmaxRow(values, 0, 3)).toBe(0);
    expect(argmaxRow(values, 1, 3)).toBe(0);
    expect(argmaxRow(Float32Array.of(1, 2), 0, 2)).toBe(1);
  });
});
