import { TILE_SIDE } from './banks.js';
import type { Canvas } from './draw-glyph.js';

/** A Gaussian blur of `width` pixels; beyond the canvas its edge goes on. */
export function blur({ side, levels }: Canvas, width: number, scratch: Float32Array): void {
  const reach = Math.min(side - 1, Math.ceil(2.5 * width));
  const kernel = new Float32Array(reach + 1);
  let total = 0;
  for (let k = 0; k <= reach; k++) {
    kernel[k] = Math.exp(-0.5 * (k / width) ** 2);
    total += k === 0 ? 1 : 2 * kernel[k]!;
  }
  for (let k = 0; k <= reach; k++) kernel[k]! /= total;
  convolve(levels, scratch, side, 1, side, kernel);
  convolve(scratch, levels, side, side, 1, kernel);
}

/**
 * Blurs along one direction, as a hand that moved does: the mean of `steps` shifted copies, `dx`, `dy` pixels apart.
 */
export function smear(
  { side, levels }: Canvas,
  dx: number,
  dy: number,
  steps: number,
  scratch: Float32Array,
): void {
  scratch.set(levels);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      let sum = 0;
      for (let step = 0; step < steps; step++) {
        const shift = step - (steps - 1) / 2;
        const px = Math.max(0, Math.min(side - 1, Math.round(x + shift * dx)));
        const py = Math.max(0, Math.min(side - 1, Math.round(y + shift * dy)));
        sum += scratch[py * side + px]!;
      }
      levels[y * side + x] = sum / steps;
    }
  }
}

function convolve(
  from: Float32Array,
  to: Float32Array,
  side: number,
  stride: number,
  across: number,
  kernel: Float32Array,
): void {
  const reach = kernel.length - 1;
  const padded = new Float32Array(side + 2 * reach);
  for (let line = 0; line < side; line++) {
    const base = line * across;
    for (let at = 0; at < side; at++) padded[at + reach] = from[base + at * stride]!;
    padded.fill(padded[reach]!, 0, reach);
    padded.fill(padded[side + reach - 1]!, side + reach);
    for (let at = 0; at < side; at++) {
      const middle = at + reach;
      let sum = kernel[0]! * padded[middle]!;
      for (let k = 1; k <= reach; k++) sum += kernel[k]! * (padded[middle - k]! + padded[middle + k]!);
      to[base + at * stride] = sum;
    }
  }
}

/**
 * As if the picture had only had `coarse` pixels on a side: means over squares, then enlarged, in squares or smoothly.
 */
export function coarsen(
  { side, levels }: Canvas,
  coarse: number,
  isSmooth: boolean,
  scratch: Float32Array,
): void {
  const scale = coarse / side;
  const small = scratch.subarray(0, coarse * coarse);
  small.fill(0);
  const counts = new Float32Array(coarse);
  for (let x = 0; x < side; x++) counts[Math.min(coarse - 1, ((x + 0.5) * scale) | 0)]!++;
  for (let y = 0; y < side; y++) {
    const row = Math.min(coarse - 1, ((y + 0.5) * scale) | 0);
    for (let x = 0; x < side; x++) {
      const column = Math.min(coarse - 1, ((x + 0.5) * scale) | 0);
      small[row * coarse + column]! += levels[y * side + x]! / (counts[row]! * counts[column]!);
    }
  }
  for (let y = 0; y < side; y++) {
    const v = Math.max(0, Math.min(coarse - 1.001, (y + 0.5) * scale - (isSmooth ? 0.5 : 0)));
    const v0 = v | 0;
    for (let x = 0; x < side; x++) {
      const u = Math.max(0, Math.min(coarse - 1.001, (x + 0.5) * scale - (isSmooth ? 0.5 : 0)));
      const u0 = u | 0;
      const at = v0 * coarse + u0;
      if (!isSmooth) {
        levels[y * side + x] = small[at]!;
        continue;
      }
      const [fu, fv] = [u - u0, v - v0];
      const upper = small[at]! + fu * (small[at + 1]! - small[at]!);
      const lower = small[at + coarse]! + fu * (small[at + coarse + 1]! - small[at + coarse]!);
      levels[y * side + x] = upper + fv * (lower - upper);
    }
  }
}

