import { describe, expect, it } from 'vitest';
import { DELAY_INTERVAL_MS, EventLoopDelay } from '../../../src/server/metrics/event-loop-delay.js';
import { Recorder } from '../../../src/server/metrics/recorder.js';

/** The delays that are counted of ticks at these times: how many, and their sum in seconds. */
function delaysOf(...ticksMs: number[]): { count: number; sum: number } {
  const recorder = new Recorder();
  const delay = new EventLoopDelay(recorder.histogram('eventLoopDelay'), 1000);
  for (const tickMs of ticksMs) delay.tick(tickMs);
  const values = [...(recorder.takeDeltas()[0]?.[2] ?? [])];
  const sum = values.pop() ?? 0;
  return { count: values.reduce((all, value) => all + value, 0), sum };
}

describe('EventLoopDelay', () => {
  it('counts a timer that comes when it is due, or early, as no delay', () => {
    const { count, sum } = delaysOf(1000 + DELAY_INTERVAL_MS, 1000 + 2 * DELAY_INTERVAL_MS - 1);
    expect({ count, sum }).toEqual({ count: 2, sum: 0 });
  });

  it('counts every moment that a loop was held up for, each with the delay that was left', () => {
    // Due at 1020, 1040, … 1200, noticed at 1200.
    const { count, sum } = delaysOf(1200);
    expect(count).toBe(10);
    expect(sum).toBeCloseTo((180 + 160 + 140 + 120 + 100 + 80 + 60 + 40 + 20 + 0) / 1000, 12);
  });

  it('takes no delays together: each timer is due after the one before it came', () => {
    const { sum } = delaysOf(
      ...Array.from({ length: 10 }, (_, i) => 1000 + (i + 1) * (DELAY_INTERVAL_MS + 1)),
    );
    expect(sum).toBeCloseTo(10 * 0.001, 12);
  });
});
