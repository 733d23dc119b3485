import { describe, expect, it } from 'vitest';
import { warmUpCosine } from '../../../src/training/run/schedule.js';

describe('warmUpCosine', () => {
  const schedule = warmUpCosine({ peak: 2, warmUpSteps: 10, totalSteps: 111, floor: 0.05 });

  it('rises in a straight line to the peak', () => {
    expect(schedule(0)).toBeCloseTo(0.2);
    expect(schedule(4)).toBeCloseTo(1);
    expect(schedule(9)).toBeCloseTo(2);
  });

  it('falls along a cosine to the floor at the last step', () => {
    expect(schedule(10)).toBeCloseTo(2);
    expect(schedule(60)).toBeCloseTo(2 * (0.05 + 0.95 / 2));
    expect(schedule(110)).toBeCloseTo(0.1);
    expect(schedule(500)).toBeCloseTo(0.1);
  });

  it('never rises again', () => {
    for (let step = 11; step < 111; step++) expect(schedule(step)).toBeLessThan(schedule(step - 1));
  });

  it('manages with a single step', () => {
    expect(warmUpCosine({ peak: 1, warmUpSteps: 0, totalSteps: 1 })(0)).toBeCloseTo(1);
  });
});
