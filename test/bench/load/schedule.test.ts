import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueBy, dueMs, scheduleOf } from '../../../bench/load/schedule.js';

describe('schedule', () => {
  it('has as many requests as the rate makes in that time', () => {
    expect(scheduleOf(2000, 1500).count).toBe(3000);
    expect(scheduleOf(0.1, 100).count).toBe(1);
  });

  it('makes a request due at its own time and not before', () => {
    const schedules = fc.record({
      perSecond: fc.double({ min: 0.5, max: 20_000, noNaN: true }),
      count: fc.integer({ min: 1, max: 100_000 }),
    });
    fc.assert(
      fc.property(schedules, fc.nat(), (schedule, some) => {
        const index = some % schedule.count;
        const due = dueMs(schedule, index);
        expect(dueBy(schedule, due)).toBe(index + 1);
        expect(dueBy(schedule, due - 0.01 * (1000 / schedule.perSecond))).toBe(index);
      }),
    );
  });

  it('has nothing due before the start, and all of it long after', () => {
    const schedule = scheduleOf(100, 1000);
    expect(dueBy(schedule, -1)).toBe(0);
    expect(dueBy(schedule, 1e9)).toBe(100);
  });
});
