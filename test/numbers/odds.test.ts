import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { productOf } from '../../src/numbers/odds.js';

const values = fc
  .array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: 10, maxLength: 10 })
  .map((all) => Float32Array.from(all));

describe('productOf', () => {
  it('has each factor to its power, and adds up to 1', () => {
    fc.assert(
      fc.property(values, values, fc.double({ min: 0.1, max: 2, noNaN: true }), (a, b, power) => {
        const product = productOf([
          { values: a, power },
          { values: b, power: 1 },
        ]);
        expect(product.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
        // Ratios do not depend on what the factors add up to.
        expect(Math.log(product[3]! / product[7]!)).toBeCloseTo(
          power * Math.log(a[3]! / a[7]!) + Math.log(b[3]! / b[7]!),
          3,
        );
      }),
    );
  });

  it('rules nothing out, and knows nothing of what says nothing', () => {
    const sure = Float32Array.from({ length: 10 }, (_, digit) => (digit === 4 ? 1 : 0));
    const product = productOf([{ values: sure, power: 1 }]);
    expect(product[4]).toBeGreaterThan(0.999);
    expect(Math.min(...product)).toBeGreaterThan(0);
    for (const value of productOf([{ values: new Float32Array(10), power: 1 }]))
      expect(value).toBeCloseTo(0.1);
  });
});
