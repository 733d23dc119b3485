import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FRAME_PIXELS, planeOfFrame, type Frame } from '../../../src/image/frame.js';
import { isFrame } from '../../../src/image/normalize/is-frame.js';
import { placeDigit } from '../../../src/image/view/place.js';
import { boxOf, type Plane } from '../../../src/image/plane.js';
import { drawDigit } from '../../helpers/data/digits.js';
import { anyPlane, levelAt, planeOf } from '../planes.js';

/** Every cell of the box is the mean of what lies under it, by the definition, and the darkest becomes 255. */
function fitted(ink: Plane): number[] {
  const box = boxOf(ink) ?? { left: 0, top: 0, right: 0, bottom: 0 };
  const [width, height] = [box.right - box.left + 1, box.bottom - box.top + 1];
  const side = Math.max(width, height);
  const cell = side / 20;
  const left = box.left + (width - side) / 2;
  const top = box.top + (height - side) / 2;
  const shared = (from: number, to: number, pixel: number): number =>
    Math.max(0, Math.min(to, pixel + 1) - Math.max(from, pixel));
  const means = Array.from({ length: 400 }, (_, i) => {
    const [x, y] = [left + (i % 20) * cell, top + Math.floor(i / 20) * cell];
    let sum = 0;
    for (let row = box.top; row <= box.bottom; row++) {
      for (let column = box.left; column <= box.right; column++) {
        const area = shared(x, x + cell, column) * shared(y, y + cell, row);
        sum += area * levelAt(ink, column, row);
      }
    }
    return sum;
  });
  const darkest = Math.max(...means);
  return means.map((mean) => Math.round((255 * mean) / darkest));
}

/** What lies in the frame where its ink begins: the cells of the box from its first inked ones on. */
function inkOf(frame: Plane): number[][] {
  const box = boxOf(frame);
  if (!box) return [];
  return Array.from({ length: box.bottom - box.top + 1 }, (_, y) =>
    Array.from({ length: box.right - box.left + 1 }, (_unused, x) =>
      levelAt(frame, box.left + x, box.top + y),
    ),
  );
}

const planeOfBox = (data: readonly number[]): Plane => ({
  width: 20,
  height: 20,
  data: Uint8Array.from(data),
});

function centreOf(frame: Frame): [x: number, y: number] {
  const mass = frame.reduce((sum, level) => sum + level, 0);
  const x = frame.reduce((sum, level, i) => sum + level * (i % 28), 0);
  const y = frame.reduce((sum, level, i) => sum + level * Math.floor(i / 28), 0);
  return [x / mass, y / mass];
}

describe('placeDigit', () => {
  it('averages areas as the definition has it, and makes the darkest full ink', () => {
    const level = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 255 }));
    // Not smaller than the box, as smaller ones are enlarged smoothly.
    const planes = anyPlane(46, level).filter((plane) => {
      const box = boxOf(plane);
      return box !== undefined && Math.max(box.right - box.left, box.bottom - box.top) >= 20;
    });
    fc.assert(
      fc.property(planes, (plane) => {
        const expected = inkOf(planeOfBox(fitted(plane))).flat();
        const found = inkOf(planeOfFrame(placeDigit(plane))).flat();
        expect(found).toHaveLength(expected.length);
        found.forEach((value, i) => expect(Math.abs(value - (expected[i] ?? NaN))).toBeLessThanOrEqual(1));
      }),
      { numRuns: 40 },
    );
  });

  it('brings the centre of mass to the middle, or as near as the edge lets it', () => {
    for (let digit = 0; digit < 10; digit++) {
      for (const style of [
        { width: 90, height: 70 },
        { width: 60, height: 60, shiftX: 9, slantDegrees: 20 },
      ]) {
        const frame = placeDigit(drawDigit(digit, style));
        for (const centre of centreOf(frame)) expect(Math.abs(centre - 14)).toBeLessThanOrEqual(0.55);
        expect(isFrame(planeOfFrame(frame))).toBe(true);
      }
    }
    const heavy = planeOf(...Array.from({ length: 40 }, (_, y) => (y < 3 ? '#'.repeat(40) : '#')));
    // Its centre of mass is 7.4 cells from the left of the box and 2.9 from the top.
    const box = boxOf(planeOfFrame(placeDigit(heavy)));
    expect(box).toEqual({ left: 7, top: 8, right: 26, bottom: 27 });
  });

  it('makes what is small as large as the rest', () => {
    for (const plane of [planeOf('#'), planeOf('#', '#', '#'), planeOf('##   ', '  #  ', '   ##')]) {
      const box = boxOf(planeOfFrame(placeDigit(plane)));
      if (!box) throw new Error('expected ink');
      expect(Math.max(box.right - box.left, box.bottom - box.top)).toBe(19);
    }
  });

  it('is no frame as MNIST has them where nothing is', () => {
    expect(placeDigit(planeOf('   ', '   '))).toEqual(new Uint8Array(FRAME_PIXELS));
  });
});
