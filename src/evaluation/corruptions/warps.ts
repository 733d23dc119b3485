import { FRAME_PIXELS, FRAME_SIDE, type Frame } from '../../image/frame.js';
import type { Random } from '../../random.js';
import { randomSign, toLevels, toPlane, type Plane } from './float-plane.js';

/** Severity 2, in radians. */
const SHEAR_ANGLE = 0.4;
/** Severity 2, in radians. */
const ROTATION_ANGLE = 0.4;
/** Severity 3: the factor by which the digit grows. */
const SCALE = 0.7;
/** Severity 3. */
const SHIFT_PIXELS = 3;

/** From a place in the new picture to one in the old: x = xx * column + xy * row + x0, and y likewise. */
export interface Affine {
  readonly xx: number;
  readonly xy: number;
  readonly x0: number;
  readonly yx: number;
  readonly yy: number;
  readonly y0: number;
}

/**
 * `shear`: slanted either way. `AffineTransform(shear=c)` of the scikit-image of that time (0.15) has -sin(c) and
 * cos(c) in its second column, so that the picture also becomes 1 / cos(c) times as high; later versions have
 * -tan(c) and 1.
 */
export function shear(frame: Frame, random: Random): Frame {
  const angle = randomSign(random) * SHEAR_ANGLE;
  return warpFrame(frame, aboutCentre(1, -Math.sin(angle), 0, Math.cos(angle)));
}

/** `rotate`: turned either way. */
export function rotate(frame: Frame, random: Random): Frame {
  const angle = randomSign(random) * ROTATION_ANGLE;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return warpFrame(frame, aboutCentre(cos, -sin, sin, cos));
}

/** `scale`: made smaller; nothing is drawn by chance. */
export function scale(frame: Frame): Frame {
  return warpFrame(frame, aboutCentre(1 / SCALE, 0, 0, 1 / SCALE));
}

/** `translate`: moved towards one of the four corners. */
export function translate(frame: Frame, random: Random): Frame {
  const x0 = randomSign(random) * SHIFT_PIXELS;
  const y0 = randomSign(random) * SHIFT_PIXELS;
  return warpFrame(frame, { xx: 1, xy: 0, x0, yx: 0, yy: 1, y0 });
}

/** The linear map that leaves the middle of the frame where it is. */
function aboutCentre(xx: number, xy: number, yx: number, yy: number): Affine {
  const centre = (FRAME_SIDE - 1) / 2;
  return { xx, xy, x0: centre * (1 - xx - xy), yx, yy, y0: centre * (1 - yx - yy) };
}

function warpFrame(frame: Frame, affine: Affine): Frame {
  return toLevels(warp(toPlane(frame), affine));
}

/** `skimage.transform.warp` of order 1: between the four pixels around a place, each of them 0 outside the picture. */
export function warp(plane: Plane, { xx, xy, x0, yx, yy, y0 }: Affine): Plane {
  const warped = new Float64Array(FRAME_PIXELS);
  for (let row = 0, pixel = 0; row < FRAME_SIDE; row++) {
    for (let column = 0; column < FRAME_SIDE; column++, pixel++) {
      const x = xx * column + xy * row + x0;
      const y = yx * column + yy * row + y0;
      const [left, top] = [Math.floor(x), Math.floor(y)];
      const [right, bottom] = [x - left, y - top];
      const upper = (1 - right) * at(plane, top, left) + right * at(plane, top, left + 1);
      const lower = (1 - right) * at(plane, top + 1, left) + right * at(plane, top + 1, left + 1);
      warped[pixel] = (1 - bottom) * upper + bottom * lower;
    }
  }
  return warped;
}

function at(plane: Plane, row: number, column: number): number {
  const inside = row >= 0 && column >= 0 && row < FRAME_SIDE && column < FRAME_SIDE;
  return inside ? plane[row * FRAME_SIDE + column]! : 0;
}
