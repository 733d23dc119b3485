import { describe, expect, it } from 'vitest';
import { smoothField } from '../../../src/training/augmentation/elastic.js';
import { createRandom } from '../../../src/random.js';

function fields(count: number, deviation: number): Float32Array[] {
  return Array.from({ length: count }, (_, seed) => {
    const field = new Float32Array(784);
    smoothField(createRandom(seed), deviation, field);
    return field;
  });
}

describe('smoothField', () => {
  it('has the root mean square asked for, and no direction', () => {
    const values = fields(400, 1.5).flatMap((field) => [...field]);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
    expect(mean).toBeCloseTo(0, 1);
    expect(deviation).toBeGreaterThan(1.4);
    expect(deviation).toBeLessThan(1.6);
  });

  it('is smooth: neighbours differ by a small part of the deviation', () => {
    for (const field of fields(50, 1)) {
      const steps = field.map((value, i) =>
        Math.max(
          i % 28 < 27 ? Math.abs(field[i + 1]! - value) : 0,
          i < 756 ? Math.abs(field[i + 28]! - value) : 0,
        ),
      );
      expect(Math.max(...steps)).toBeLessThan(1);
    }
  });

  it('passes on a constant: the splines add up to 1 everywhere', () => {
    const field = new Float32Array(784);
    // A "random" source whose normal numbers are all the same.
    smoothField(() => 0.25, 1, field);
    expect(Math.max(...field) - Math.min(...field)).toBeLessThan(1e-6);
  });

  it('draws another field from another stream', () => {
    const [first, second] = fields(2, 1);
    expect(first).not.toEqual(second);
  });
});
