import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { argmaxRow, softmaxRows } from '../../src/model/softmax.js';

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

describe('argmaxRow', () => {
  it('finds the largest of its row, the first of equals', () => {
    const values = Float32Array.of(9, 1, 2, 7, 7, 3);
    expect(argmaxRow(values, 0, 3)).toBe(0);
    expect(argmaxRow(values, 1, 3)).toBe(0);
    expect(argmaxRow(Float32Array.of(1, 2), 0, 2)).toBe(1);
  });
});
