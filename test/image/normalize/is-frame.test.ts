import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFrame } from '../../../src/image/normalize/is-frame.js';
import type { Plane } from '../../../src/image/plane.js';

/** A block of ink of one level in a plane of 28 x 28. */
function block(left: number, top: number, width: number, height: number, level = 255): Plane {
  const data = new Uint8Array(784);
  for (let y = top; y < top + height; y++) data.fill(level, y * 28 + left, y * 28 + left + width);
  return { width: 28, height: 28, data };
}

function withPixels(plane: Plane, ...pixels: readonly (readonly [x: number, y: number])[]): Plane {
  const data = plane.data.slice();
  for (const [x, y] of pixels) data[y * plane.width + x] = 1;
  return { ...plane, data };
}

/** Rows become columns. */
function transpose({ width, height, data }: Plane): Plane {
  const turned = data.map((_, i) => data[(i % height) * width + Math.floor(i / height)] ?? 0);
  return { width: height, height: width, data: turned };
}

/** 910 levels of ink and `more` in each of two columns, 19 apart. */
function twoColumns(first: number, second: number, left = 5): Plane {
  const plane = block(0, 0, 0, 0);
  for (const [x, middle] of [
    [left, first],
    [left + 19, second],
  ] as const) {
    [200, 255, middle, 255, 200].forEach((level, i) => (plane.data[(12 + i) * 28 + x] = level));
  }
  return plane;
}

describe('isFrame', () => {
  it.each<[string, Plane, boolean]>([
    ['20 pixels high, in the middle', block(9, 4, 10, 20), true],
    ['20 pixels wide', block(4, 9, 20, 10), true],
    ['19 pixels high', block(9, 5, 10, 19), true],
    ['18 pixels high', block(9, 5, 10, 18), false],
    ['21 pixels high', block(9, 4, 10, 21), false],
    [
      'in the upper left corner, its centre in the middle',
      withPixels(block(12, 12, 5, 5), [0, 0], [19, 19]),
      true,
    ],
    [
      'in the lower right corner, its centre in the middle',
      withPixels(block(12, 12, 5, 5), [8, 8], [27, 27]),
      true,
    ],
    ['from corner to corner', withPixels(block(9, 4, 10, 20), [0, 0], [27, 27]), false],
    ['two pixels to the left', block(7, 4, 10, 20), false],
    ['two pixels down', block(4, 11, 20, 10), false],
    ['no full ink', block(9, 4, 10, 20, 199), false],
    ['just full ink', block(9, 4, 10, 20, 200), true],
    ['more ink than paper', block(4, 4, 20, 20), false],
    ['nothing at all', block(0, 0, 0, 0), false],
    ['another size', { width: 56, height: 14, data: block(9, 4, 10, 20).data }, false],
  ])('%s', (_, plane, expected) => {
    expect(isFrame(plane)).toBe(expected);
  });

  it.each<[string, Plane, boolean]>([
    ['to the right, up to the left edge', withPixels(block(15, 12, 5, 5), [0, 14]), true],
    ['to the right, not quite up to the left edge', withPixels(block(16, 12, 5, 5), [1, 14]), false],
    ['to the right, up to the right edge', withPixels(block(23, 12, 5, 5), [8, 14]), false],
    ['to the left, up to the right edge', withPixels(block(8, 12, 5, 5), [27, 14]), true],
    ['to the left, not quite up to the right edge', withPixels(block(7, 12, 5, 5), [26, 14]), false],
    ['to the left, up to the left edge', withPixels(block(0, 12, 5, 5), [19, 14]), false],
    ['0.54 pixels to the right', twoColumns(36, 44), true],
    ['0.56 pixels to the right', twoColumns(34, 46), false],
    ['0.54 pixels to the left', twoColumns(44, 36, 4), true],
    ['0.56 pixels to the left', twoColumns(46, 34, 4), false],
  ])('off-centre %s, and so down and up', (_, plane, expected) => {
    expect(isFrame(plane)).toBe(expected);
    expect(isFrame(transpose(plane))).toBe(expected);
  });

  it('counts the faintest pixel wherever it lies', () => {
    // 20 rows in the middle: one pixel more, outside of them or beside the box, makes a longer side of more than 20.
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 783 }), (at) => {
        const plane = block(9, 4, 10, 20);
        const isInside = plane.data[at] !== 0;
        plane.data[at] = isInside ? 255 : 1;
        const [x, y] = [at % 28, Math.floor(at / 28)];
        const side = Math.max(Math.max(x, 18) - Math.min(x, 9), Math.max(y, 23) - Math.min(y, 4)) + 1;
        expect(isFrame(plane)).toBe(side <= 20);
      }),
    );
  });
});
