import { FRAME_PIXELS, FRAME_SIDE } from '../../image/frame.js';
import { between, type Random } from '../../random.js';
import { smoothField } from './elastic.js';

/** How far an image may be warped. The actual change is drawn anew for every image and epoch. */
export interface WarpSettings {
  /** Largest rotation to either side. */
  readonly rotationDegrees: number;
  /** Largest change of the scale, for each axis. */
  readonly scale: number;
  /** Largest shear, as a share of the height. */
  readonly shear: number;
  /** Largest shift along each axis. */
  readonly shiftPixels: number;
  /** Elastic distortion: root mean square of a smooth field of displacements. */
  readonly elasticPixels: number;
}

/** Reads a frame of 0..255 at `offset` and writes 784 numbers of 0..1. */
export type Warp = (source: Uint8Array, offset: number, target: Float32Array, random: Random) => void;

/** A frame with one row of background before it and two behind, so that every sample has four neighbours. */
const PADDED_SIDE = FRAME_SIDE + 3;

/** Makes the function that warps images, with bilinear sampling and background outside the frame. */
export function createWarp(settings: WarpSettings): Warp {
  const { elasticPixels } = settings;
  const pushX = new Float32Array(FRAME_PIXELS);
  const pushY = new Float32Array(FRAME_PIXELS);
  const padded = new Float32Array(PADDED_SIDE * PADDED_SIDE);
  return (source, offset, target, random) => {
    pad(source, offset, padded);
    const { xx, xy, x0, yx, yy, y0 } = randomAffine(settings, random);
    if (elasticPixels > 0) {
      smoothField(random, elasticPixels, pushX);
      smoothField(random, elasticPixels, pushY);
    }
    for (let row = 0, pixel = 0; row < FRAME_SIDE; row++) {
      for (let column = 0; column < FRAME_SIDE; column++, pixel++) {
        const x = withinPadded(x0 + xx * column + xy * row + pushX[pixel]!);
        const y = withinPadded(y0 + yx * column + yy * row + pushY[pixel]!);
        // `| 0`, not Math.trunc: it indexes arrays three times as fast.
        const left = x | 0;
        const top = y | 0;
        const place = top * PADDED_SIDE + left;
        const right = x - left;
        const above = padded[place]! + right * (padded[place + 1]! - padded[place]!);
        const belowLeft = padded[place + PADDED_SIDE]!;
        const below = belowLeft + right * (padded[place + PADDED_SIDE + 1]! - belowLeft);
        target[pixel] = above + (y - top) * (below - above);
      }
    }
  };
}

/** A coordinate in the padded frame, clamped: everything further out is background. */
function withinPadded(coordinate: number): number {
  const padded = coordinate + 1;
  if (padded < 0) return 0;
  return padded > FRAME_SIDE + 1 ? FRAME_SIDE + 1 : padded;
}

function pad(source: Uint8Array, offset: number, padded: Float32Array): void {
  for (let row = 0; row < FRAME_SIDE; row++) {
    const from = offset + row * FRAME_SIDE;
    const to = (row + 1) * PADDED_SIDE + 1;
    for (let column = 0; column < FRAME_SIDE; column++) padded[to + column] = source[from + column]! / 255;
  }
}

/** From a point in the new image back to one in the old: x = x0 + xx * column + xy * row, and y likewise. */
interface Affine {
  readonly xx: number;
  readonly xy: number;
  readonly x0: number;
  readonly yx: number;
  readonly yy: number;
  readonly y0: number;
}

/** Shift, rotation, shear and scale about the frame's centre. */
function randomAffine({ rotationDegrees, scale, shear, shiftPixels }: WarpSettings, random: Random): Affine {
  const angle = (within(random, rotationDegrees) * Math.PI) / 180;
  const scaleX = 1 / (1 + within(random, scale));
  const scaleY = 1 / (1 + within(random, scale));
  const slant = within(random, shear);
  const centre = (FRAME_SIDE - 1) / 2;
  const shiftX = centre + within(random, shiftPixels);
  const shiftY = centre + within(random, shiftPixels);
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const xx = scaleX * (cos + slant * sin);
  const xy = scaleX * (slant * cos - sin);
  const yx = scaleY * sin;
  const yy = scaleY * cos;
  return {
    xx,
    xy,
    x0: centre - xx * shiftX - xy * shiftY,
    yx,
    yy,
    y0: centre - yx * shiftX - yy * shiftY,
  };
}

/** A number from -size to size. */
function within(random: Random, size: number): number {
  return between(random, -size, size);
}
