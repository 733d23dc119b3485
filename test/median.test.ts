import { describe, expect, it } from 'vitest';
import { medianOf } from '../src/median.js';

describe('medianOf', () => {
  it('is in the middle by size, not by place or by how numbers are written', () => {
    expect(medianOf([100, 9, 20])).toBe(20);
    expect(medianOf(Float32Array.of(0.5, 0.25))).toBe(0.5);
    expect(medianOf(new Set([7]))).toBe(7);
  });

  it('is nothing of nothing, and leaves what it is given as it is', () => {
    expect(medianOf([])).toBeUndefined();
    const values = [3, 1, 2];
    medianOf(values);
    expect(values).toEqual([3, 1, 2]);
  });
});
