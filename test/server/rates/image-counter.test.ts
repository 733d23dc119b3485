import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ImageCounter } from '../../../src/server/rates/image-counter.js';

const PER_SECOND = { images: 10, seconds: 1 };

describe('ImageCounter', () => {
  it('takes as many images as a window has, and again once it is over', () => {
    const counter = new ImageCounter([PER_SECOND]);
    expect(counter.take('a', 6, 5000)).toEqual({ isAllowed: true, left: [{ images: 4, ms: 1000 }] });
    expect(counter.take('a', 5, 5400)).toEqual({ isAllowed: false, left: [{ images: 4, ms: 600 }] });
    expect(counter.take('a', 4, 5400)).toEqual({ isAllowed: true, left: [{ images: 0, ms: 600 }] });
    expect(counter.take('a', 1, 5999)).toMatchObject({ isAllowed: false });
    expect(counter.take('a', 10, 6000)).toEqual({ isAllowed: true, left: [{ images: 0, ms: 1000 }] });
  });

  it('counts each caller for itself', () => {
    const counter = new ImageCounter([PER_SECOND]);
    counter.take('a', 10, 0);
    expect(counter.take('b', 10, 0)).toMatchObject({ isAllowed: true });
  });

  it('takes from all limits or from none', () => {
    const counter = new ImageCounter([PER_SECOND, { images: 15, seconds: 60 }]);
    expect(counter.take('a', 10, 0)).toMatchObject({ isAllowed: true });
    // The second has room again, the minute has not: neither is touched.
    expect(counter.take('a', 6, 1000)).toEqual({
      isAllowed: false,
      left: [
        { images: 10, ms: 1000 },
        { images: 5, ms: 59_000 },
      ],
    });
    expect(counter.take('a', 5, 1000)).toMatchObject({ isAllowed: true });
  });

  it('knows no more callers than it may; the one that was longest away is forgotten', () => {
    const counter = new ImageCounter([PER_SECOND], 2);
    counter.take('a', 10, 0);
    counter.take('b', 10, 1);
    counter.take('a', 1, 2);
    counter.take('c', 1, 3);
    expect(counter.take('a', 1, 4)).toMatchObject({ isAllowed: false });
    expect(counter.take('b', 1, 5)).toMatchObject({ isAllowed: true });
  });

  it('lets no more through in any window than its limit, and refuses nothing that fits', () => {
    const asks = fc.array(
      fc.record({ images: fc.integer({ min: 1, max: 12 }), gapMs: fc.integer({ min: 0, max: 700 }) }),
    );
    fc.assert(
      fc.property(asks, (list) => {
        const counter = new ImageCounter([PER_SECOND]);
        let nowMs = 0;
        let windowEndsMs = -1;
        let taken = 0;
        for (const { images, gapMs } of list) {
          nowMs += gapMs;
          if (nowMs >= windowEndsMs) [windowEndsMs, taken] = [nowMs + 1000, 0];
          const { isAllowed } = counter.take('a', images, nowMs);
          expect(isAllowed).toBe(taken + images <= PER_SECOND.images);
          if (isAllowed) taken += images;
        }
      }),
    );
  });
});
