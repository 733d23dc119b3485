import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { glyphsOf } from '../../src/drawing/glyphs.js';
import type { Raster } from '../../src/image/raster.js';
import { drawGlyph, drawPaths } from '../../src/drawing/draw-digit.js';
import { drawDigit, seededRandom } from '../helpers/data/digits.js';

const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

/** Where the ink lies: its bounding box (pixels of at least half ink) and its centre of mass. */
function measure({ width, data }: Raster): {
  left: number;
  right: number;
  top: number;
  bottom: number;
  x: number;
  y: number;
} {
  const inked = [...data].flatMap((level, i) =>
    level < 128 ? [] : [[i % width, Math.floor(i / width)] as const],
  );
  const xs = inked.map(([x]) => x);
  const ys = inked.map(([, y]) => y);
  const mass = data.reduce((total, level) => total + level, 0);
  const moment = (of: (i: number) => number): number =>
    data.reduce((total, level, i) => total + level * (of(i) + 0.5), 0) / mass;
  return {
    left: Math.min(...xs),
    right: Math.max(...xs) + 1,
    top: Math.min(...ys),
    bottom: Math.max(...ys) + 1,
    x: moment((i) => i % width),
    y: moment((i) => Math.floor(i / width)),
  };
}

describe('drawDigit', () => {
  it.each(DIGITS)('%i fills a box of 20 pixels, its centre of mass in the middle', (digit) => {
    glyphsOf(digit).forEach((_, variant) => {
      const raster = drawDigit(digit, { variant });
      expect(raster).toMatchObject({ width: 28, height: 28, channels: 1 });
      const { left, right, top, bottom, x, y } = measure(raster);
      expect(Math.abs(Math.max(right - left, bottom - top) - 20)).toBeLessThanOrEqual(1);
      expect(Math.abs(x - 14)).toBeLessThan(0.6);
      expect(Math.abs(y - 14)).toBeLessThan(0.6);
      expect(Math.min(left, top)).toBeGreaterThan(0);
    });
  });

  it('looks the same at any size', () => {
    const small = measure(drawDigit(7));
    const large = measure(drawDigit(7, { width: 280, height: 280 }));
    for (const key of ['left', 'right', 'top', 'bottom'] as const) {
      expect(Math.abs(large[key] / 10 - small[key])).toBeLessThan(1);
    }
  });

  it('moves, turns and leans as told', () => {
    const at = measure(drawDigit(1, { width: 60, height: 60, digitSize: 30, shiftX: 8, shiftY: -6 }));
    expect(at.x).toBeCloseTo(38, 0);
    expect(at.y).toBeCloseTo(24, 0);
    const flat = measure(drawDigit(1, { rotationDegrees: 90 }));
    expect(flat.right - flat.left).toBeGreaterThan(2 * (flat.bottom - flat.top));
    const upright = measure(drawDigit(1, { slantDegrees: -8 }));
    const leaning = measure(drawDigit(1, { slantDegrees: 25 }));
    expect(leaning.right - leaning.left).toBeGreaterThan(upright.right - upright.left + 4);
  });

  it('draws with the ink and on the background that it is given', () => {
    const data = [...drawDigit(4, { ink: 30, background: 220 }).data];
    expect(Math.min(...data)).toBe(30);
    expect(Math.max(...data)).toBe(220);
  });

  it('shakes as the random numbers say: the same seed, the same digit', () => {
    const shaken = (seed: number): Uint8Array =>
      drawDigit(8, { jitter: 0.04, random: seededRandom(seed) }).data;
    expect(shaken(1)).toEqual(shaken(1));
    expect(shaken(1)).not.toEqual(shaken(2));
    expect(drawDigit(8, { jitter: 0.04 })).toEqual(drawDigit(8));
  });

  it('refuses non-digits', () => {
    expect(() => drawDigit(10)).toThrow('expected a digit 0-9, got 10');
  });
});

describe('drawPaths', () => {
  it('inks each pixel by its distance to the nearest path', () => {
    const coordinate = fc.double({ min: -3, max: 23, noNaN: true });
    const point = fc.tuple(coordinate, coordinate);
    fc.assert(
      fc.property(point, point, fc.double({ min: 0.5, max: 6, noNaN: true }), (from, to, penWidth) => {
        const pen = { width: 20, height: 20, penWidth, softness: 1.5, ink: 255, background: 0 };
        const { data } = drawPaths([[from, to]], pen);
        for (const i of [0, 105, 210, 219, 399]) {
          const distance = distanceByWalking([(i % 20) + 0.5, Math.floor(i / 20) + 0.5], from, to);
          const covered = Math.min(1, Math.max(0, (penWidth / 2 + 0.75 - distance) / 1.5));
          expect(Math.abs((data[i] ?? NaN) - 255 * covered)).toBeLessThan(1.5);
        }
      }),
    );
  });

  it('marks a dot where the pen only touches', () => {
    const pen = { width: 5, height: 5, penWidth: 1, softness: 1, ink: 200, background: 0 };
    const { data } = drawPaths([[[2.5, 2.5]]], pen);
    expect(data[12]).toBe(200);
    expect(data[0]).toBe(0);
  });
});

function distanceByWalking(
  at: readonly [number, number],
  from: readonly [number, number],
  to: readonly [number, number],
): number {
  const steps = Array.from({ length: 4001 }, (_, i) => i / 4000);
  return Math.min(
    ...steps.map((t) =>
      Math.hypot(from[0] + t * (to[0] - from[0]) - at[0], from[1] + t * (to[1] - from[1]) - at[1]),
    ),
  );
}

describe('drawGlyph', () => {
  it('draws a digit as drawDigit does, whatever the size and place of its points', () => {
    const [glyph = []] = glyphsOf(4);
    const moved = glyph.map((stroke) => stroke.map(([x, y]) => [50 * x + 7, 50 * y - 3] as const));
    const [plain, larger] = [drawGlyph(glyph).data, drawGlyph(moved).data];
    expect(plain).toEqual(drawDigit(4).data);
    larger.forEach((level, i) => expect(Math.abs(level - plain[i]!)).toBeLessThanOrEqual(1));
  });

  it('draws nearly the same with few pieces between two points', () => {
    for (const digit of DIGITS) {
      const [fine, coarse] = [drawDigit(digit).data, drawDigit(digit, { piecesPerPoint: 4 }).data];
      coarse.forEach((level, i) => expect(Math.abs(level - fine[i]!)).toBeLessThan(60));
      expect(coarse).not.toEqual(fine);
    }
  });
});
