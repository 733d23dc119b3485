import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boxOf, crop, invert } from '../../src/image/plane.js';
import { anyPlane, levelAt, planeOf } from './planes.js';

describe('planes', () => {
  it('are inverted and cropped pixel by pixel', () => {
    fc.assert(
      fc.property(anyPlane(9), (plane) => {
        expect([...invert(plane).data]).toEqual(Array.from(plane.data, (level) => 255 - level));
        const box = { left: -2, top: 1, right: plane.width, bottom: 3 };
        const cropped = crop(plane, box);
        expect([cropped.width, cropped.height]).toEqual([plane.width + 3, 3]);
        cropped.data.forEach((level, i) => {
          const x = (i % cropped.width) - 2;
          expect(level).toBe(levelAt(plane, x, Math.floor(i / cropped.width) + 1));
        });
      }),
    );
  });

  it('know the box of what is not 0', () => {
    expect(boxOf(planeOf('     ', '  #  ', ' #  '))).toEqual({ left: 1, top: 1, right: 2, bottom: 2 });
    expect(boxOf(planeOf('   '))).toBeUndefined();
    const inked = fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.constant(1));
    fc.assert(
      fc.property(anyPlane(9, inked), (plane) => {
        const pixels = [...plane.data.keys()].filter((i) => plane.data[i] !== 0);
        const xs = pixels.map((i) => i % plane.width);
        const ys = pixels.map((i) => Math.floor(i / plane.width));
        const [left, right, top, bottom] = [xs, xs, ys, ys].map((all, i) =>
          i % 2 === 0 ? Math.min(...all) : Math.max(...all),
        );
        const box = pixels.length === 0 ? undefined : { left, top, right, bottom };
        expect(boxOf(plane)).toEqual(box);
      }),
    );
  });
});
