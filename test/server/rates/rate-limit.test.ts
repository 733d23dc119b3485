import { describe, expect, it } from 'vitest';
import { nameOf, parseRateLimits, showRateLimits } from '../../../src/server/rates/rate-limit.js';

describe('parseRateLimits', () => {
  it('reads numbers of images and their windows', () => {
    expect(parseRateLimits('100/s')).toEqual([{ images: 100, seconds: 1 }]);
    expect(parseRateLimits('6000/min, 10000/h,100000/day')).toEqual([
      { images: 6000, seconds: 60 },
      { images: 10_000, seconds: 3600 },
      { images: 100_000, seconds: 86_400 },
    ]);
  });

  it('reads what showRateLimits writes', () => {
    const limits = '100/s,6000/min,10000/h,100000/day';
    expect(showRateLimits(parseRateLimits(limits) ?? [])).toBe(limits);
  });

  it.each(['', '100', '0/s', '-1/s', '1.5/s', '100/sec', '100/s,', '1/s,2/s', 's/100', '100/__proto__'])(
    'refuses %j',
    (text) => {
      expect(parseRateLimits(text)).toBeUndefined();
    },
  );
});

describe('nameOf', () => {
  it.each([
    [1, 'second'],
    [60, 'minute'],
    [3600, 'hour'],
    [86_400, 'day'],
    [30, '30 seconds'],
  ])('of %i s is %s', (seconds, name) => {
    expect(nameOf({ images: 1, seconds })).toBe(name);
  });
});
