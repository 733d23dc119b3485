import { FRAME_PIXELS, FRAME_SIDE } from '../image/frame.js';
import { smoothField } from './elastic.js';
import type { Random } from '../random.js';

/** How far a training image may be bent; each is drawn anew for every image and epoch. */
export interface Augmentation {
  /** Turned by up to so many degrees, either way. */
  readonly rotationDegrees: number;
  /** Each axis made larger or smaller by up to this share. */
  readonly scale: number;
  /** Slanted by up to this share of the height. */
  readonly shear: number;
  /** Moved by up to so many pixels, on each axis. */
  readonly shiftPixels: number;
  /** Each place pushed by so many pixels (root mean square), smoothly over the picture. */
  readonly elasticPixels: number;
  /** Strokes made thicker or thinner by up to this share of a pixel on each side. */
  readonly strokePixels: number;
}

export const DEFAULT_AUGMENTATION: Augmentation = {
  rotationDegrees: 12,
  scale: 0.12,
  shear: 0.15,
  shiftPixels: 2,
  elasticPixels: 0,
  strokePixels: 0,
};

/**
 * Writes one training image, changed at random.
 * @param source frames of 0..255; the image starts at `sourceOffset`
 * @param target receives 784 numbers of 0..1 at `targetOffset`
 */
export type Augment = (
  source: Uint8Array,
  sourceOffset: number,
  target: Float32Array,
  targetOffset: number,
  random: Random,
) => void;

/** Makes the function that bends training images, with bilinear sampling and background outside the frame. */
export function createAugment(augmentation: Augmentation): Augment {
  const { elasticPixels, strokePixels } = augmentation;
  const pushX = new Float32Array(FRAME_PIXELS);
  const pushY = new Float32Array(FRAME_PIXELS);
  return (source, sourceOffset, target, targetOffset, random) => {
    const [xx, xy, x0, yx, yy, y0] = randomAffine(augmentation, random);
    if (elasticPixels > 0) {
      smoothField(random, elasticPixels, pushX);
      smoothField(random, elasticPixels, pushY);
    }
    for (let row = 0, pixel = 0; row < FRAME_SIDE; row++) {
      for (let column = 0; column < FRAME_SIDE; column++, pixel++) {
        const x = x0 + xx * column + xy * row + pushX[pixel]!;
        const y = y0 + yx * column + yy * row + pushY[pixel]!;
        target[targetOffset + pixel] = sample(source, sourceOffset, x, y) / 255;
      }
    }
    if (strokePixels > 0) {
      changeStrokes(target.subarray(targetOffset, targetOffset + FRAME_PIXELS), within(random, strokePixels));
    }
  };
}

/** A number from -size to size. */
function within(random: Random, size: number): number {
  return (2 * random() - 1) * size;
}

/**
 * From a place in the new image back to one in the old: shift, turn, slant, scale, about the frame's centre.
 * @returns `[xx, xy, x0, yx, yy, y0]`: x = x0 + xx * column + xy * row, and y likewise
 */
function randomAffine(
  { rotationDegrees, scale, shear, shiftPixels }: Augmentation,
  random: Random,
): [number, number, number, number, number, number] {
  const angle = (within(random, rotationDegrees) * Math.PI) / 180;
  const scaleX = 1 / (1 + within(random, scale));
  const scaleY = 1 / (1 + within(random, scale));
  const slant = within(random, shear);
  const centre = (FRAME_SIDE - 1) / 2;
  const shiftX = centre + within(random, shiftPixels);
  const shiftY = centre + within(random, shiftPixels);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [xx, xy] = [scaleX * (cos + slant * sin), scaleX * (slant * cos - sin)];
  const [yx, yy] = [scaleY * sin, scaleY * cos];
  return [xx, xy, centre - xx * shiftX - xy * shiftY, yx, yy, centre - yx * shiftX - yy * shiftY];
}

/** Writes one image as it is: 784 numbers of 0..1. */
export const copyFrame: Augment = (source, sourceOffset, target, targetOffset) => {
  for (let i = 0; i < FRAME_PIXELS; i++) target[targetOffset + i] = source[sourceOffset + i]! / 255;
};

/** The grey level at (x, y), between the four pixels around it; 0 outside. */
function sample(source: Uint8Array, offset: number, x: number, y: number): number {
  if (x <= -1 || y <= -1 || x >= FRAME_SIDE || y >= FRAME_SIDE) return 0;
  const left = Math.floor(x);
  const top = Math.floor(y);
  const [right, bottom] = [x - left, y - top];
  const place = offset + top * FRAME_SIDE + left;
  const hasLeft = left >= 0;
  const hasRight = left + 1 < FRAME_SIDE;
  const hasTop = top >= 0;
  const hasBottom = top + 1 < FRAME_SIDE;
  const topLeft = hasTop && hasLeft ? source[place]! : 0;
  const topRight = hasTop && hasRight ? source[place + 1]! : 0;
  const bottomLeft = hasBottom && hasLeft ? source[place + FRAME_SIDE]! : 0;
  const bottomRight = hasBottom && hasRight ? source[place + FRAME_SIDE + 1]! : 0;
  return (
    (1 - bottom) * ((1 - right) * topLeft + right * topRight) +
    bottom * ((1 - right) * bottomLeft + right * bottomRight)
  );
}

/**
 * Moves each pixel of one frame towards the lightest of itself and its four neighbours by the share `pixels`
 * (thicker strokes), or towards the darkest where that is negative (thinner ones).
 */
export function changeStrokes(frame: Float32Array, pixels: number): void {
  const share = Math.abs(pixels);
  const extreme = pixels > 0 ? Math.max : Math.min;
  const before = Float32Array.from(frame);
  const at = (row: number, column: number): number =>
    row < 0 || column < 0 || row >= FRAME_SIDE || column >= FRAME_SIDE
      ? 0
      : before[row * FRAME_SIDE + column]!;
  for (let row = 0, pixel = 0; row < FRAME_SIDE; row++) {
    for (let column = 0; column < FRAME_SIDE; column++, pixel++) {
      const around = extreme(
        before[pixel]!,
        extreme(at(row - 1, column), at(row + 1, column)),
        extreme(at(row, column - 1), at(row, column + 1)),
      );
      frame[pixel] = before[pixel]! + share * (around - before[pixel]!);
    }
  }
}
