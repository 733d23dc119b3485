import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countEarlyDeaths, respawnDelayMs } from '../../../src/server/processes/respawn-policy.js';

describe('respawn policy', () => {
  it('replaces at once what had lived long', () => {
    expect(respawnDelayMs(countEarlyDeaths(5, 10_000))).toBe(0);
  });

  it('waits twice as long after each early death', () => {
    const delays = [1, 2, 3, 4].map(respawnDelayMs);
    expect(delays).toEqual([100, 200, 400, 800]);
    expect(countEarlyDeaths(3, 9_999)).toBe(4);
  });

  it('never waits longer than 30 s, nor less after more deaths', () => {
    fc.assert(
      fc.property(fc.nat(100_000), (deaths) => {
        expect(respawnDelayMs(deaths)).toBeLessThanOrEqual(30_000);
        expect(respawnDelayMs(deaths + 1)).toBeGreaterThanOrEqual(respawnDelayMs(deaths));
      }),
    );
  });
});
