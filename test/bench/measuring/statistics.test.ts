import { describe, expect, it } from 'vitest';
import { compare, percentile, slope, summarize } from '../../../bench/measuring/statistics.js';

describe('summarize', () => {
  it('gives the middle, the least and the most, in whatever order they came', () => {
    expect(summarize([30, 10, 20])).toEqual({ median: 20, min: 10, max: 30 });
  });

  it('takes the mean of the middle two of an even number', () => {
    expect(summarize([4, 1, 100, 2]).median).toBe(3);
  });

  it('sorts by value, not by spelling', () => {
    expect(summarize([9, 10, 100]).median).toBe(10);
  });

  it.each([
    ['nothing', [], /at least one/],
    ['what is no number', [1, NaN], /got 1, NaN/],
  ])('refuses %s', (_, samples, message) => {
    expect(() => summarize(samples)).toThrow(message);
  });
});

describe('compare', () => {
  it('compares round by round, so that a slow round slows both sides', () => {
    expect(compare([20, 10, 2], [10, 5, 1])).toEqual({ median: 2, min: 2, max: 2 });
  });

  it('refuses rounds that only one side took part in', () => {
    expect(() => compare([1, 2], [1])).toThrow(/got 2 and 1/);
  });
});

describe('percentile', () => {
  it('is the sample that this share of all does not exceed', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => i + 1);
    expect([0.5, 0.99, 0.999, 1].map((share) => percentile(hundred, share))).toEqual([50, 99, 100, 100]);
    expect(percentile([7], 0.5)).toBe(7);
  });

  it('is no number where there are no samples', () => {
    expect(percentile([], 0.5)).toBeNaN();
  });
});

describe('slope', () => {
  it('is that of the line which the points lie on, and of the best one beside others', () => {
    expect(slope([0, 1, 2], [5, 7, 9])).toBe(2);
    expect(slope([0, 1, 2, 3], [0, 1, 0, 1])).toBeCloseTo(0.2, 12);
  });

  it('is no number where nothing changes', () => {
    expect(slope([1, 1], [1, 2])).toBeNaN();
  });
});
