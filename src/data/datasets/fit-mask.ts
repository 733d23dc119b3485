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
 * @param steepness 1 leaves the edges as resampling makes them; more makes them as steep as a pen's
 * @returns `[GLYPH_SIDE, GLYPH_SIDE]`; `undefined` where there is no ink
 */
export function fitMask(mask: InkMask, aspect?: number, steepness = 1): Uint8Array | undefined {
  const box = inkBox(mask);
  if (!box) return undefined;
  const ratio = aspect ?? box.width / box.height;
  const width = Math.max(1, Math.round(ratio >= 1 ? GLYPH_EXTENT : GLYPH_EXTENT * ratio));
  const height = Math.max(1, Math.round(ratio >= 1 ? GLYPH_EXTENT / ratio : GLYPH_EXTENT));
  const columns = tapsOf(box.left, box.width, mask.width, width);
  const rows = tapsOf(box.top, box.height, mask.height, height);
  const narrowed = new Float32Array(box.height * width);
  for (let y = 0; y < box.height; y++) {
    const row = (box.top + y) * mask.width;
    for (let x = 0; x < width; x++) {
      const { first, weights } = columns[x]!;
      let sum = 0;
      for (let i = 0; i < weights.length; i++) sum += weights[i]! * mask.data[row + first + i]!;
      narrowed[y * width + x] = sum;
    }
  }
  const fitted = new Uint8Array(GLYPH_SIDE * GLYPH_SIDE);
  const left = (GLYPH_SIDE - width) >> 1;
  const top = (GLYPH_SIDE - height) >> 1;
  for (let y = 0; y < height; y++) {
    const { first, weights } = rows[y]!;
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let i = 0; i < weights.length; i++)
        sum += weights[i]! * narrowed[(first - box.top + i) * width + x]!;
      const value = steepness === 1 ? sum : 127.5 + steepness * (sum - 127.5);
      fitted[(top + y) * GLYPH_SIDE + left + x] = Math.max(0, Math.min(255, Math.round(value)));
    }
  }
  return fitted;
}

/** The smallest box that holds all ink. */
function inkBox({ width, height, data }: InkMask): Box | undefined {
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

/** The source pixels that make one pixel; the weights add up to 1. */
interface Taps {
  readonly first: number;
  readonly weights: readonly number[];
}

const known = new Map<string, readonly Taps[]>();

/** A triangle as wide as a pixel of the target or of the source, whichever is larger, cut off at the box. */
function tapsOf(from: number, length: number, whole: number, target: number): readonly Taps[] {
  const key = `${from} ${length} ${whole} ${target}`;
  const kept = known.get(key);
  if (kept) return kept;
  const scale = length / target;
  const reach = Math.max(1, scale);
  const taps = Array.from({ length: target }, (_, i): Taps => {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - reach));
    const last = Math.min(length - 1, Math.ceil(centre + reach));
    const raw = Array.from({ length: last - first + 1 }, (__, j) =>
      Math.max(0, 1 - Math.abs(first + j + 0.5 - centre) / reach),
    );
    const sum = raw.reduce((total, weight) => total + weight, 0);
    return { first: from + first, weights: raw.map((weight) => weight / sum) };
  });
  // Boxes of 28 x 28 and 105 x 105 pictures are few; those of photos are many, and seldom come again.
  if (known.size < 20_000) known.set(key, taps);
  return taps;
}
