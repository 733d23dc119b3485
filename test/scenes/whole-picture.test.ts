import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/random.js';
import { GlyphShapes } from '../../src/scenes/glyph-shapes.js';
import {
  croppedBounds,
  croppedSubject,
  fills,
  wholeBounds,
  wholeCanvas,
  wholeSubject,
} from '../../src/scenes/whole-picture.js';
import { plainGlyphs } from './glyphs.js';

const SIDE = 96;
const shapes = { digits: new GlyphShapes(plainGlyphs.digits), others: new GlyphShapes(plainGlyphs.others) };

describe('wholeBounds', () => {
  test('reach along the whole canvas one way, and lie in its middle the other', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const { left, top, right, bottom } = wholeBounds(SIDE, createRandom(seed));
        const [width, height] = [right - left, bottom - top];
        expect(Math.max(width, height)).toBe(SIDE);
        expect(Math.min(width, height)).toBeGreaterThanOrEqual(8);
        expect(Math.abs(left + right - SIDE)).toBeLessThanOrEqual(1);
        expect(Math.abs(top + bottom - SIDE)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('wholeSubject', () => {
  test('has its middle within the picture', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = createRandom(seed);
        const bounds = wholeBounds(SIDE, random);
        const { x, y, size } = wholeSubject(shapes, bounds, random);
        expect(x).toBeGreaterThanOrEqual(bounds.left);
        expect(x).toBeLessThanOrEqual(Math.max(bounds.right, bounds.left + size / 2));
        expect(y).toBeGreaterThanOrEqual(bounds.top);
        expect(y).toBeLessThanOrEqual(Math.max(bounds.bottom, bounds.top + size / 2));
      }),
    );
  });
});

describe('cropped pictures', () => {
  test('end about where their digit does', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = createRandom(seed);
        const { size } = croppedSubject(shapes.digits, SIDE, random);
        const [width, height] = random() < 0.5 ? [size * 0.5, size] : [size, size * 0.5];
        const box = {
          left: (SIDE - width) / 2,
          right: (SIDE + width) / 2,
          top: (SIDE - height) / 2,
          bottom: (SIDE + height) / 2,
        };
        const scene = { subject: { label: 3, box }, others: [], isClean: true };
        const bounds = croppedBounds(scene, SIDE, random);
        for (const edge of ['left', 'right', 'top', 'bottom'] as const) {
          expect(Math.abs(bounds[edge] - box[edge])).toBeLessThanOrEqual(0.06 * SIDE + 1);
        }
        expect(fills(box, bounds)).toBe(true);
      }),
    );
  });
});

describe('fills', () => {
  const bounds = wholeCanvas(100);
  const box = (left: number, top: number, width: number, height: number): Parameters<typeof fills>[0] => ({
    left,
    top,
    right: left + width,
    bottom: top + height,
  });

  test('is of digits that take a good part of the picture, and lie in it', () => {
    expect(fills(box(40, 20, 10, 45), bounds)).toBe(true);
    expect(fills(box(40, 20, 10, 35), bounds)).toBe(false);
    expect(fills(box(-10, 20, 40, 60), bounds)).toBe(true);
    expect(fills(box(-20, 20, 40, 60), bounds)).toBe(false);
    expect(fills(box(20, 20, 0, 60), bounds)).toBe(false);
  });
});
