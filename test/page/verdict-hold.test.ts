import { describe, expect, it } from 'vitest';
import { holdMs, REST_MS } from '../../page/verdict-hold.js';

describe('holdMs', () => {
  it('shows a digit at once, while one writes too', () => {
    expect(holdMs(true, { isPenDown: true, lastInkMs: 1000 }, 1010)).toBe(0);
  });

  it('holds "not a digit" back between strokes, until the pen rests', () => {
    const hand = { isPenDown: false, lastInkMs: 1000 };
    expect(holdMs(false, hand, 1100)).toBe(REST_MS - 100);
    expect(holdMs(false, hand, 1000 + REST_MS)).toBe(0);
    expect(holdMs(false, hand, 9000)).toBe(0);
  });

  it('drops it under the pen: the end of the stroke asks again', () => {
    expect(holdMs(false, { isPenDown: true, lastInkMs: 1000 }, 9000)).toBeNull();
  });
});
