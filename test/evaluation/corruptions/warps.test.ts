import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rotate, scale, shear, translate, warp } from '../../../src/evaluation/corruptions/warps.js';
import { drawDigit } from '../../helpers/data/digits.js';

/** A stream that always gives the same number; below a half is one way, above it the other. */
const [ONE_WAY, OTHER_WAY] = [(): number => 0.2, (): number => 0.8];

const inkOf = (frame: Uint8Array): number => frame.reduce((a, b) => a + b, 0);

/** Turned by half a turn. */
const halfTurn = (frame: Uint8Array): Uint8Array => frame.toReversed();

describe('warp', () => {
  it('mixes the four pixels around a place by their nearness, as a naive sum over all pixels does', () => {
    const plane = Float64Array.from(drawDigit(3).data, (level) => level / 255);
    const number = fc.double({ min: -2, max: 2, noNaN: true });
    const offset = fc.double({ min: -20, max: 40, noNaN: true });
    fc.assert(
      fc.property(
        fc.record({ xx: number, xy: number, x0: offset, yx: number, yy: number, y0: offset }),
        fc.integer({ min: 0, max: 783 }),
        (affine, pixel) => {
          const [row, column] = [Math.floor(pixel / 28), pixel % 28];
          const x = affine.xx * column + affine.xy * row + affine.x0;
          const y = affine.yx * column + affine.yy * row + affine.y0;
          const near = (distance: number): number => Math.max(0, 1 - Math.abs(distance));
          const expected = plane.reduce(
            (sum, ink, i) => sum + ink * near(x - (i % 28)) * near(y - Math.floor(i / 28)),
            0,
          );
          expect(warp(plane, affine)[pixel]).toBeCloseTo(expected, 10);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('translate', () => {
  it('moves by three pixels on each axis, and brings background in', () => {
    const { data } = drawDigit(8);
    // The reference maps places of the new picture to the old: up and to the left for a positive sign.
    const moved = translate(data, OTHER_WAY);
    for (let row = 0; row < 28; row++) {
      for (let column = 0; column < 28; column++) {
        const inside = row + 3 < 28 && column + 3 < 28;
        expect(moved[row * 28 + column]).toBe(inside ? data[(row + 3) * 28 + column + 3] : 0);
      }
    }
    expect(inkOf(translate(data, ONE_WAY))).toBe(inkOf(data));
  });
});

describe('scale', () => {
  it('makes a digit 0.7 times as wide and high, about the middle', () => {
    const disc = Uint8Array.from({ length: 784 }, (_, i) =>
      Math.hypot(Math.floor(i / 28) - 13.5, (i % 28) - 13.5) < 10 ? 255 : 0,
    );
    const small = scale(disc);
    expect(inkOf(small) / inkOf(disc)).toBeCloseTo(0.49, 1);
    expect(small).toEqual(halfTurn(small));
  });
});

describe('rotate and shear', () => {
  it.each([
    ['rotate', rotate],
    ['shear', shear],
  ])('%s: the middle stays, a picture that half a turn leaves alone is still one', (_, bend) => {
    const cross = Uint8Array.from({ length: 784 }, (__, i) =>
      Math.abs(Math.floor(i / 28) - 13.5) < 2 || Math.abs((i % 28) - 13.5) < 2 ? 255 : 0,
    );
    const bent = bend(cross, ONE_WAY);
    expect(bent).toEqual(halfTurn(bent));
    expect(bent[13 * 28 + 13]).toBe(255);
  });

  it('turn a level line by 0.4 radians', () => {
    const line = Uint8Array.from({ length: 784 }, (_, i) =>
      Math.abs(Math.floor(i / 28) - 13.5) < 1 ? 255 : 0,
    );
    const heightAt = (frame: Uint8Array, column: number): number => {
      let [sum, weighted] = [0, 0];
      for (let row = 0; row < 28; row++) {
        sum += frame[row * 28 + column]!;
        weighted += row * frame[row * 28 + column]!;
      }
      return weighted / sum;
    };
    for (const [stream, sign] of [
      [ONE_WAY, 1],
      [OTHER_WAY, -1],
    ] as const) {
      const turned = rotate(line, stream);
      expect((heightAt(turned, 22) - heightAt(turned, 5)) / 17).toBeCloseTo(sign * Math.tan(0.4), 1);
    }
  });

  it('shear an upright line by sin 0.4 a row, and lengthen it', () => {
    const line = Uint8Array.from({ length: 784 }, (_, i) =>
      Math.abs((i % 28) - 13.5) < 1 && Math.abs(Math.floor(i / 28) - 13.5) < 6 ? 255 : 0,
    );
    const slanted = shear(line, OTHER_WAY);
    const columnAt = (row: number): number => {
      let [sum, weighted] = [0, 0];
      for (let column = 0; column < 28; column++) {
        sum += slanted[row * 28 + column]!;
        weighted += column * slanted[row * 28 + column]!;
      }
      return weighted / sum;
    };
    expect((columnAt(18) - columnAt(9)) / 9).toBeCloseTo(Math.sin(0.4), 2);
    expect(inkOf(slanted) / inkOf(line)).toBeCloseTo(1 / Math.cos(0.4), 1);
  });
});
