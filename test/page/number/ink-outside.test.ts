import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InkStroke } from '../../../page/ink.js';
import { isInkOutside } from '../../../page/number/ink-outside.js';

const line = (x: number, from: number, to: number, width = 20): InkStroke =>
  Array.from({ length: 11 }, (_, i) => ({ x, y: from + ((to - from) * i) / 10, width }));

describe('isInkOutside', () => {
  const box = [40, 40, 60, 160] as const;

  it('is so where another digit stands beside the one that was found', () => {
    expect(isInkOutside([line(70, 50, 190)], box)).toBe(false);
    expect(isInkOutside([line(70, 50, 190), line(200, 50, 190)], box)).toBe(true);
  });

  it('is not so for the ends of strokes, a blot, and the width of the pen', () => {
    expect(isInkOutside([line(70, 20, 210)], box)).toBe(false);
    expect(isInkOutside([line(70, 50, 190), [{ x: 250, y: 250, width: 12 }]], box)).toBe(false);
    expect(isInkOutside([line(38, 50, 190)], box)).toBe(false);
  });

  it('counts dots as well, and takes no ink for none outside', () => {
    const dots = [0, 1, 2, 3].map((i): InkStroke => [{ x: 200 + 20 * i, y: 100, width: 20 }]);
    expect(isInkOutside([line(70, 50, 100), ...dots], box)).toBe(true);
    expect(isInkOutside([], box)).toBe(false);
  });

  it('does not depend on where the drawing lies', () => {
    const point = fc.record({ x: fc.nat(280), y: fc.nat(280), width: fc.integer({ min: 8, max: 44 }) });
    const strokes = fc.array(fc.array(point, { minLength: 1, maxLength: 8 }), { maxLength: 4 });
    fc.assert(
      fc.property(strokes, fc.integer({ min: -64, max: 64 }), (drawn, by) => {
        const moved = drawn.map((stroke) => stroke.map((each) => ({ ...each, x: each.x + by })));
        expect(isInkOutside(moved, [40 + by, 40, 60, 160])).toBe(isInkOutside(drawn, box));
      }),
    );
  });
});
