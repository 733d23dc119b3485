import { FRAME_PIXELS, FRAME_SIDE } from '../image/frame.js';
import type { Random } from './random.js';

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
}

export const DEFAULT_AUGMENTATION: Augmentation = {
  rotationDegrees: 12,
  scale: 0.12,
  shear: 0.15,
  shiftPixels: 2,
};

/** A number from -size to size. */
function within(random: Random, size: number): number {
  return (2 * random() - 1) * size;
}

/**
 * Writes one training image, turned, scaled, slanted and moved at random, with bilinear sampling and background
 * outside the frame.
 * @param source frames of 0..255; the image starts at `sourceOffset`
 * @param target receives 784 numbers of 0..1 at `targetOffset`
 */
export function augment(
  source: Uint8Array,
  sourceOffset: number,
  target: Float32Array,
  targetOffset: number,
  random: Random,
  { rotationDegrees, scale, shear, shiftPixels }: Augmentation,
): void {
  const angle = (within(random, rotationDegrees) * Math.PI) / 180;
  const scaleX = 1 / (1 + within(random, scale));
  const scaleY = 1 / (1 + within(random, scale));
  const slant = within(random, shear);
  const shiftX = within(random, shiftPixels);
  const shiftY = within(random, shiftPixels);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  // From a place in the new image back to one in the old: shift, turn, slant, scale, about the frame's centre.
  const [xx, xy] = [scaleX * (cos + slant * sin), scaleX * (slant * cos - sin)];
  const [yx, yy] = [scaleY * sin, scaleY * cos];
  const centre = (FRAME_SIDE - 1) / 2;

  for (let row = 0, place = targetOffset; row < FRAME_SIDE; row++) {
    const dy = row - centre - shiftY;
    let x = centre + xx * (-centre - shiftX) + xy * dy;
    let y = centre + yx * (-centre - shiftX) + yy * dy;
    for (let column = 0; column < FRAME_SIDE; column++, place++, x += xx, y += yx) {
      target[place] = sample(source, sourceOffset, x, y) / 255;
    }
  }
}

/** Writes one image as it is: 784 numbers of 0..1. */
export function copyFrame(
  source: Uint8Array,
  sourceOffset: number,
  target: Float32Array,
  targetOffset: number,
): void {
  for (let i = 0; i < FRAME_PIXELS; i++) target[targetOffset + i] = source[sourceOffset + i]! / 255;
}

/** The grey level at (x, y), between the four pixels around it; 0 outside. */
function sample(source: Uint8Array, offset: number, x: number, y: number): number {
  if (x <= -1 || y <= -1 || x >= FRAME_SIDE || y >= FRAME_SIDE) return 0;
  const left = Math.floor(x);
  const top = Math.floor(y);
  const [right, bottom] = [x - left, y - top];
  const place = offset + top * FRAME_SIDE + left;
  const [hasLeft, hasRight, hasTop, hasBottom] = [
    left >= 0,
    left + 1 < FRAME_SIDE,
    top >= 0,
    top + 1 < FRAME_SIDE,
  ];
  const topLeft = hasTop && hasLeft ? source[place]! : 0;
  const topRight = hasTop && hasRight ? source[place + 1]! : 0;
  const bottomLeft = hasBottom && hasLeft ? source[place + FRAME_SIDE]! : 0;
  const bottomRight = hasBottom && hasRight ? source[place + FRAME_SIDE + 1]! : 0;
  return (
    (1 - bottom) * ((1 - right) * topLeft + right * topRight) +
    bottom * ((1 - right) * bottomLeft + right * bottomRight)
  );
}
