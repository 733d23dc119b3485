import { zeros } from './normalize/zeros.js';

/** One value a pixel, 0-255, rows from the top: grey levels, or ink where 0 is paper and 255 full ink. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  /** `[height, width]` */
  readonly data: Uint8Array;
}

/** The same of values that are not rounded. */
export interface FloatPlane {
  readonly width: number;
  readonly height: number;
  /** `[height, width]` */
  readonly data: Float32Array;
}

/** Pixels `left … right`, `top … bottom`, both included. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The longer side of a box, in pixels. */
export function longSide({ left, top, right, bottom }: Box): number {
  return Math.max(right - left, bottom - top) + 1;
}

/** The smallest box that holds both. */
export function around(a: Box, b: Box): Box {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

/** The smallest box around all that is not 0; `undefined` where nothing is. */
export function boxOf({ width, data }: Plane): Box | undefined {
  let first = 0;
  while (first < data.length && data[first] === 0) first++;
  if (first === data.length) return undefined;
  let last = data.length - 1;
  while (data[last] === 0) last--;
  const top = Math.floor(first / width);
  const bottom = Math.floor(last / width);
  let left = width - 1;
  let right = 0;
  for (let y = top, row = y * width; y <= bottom; y++, row += width) {
    for (let x = 0; x < left; x++) if (data[row + x] !== 0) left = x;
    for (let x = width - 1; x > right; x--) if (data[row + x] !== 0) right = x;
  }
  return { left, top, right, bottom };
}

/** What lies in the box around all that is not 0, the plane itself where that is all of it; `undefined` where nothing is. */
export function cropToInk(plane: Plane): Plane | undefined {
  const box = boxOf(plane);
  if (!box) return undefined;
  const isWhole = box.right - box.left + 1 === plane.width && box.bottom - box.top + 1 === plane.height;
  return isWhole ? plane : crop(plane, box);
}

/** A copy of what lies in the box; beyond the plane there is 0. */
export function crop({ width, height, data }: Plane, box: Box): Plane {
  const cropped = zeros(Uint8Array, (box.right - box.left + 1) * (box.bottom - box.top + 1));
  const croppedWidth = box.right - box.left + 1;
  const from = Math.max(0, box.left);
  const to = Math.min(width, box.right + 1);
  for (let y = Math.max(0, box.top); y < Math.min(height, box.bottom + 1); y++) {
    const row = data.subarray(y * width + from, y * width + to);
    cropped.set(row, (y - box.top) * croppedWidth + from - box.left);
  }
  return { width: croppedWidth, height: box.bottom - box.top + 1, data: cropped };
}

/** Rows become columns. */
export function transpose({ width, height, data }: Plane): Plane {
  const transposed = zeros(Uint8Array, data.length);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) transposed[x * height + y] = data[i]!;
  }
  return { width: height, height: width, data: transposed };
}

/** 255 becomes 0. */
export function invert({ width, height, data }: Plane): Plane {
  const inverted = zeros(Uint8Array, data.length);
  for (let i = 0; i < data.length; i++) inverted[i] = 255 - data[i]!;
  return { width, height, data: inverted };
}

/** The largest number below 0.5: with 0.5 itself 0.49999999999999994 would become 1. */
const ALMOST_HALF = 0.5 - 2 ** -54;

/** The nearest whole number, halves upwards, and 0 of what is negative. `Math.round` has a branch that noise mispredicts. */
export function wholeLevel(value: number): number {
  const whole = (value + ALMOST_HALF) | 0;
  return whole & ~(whole >> 31);
}
