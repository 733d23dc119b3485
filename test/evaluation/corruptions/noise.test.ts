import { describe, expect, it } from 'vitest';
import { impulseNoise, poisson, shotNoise } from '../../../src/evaluation/corruptions/noise.js';
import { createRandom } from '../../../src/random.js';

describe('poisson', () => {
  it.each([0.5, 1, 3])('has the mean and the probabilities of its law (%d)', (mean) => {
    const random = createRandom(1);
    const draws = Array.from({ length: 20_000 }, () => poisson(mean, random));
    const shareOf = (count: number): number => draws.filter((draw) => draw === count).length / draws.length;
    // Four standard errors.
    expect(Math.abs(draws.reduce((a, b) => a + b) / draws.length - mean)).toBeLessThan(
      4 * Math.sqrt(mean / 20_000),
    );
    expect(shareOf(0)).toBeCloseTo(Math.exp(-mean), 1.8);
    expect(shareOf(2)).toBeCloseTo((Math.exp(-mean) * mean ** 2) / 2, 1.8);
  });

  it('counts nothing where nothing is', () => {
    expect(poisson(0, createRandom(1))).toBe(0);
  });
});

describe('shotNoise', () => {
  it('knows four levels, and lets background be', () => {
    const frame = Uint8Array.from({ length: 784 }, (_, i) => (i < 392 ? 0 : 255));
    const noisy = shotNoise(frame, createRandom(3));
    expect(new Set(noisy)).toEqual(new Set([0, 85, 170, 255]));
    expect(Math.max(...noisy.subarray(0, 392))).toBe(0);
  });
});

describe('impulseNoise', () => {
  it('turns 8.5 % of the pixels to ink, as many to background, and leaves the others', () => {
    const grey = new Uint8Array(784).fill(100);
    const all = Array.from({ length: 20 }, (_, seed) => [...impulseNoise(grey, createRandom(seed))]).flat();
    const shareOf = (level: number): number => all.filter((value) => value === level).length / all.length;
    // Four standard errors of a share of 15,680 pixels.
    expect(Math.abs(shareOf(255) - 0.085)).toBeLessThan(0.009);
    expect(Math.abs(shareOf(0) - 0.085)).toBeLessThan(0.009);
    expect(shareOf(255) + shareOf(0) + shareOf(100)).toBeCloseTo(1, 12);
  });
});
