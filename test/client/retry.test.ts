import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryDelayMs, sleep } from '../../src/client/retry.js';

const POLICY = { retries: 3, firstDelayMs: 200, maxDelayMs: 10_000 };
const NOW_MS = Date.parse('2024-05-01T12:00:00Z');

describe('retryDelayMs', () => {
  it('doubles the wait, keeps it below the bound and makes at most half of it random', () => {
    const policy = { ...POLICY, retries: 40 };
    expect([0, 1, 2].map((attempt) => retryDelayMs(policy, attempt, null, NOW_MS, 0))).toEqual([
      200, 400, 800,
    ]);
    fc.assert(
      fc.property(fc.nat(39), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
        const longest = Math.min(policy.maxDelayMs, 200 * 2 ** attempt);
        const delayMs = retryDelayMs(policy, attempt, null, NOW_MS, random);
        expect(delayMs).toBeLessThanOrEqual(longest);
        expect(delayMs).toBeGreaterThanOrEqual(longest / 2);
      }),
    );
  });

  it.each([
    ['0', 0],
    ['2', 2000],
    [' 7 ', 7000],
    ['10', 10_000],
    ['11', null],
    ['Wed, 01 May 2024 12:00:05 GMT', 5000],
    ['Wed, 01 May 2024 11:00:00 GMT', 0],
    ['Wed, 01 May 2024 13:00:00 GMT', null],
    ['soon', 200],
    ['-1', 200],
  ])('with Retry-After: %s waits %s ms', (retryAfter, expected) => {
    expect(retryDelayMs(POLICY, 0, retryAfter, NOW_MS, 0)).toBe(expected);
  });

  it('takes as much longer than it has to as is random: at least as long as asked, within the bound', () => {
    const waits = [0, 0.25, 0.5].map((random) => retryDelayMs(POLICY, 0, '4', NOW_MS, random));
    expect(waits).toEqual([4000, 4500, 5000]);
    expect(retryDelayMs(POLICY, 0, null, NOW_MS, 0.5)).toBe(150);
    // An order to come back at once is spread over a back-off.
    expect([0, 0.5, 1].map((random) => retryDelayMs(POLICY, 1, '0', NOW_MS, random))).toEqual([0, 200, 400]);
    fc.assert(
      fc.property(fc.nat(10), fc.double({ min: 0, max: 1, noNaN: true }), (seconds, random) => {
        const delayMs = retryDelayMs(POLICY, 0, String(seconds), NOW_MS, random);
        expect(delayMs).toBeGreaterThanOrEqual(seconds * 1000);
        expect(delayMs).toBeLessThanOrEqual(POLICY.maxDelayMs);
      }),
    );
  });

  it('gives up after the last attempt', () => {
    expect(retryDelayMs(POLICY, 2, '1', NOW_MS, 0)).toBe(1000);
    expect(retryDelayMs(POLICY, 3, '1', NOW_MS, 0)).toBeNull();
  });
});

it('sleep ends at once when aborted', async () => {
  const abort = new AbortController();
  const reason = new Error('enough');
  const sleeping = sleep(3_600_000, abort.signal);
  abort.abort(reason);
  await expect(sleeping).rejects.toBe(reason);
  await expect(sleep(3_600_000, abort.signal)).rejects.toBe(reason);
});
