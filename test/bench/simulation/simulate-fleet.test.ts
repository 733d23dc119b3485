import { describe, expect, it } from 'vitest';
import { simulateFleet, type Balancing, type Fleet } from '../../../bench/simulation/simulate-fleet.js';
import { createRandom } from '../../../src/random.js';

const fleet: Fleet = {
  machines: 4,
  workersPerMachine: 2,
  balancing: 'at random',
  turnMs: 0,
  frameMs: 1,
  photoMs: 100,
  pieceMs: 10,
  photoShare: 0,
};
const run = (one: Partial<Fleet>, utilization: number, requests = 10_000): ReturnType<typeof simulateFleet> =>
  simulateFleet({ ...fleet, ...one }, utilization, requests, createRandom(1));

describe('simulateFleet()', () => {
  it('answers at once where nothing else is asked', () => {
    const { p50, p99 } = run({}, 0.01);
    expect(p50).toBeCloseTo(1);
    expect(p99).toBeLessThan(2);
  });

  it('waits longer the busier it is', () => {
    const p99s = [0.2, 0.5, 0.8].map((utilization) => run({}, utilization).p99);
    expect(p99s.toSorted((a, b) => a - b)).toEqual(p99s);
    expect(p99s.at(-1)).toBeGreaterThan(3 * (p99s[0] ?? NaN));
  });

  it('waits least where the balancer counts what is in progress', () => {
    const p99 = (balancing: Balancing, photoShare: number): number => run({ balancing, photoShare }, 0.6).p99;
    for (const photoShare of [0, 0.002]) {
      expect(p99('least in progress', photoShare)).toBeLessThan(p99('at random', photoShare));
    }
  });

  it('lets frames wait for a piece of a photo, not for all of it', () => {
    const rare = { photoShare: 0.0005 };
    expect(run(rare, 0.1).p99).toBeLessThan(run({ ...rare, pieceMs: 100 }, 0.1).p99);
  });
});
