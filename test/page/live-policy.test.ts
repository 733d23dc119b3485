import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LivePolicy, type LiveTimes } from '../../page/live-policy.js';

const TIMES: LiveTimes = { minGapMs: 40, patienceMs: 400, firstRetryMs: 500, maxRetryMs: 5000 };
const policyWithChange = (): LivePolicy => {
  const policy = new LivePolicy(TIMES);
  policy.change();
  return policy;
};

describe('LivePolicy', () => {
  it('asks about a change, once, and then rests', () => {
    const policy = new LivePolicy(TIMES);
    expect(policy.next(0)).toEqual({ kind: 'rest' });
    policy.change();
    expect([policy.isBusy, policy.next(0)]).toEqual([true, { kind: 'send' }]);
    policy.sent(0);
    expect(policy.next(1000)).toEqual({ kind: 'rest' });
    expect(policy.settled()).toBe(true);
    expect([policy.isBusy, policy.next(1000)]).toEqual([false, { kind: 'rest' }]);
  });

  it('lets the request in flight end before the next, and keeps a gap between their starts', () => {
    const policy = policyWithChange();
    policy.sent(0);
    policy.change();
    policy.change();
    expect(policy.next(10)).toEqual({ kind: 'wait', ms: 390 });
    expect(policy.settled()).toBe(true);
    expect(policy.isBusy).toBe(true);
    expect(policy.next(15)).toEqual({ kind: 'wait', ms: 25 });
    expect(policy.next(40)).toEqual({ kind: 'send' });
  });

  it('keeps no gap where the pen rests, but waits for the next attempt after a failure', () => {
    const policy = policyWithChange();
    policy.sent(0);
    policy.settled();
    policy.rest();
    policy.change();
    expect(policy.next(15)).toEqual({ kind: 'send' });
    policy.sent(15);
    policy.failed(20);
    policy.rest();
    policy.change();
    expect(policy.next(30)).toEqual({ kind: 'wait', ms: 490 });
  });

  it('gives a request up that has become old, and takes no answer of it', () => {
    const policy = policyWithChange();
    policy.sent(0);
    policy.change();
    expect(policy.next(400)).toEqual({ kind: 'cancel' });
    policy.cancelled();
    expect(policy.next(500)).toEqual({ kind: 'rest' });
    expect(policy.settled()).toBe(false);
    expect(policy.next(500)).toEqual({ kind: 'send' });
  });

  it('gives a request about another picture up at once', () => {
    for (const another of ['change', 'clear'] as const) {
      const policy = policyWithChange();
      policy.sent(0);
      if (another === 'change') policy.change(true);
      else policy.clear();
      expect(policy.next(1)).toEqual({ kind: 'cancel' });
      // It may have been answered in the meantime.
      expect(policy.settled()).toBe(false);
      expect(policy.isBusy).toBe(another === 'change');
      expect(policy.next(50).kind).toBe(another === 'change' ? 'send' : 'rest');
    }
  });

  it('waits longer after every failure, up to a maximum, and starts anew after an answer', () => {
    const policy = policyWithChange();
    let nowMs = 0;
    const delays = [0, 1, 2, 3, 4, 5].map(() => {
      policy.sent(nowMs);
      const delayMs = policy.failed(nowMs) ?? -1;
      expect(policy.next(nowMs)).toEqual({ kind: 'wait', ms: delayMs });
      nowMs += delayMs;
      expect(policy.next(nowMs)).toEqual({ kind: 'send' });
      return delayMs;
    });
    expect(delays).toEqual([500, 1000, 2000, 4000, 5000, 5000]);
    policy.sent(nowMs);
    policy.settled();
    policy.change();
    policy.sent(nowMs);
    expect(policy.failed(nowMs)).toBe(500);
  });

  it('waits as long as the service asked, even when the drawing changes, unless it is told to hurry', () => {
    const policy = policyWithChange();
    policy.sent(0);
    expect(policy.failed(0, 30_000)).toBe(30_000);
    policy.change();
    expect(policy.next(1000)).toEqual({ kind: 'wait', ms: 29_000 });
    policy.hurry();
    expect(policy.next(1000)).toEqual({ kind: 'send' });
  });

  it('says nothing of the failure of a request that no one waits for', () => {
    const policy = policyWithChange();
    policy.sent(0);
    policy.clear();
    expect(policy.failed(10)).toBeNull();
    expect(policy.next(10)).toEqual({ kind: 'rest' });
  });

  it('never has two requests in flight, and in the end has asked about the last change', () => {
    const event = fc.record({
      kind: fc.constantFrom('change', 'other', 'clear', 'answer', 'fail', 'pass'),
      ms: fc.nat(600),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 80 }), (events) => {
        const policy = new LivePolicy(TIMES);
        let nowMs = 0;
        let inFlight: number | null = null;
        let revision = 0;
        let asked = 0;
        const proceed = (): void => {
          const step = policy.next(nowMs);
          if (step.kind === 'cancel') policy.cancelled();
          if (step.kind !== 'send') return;
          expect(inFlight).toBeNull();
          inFlight = revision;
          asked = revision;
          policy.sent(nowMs);
        };
        for (const { kind, ms } of events) {
          nowMs += ms;
          if (kind === 'change' || kind === 'other') {
            revision += 1;
            policy.change(kind === 'other');
          } else if (kind === 'clear') {
            revision += 1;
            asked = revision;
            policy.clear();
          } else if (kind !== 'pass' && inFlight !== null) {
            inFlight = null;
            if (kind === 'answer') policy.settled();
            else policy.failed(nowMs);
          }
          proceed();
        }
        // Left alone, it comes to rest.
        for (let i = 0; i < 20; i++) {
          nowMs += 10_000;
          if (inFlight !== null) policy.settled();
          inFlight = null;
          proceed();
        }
        expect([policy.isBusy, asked]).toEqual([false, revision]);
      }),
    );
  });
});