/** Adds a tile, from a place in it on. */
export function addTile(
  { side, levels }: Canvas,
  tile: Float32Array,
  { x: x0, y: y0, strength }: { readonly x: number; readonly y: number; readonly strength: number },
): void {
  for (let y = 0; y < side; y++) {
    const row = ((y + y0) & (TILE_SIDE - 1)) * TILE_SIDE;
    for (let x = 0; x < side; x++)
      levels[y * side + x]! += strength * tile[row + ((x + x0) & (TILE_SIDE - 1))]!;
  }
}

const BLOCK = 8;

/** `[frequency, place]` of the discrete cosine transform of eight values. */
const COSINES = Float32Array.from({ length: BLOCK * BLOCK }, (_, i) => {
  const [frequency, place] = [i >> 3, i & 7];
  return (
    Math.sqrt((frequency === 0 ? 1 : 2) / BLOCK) *
    Math.cos(((2 * place + 1) * frequency * Math.PI) / (2 * BLOCK))
  );
});

/** Rounds each block's frequencies as JPEG does, coarser the higher they are. @param step of the lowest, of 0..1 */
export function roundFrequencies({ side, levels }: Canvas, step: number): void {
  const half = new Float32Array(BLOCK * BLOCK);
  const block = new Float32Array(BLOCK * BLOCK);
  for (let top = 0; top + BLOCK <= side; top += BLOCK) {
    for (let left = 0; left + BLOCK <= side; left += BLOCK) {
      const corner = top * side + left;
      for (let i = 0; i < BLOCK; i++) transform(levels, corner + i * side, 1, half, i * BLOCK, 1, BLOCK, 1);
      for (let i = 0; i < BLOCK; i++) transform(half, i, BLOCK, block, i, BLOCK, BLOCK, 1);
      for (let i = 0; i < block.length; i++) {
        const own = step * (1 + 0.6 * ((i >> 3) + (i & 7)));
        block[i] = own * Math.round(block[i]! / own);
      }
      for (let i = 0; i < BLOCK; i++) transform(block, i, BLOCK, half, i, BLOCK, 1, BLOCK);
      for (let i = 0; i < BLOCK; i++) transform(half, i * BLOCK, 1, levels, corner + i * side, 1, 1, BLOCK);
    }
  }
}

/**
 * Eight values through the cosines: `rowStep` BLOCK and `placeStep` 1 to frequencies, the other way round back from
 * them.
 */
function transform(
  from: Float32Array,
  first: number,
  stride: number,
  to: Float32Array,
  target: number,
  targetStride: number,
  rowStep: number,
  placeStep: number,
): void {
  const v0 = from[first]!;
  const v1 = from[first + stride]!;
  const v2 = from[first + 2 * stride]!;
  const v3 = from[first + 3 * stride]!;
  const v4 = from[first + 4 * stride]!;
  const v5 = from[first + 5 * stride]!;
  const v6 = from[first + 6 * stride]!;
  const v7 = from[first + 7 * stride]!;
  for (let row = 0; row < BLOCK; row++) {
    const c = row * rowStep;
    to[target + row * targetStride] =
      v0 * COSINES[c]! +
      v1 * COSINES[c + placeStep]! +
      v2 * COSINES[c + 2 * placeStep]! +
      v3 * COSINES[c + 3 * placeStep]! +
      v4 * COSINES[c + 4 * placeStep]! +
      v5 * COSINES[c + 5 * placeStep]! +
      v6 * COSINES[c + 6 * placeStep]! +
      v7 * COSINES[c + 7 * placeStep]!;
  }
}
