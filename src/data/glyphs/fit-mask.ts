/** Side of the masks of glyphs, in pixels. */
export const GLYPH_SIDE = 48;

/** The longer side of a glyph's ink within its mask, in pixels. */
export const GLYPH_EXTENT = 40;

/** What counts as ink when a glyph is cropped, of 255. */
const INK = 16;

/** Ink in a picture of its own: 0 paper, 255 full ink. */
export interface InkMask {
  readonly width: number;
  readonly height: number;
  /** `[height, width]` */
  readonly data: Uint8Array;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Crops a glyph to its ink and fits it into a square of `GLYPH_SIDE`, centred, its longer side `GLYPH_EXTENT`: down by
 * area, up by straight lines between pixels.
 * @param aspect width by height that the ink shall have; by default what it has
 * @returns `[GLYPH_SIDE, GLYPH_SIDE]`; `undefined` where there is no ink
 */
export function fitMask(mask: InkMask, aspect?: number): Uint8Array | undefined {
  const box = inkBox(mask);
  if (!box) return undefined;
  const ratio = aspect ?? box.width / box.height;
  const width = Math.max(1, Math.round(ratio >= 1 ? GLYPH_EXTENT : GLYPH_EXTENT * ratio));
  const height = Math.max(1, Math.round(ratio >= 1 ? GLYPH_EXTENT / ratio : GLYPH_EXTENT));
  const left = (GLYPH_SIDE - width) >> 1;
  const top = (GLYPH_SIDE - height) >> 1;
  // A triangle is the product of one across and one down.
  const rows = down(across(mask, box, width), box.height, width, height);
  const fitted = new Uint8Array(GLYPH_SIDE * GLYPH_SIDE);
  const clamped = new Uint8ClampedArray(fitted.buffer);
  for (let y = 0; y < height; y++) {
    const target = (top + y) * GLYPH_SIDE + left;
    for (let x = 0; x < width; x++) {
      clamped[target + x] = rows[y * width + x]!;
    }
  }
  return fitted;
}

/** @returns `[box.height, width]` */
function across(mask: InkMask, box: Box, width: number): Float32Array {
  const { reach, first, weights } = tapsOf(box.width, width);
  const { data } = mask;
  const result = new Float32Array(box.height * width);
  for (let y = 0; y < box.height; y++) {
    const row = (box.top + y) * mask.width + box.left;
    for (let x = 0; x < width; x++) {
      const source = row + first[x]!;
      let sum = 0;
      for (let i = 0; i < reach; i++) sum += weights[x * reach + i]! * data[source + i]!;
      result[y * width + x] = sum;
    }
  }
  return result;
}

/** @returns `[height, width]` of `source`, `[length, width]` */
function down(source: Float32Array, length: number, width: number, height: number): Float32Array {
  const { reach, first, weights } = tapsOf(length, height);
  const result = new Float32Array(height * width);
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < reach; i++) {
      const weight = weights[y * reach + i]!;
      const from = (first[y]! + i) * width;
      for (let x = 0; x < width; x++) result[y * width + x]! += weight * source[from + x]!;
    }
  }
  return result;
}

/** The smallest box that holds all ink. */
function inkBox(mask: InkMask): Box | undefined {
  const { width, height, data } = mask;
  let left = width;
  let right = -1;
  let top = height;
  let bottom = -1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (data[y * width + x]! < INK) continue;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  }
  return right < 0 ? undefined : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** The source pixels that make each pixel of the target: `weights[reach * i + j]` is that of pixel `first[i] + j`. */
interface Taps {
  readonly reach: number;
  /** `[target]` */
  readonly first: Uint16Array;
  /** `[target, reach]`; those of a pixel add up to 1. */
  readonly weights: Float32Array;
}

/** By length and target: the pictures of a data set have few lengths. */
const known = new Map<number, Taps>();

const MAX_KNOWN = 10_000;

/** A triangle as wide as a pixel of the target or of the source, whichever is larger, cut off at the box. */
function tapsOf(length: number, target: number): Taps {
  const key = length * 64 + target;
  const kept = known.get(key);
  if (kept) return kept;
  const scale = length / target;
  const half = Math.max(1, scale);
  const reach = Math.min(length, Math.ceil(2 * half));
  const first = new Uint16Array(target);
  const weights = new Float32Array(target * reach);
  for (let i = 0; i < target; i++) {
    const centre = (i + 0.5) * scale;
    const from = Math.max(0, Math.min(length - reach, Math.ceil(centre - half - 0.5)));
    let sum = 0;
    for (let j = 0; j < reach; j++) {
      const weight = Math.max(0, 1 - Math.abs(from + j + 0.5 - centre) / half);
      weights[i * reach + j] = weight;
      sum += weight;
    }
    for (let j = 0; j < reach; j++) weights[i * reach + j]! /= sum;
    first[i] = from;
  }
  const taps = { reach, first, weights };
  if (known.size < MAX_KNOWN) known.set(key, taps);
  return taps;
}
