import type { Coarse } from './coarse.js';
import { wholeLevel, type Plane } from '../plane.js';
import { zeros } from './zeros.js';

/** Light lets ink vary less where there is hardly any: below this level differences are not magnified further. */
const DARKEST_GROUND = 48;

/**
 * How much of the light of the paper a darker level swallows, 0-255; of a lighter one it is negative. A shadow dims both
 * alike and leaves no trace.
 */
export function swallowed(paper: number, level: number): number {
  return (255 * (paper - level)) / (paper > DARKEST_GROUND ? paper : DARKEST_GROUND);
}

/**
 * How much of the light each pixel swallows, 0-255.
 * @param ground the level of the paper, seen from afar; between the middles of its cells it is interpolated
 */
export function inkOn({ width, height, data }: Plane, ground: Coarse): Plane {
  const ink = zeros(Uint8Array, data.length);
  if (ground.cell === 1) {
    for (let i = 0; i < ink.length; i++) ink[i] = wholeLevel(swallowed(ground.data[i]!, data[i]!));
    return { width, height, data: ink };
  }
  const across = interpolation(width, ground.width, ground.cell);
  const down = interpolation(height, ground.height, ground.cell);
  // The last cell twice: beyond its middle it is as light.
  const row = zeros(Float32Array, ground.width + 1);
  for (let y = 0, i = 0, before = 0; y < height; y++) {
    if (y === down.end[before]) before++;
    const upper = before * ground.width;
    const lower = Math.min(before + 1, ground.height - 1) * ground.width;
    const weight = down.weight[y]!;
    for (let column = 0; column < ground.width; column++) {
      const level = ground.data[upper + column]!;
      row[column] = level + weight * (ground.data[lower + column]! - level);
    }
    row[ground.width] = row[ground.width - 1]!;
    for (let column = 0, x = 0; column < ground.width; column++) {
      const left = row[column]!;
      const step = row[column + 1]! - left;
      for (const end = across.end[column]!; x < end; x++, i++) {
        const paper = left + across.weight[x]! * step;
        const level = data[i]!;
        // Most of a drawing is bare paper.
        if (paper !== level) ink[i] = wholeLevel(swallowed(paper, level));
      }
    }
  }
  return { width, height, data: ink };
}

/**
 * For each cell where the pixels end whose way to the next one's middle begins in its own, and for each of `pixels` how far
 * it is on that way.
 */
function interpolation(
  pixels: number,
  cells: number,
  cell: number,
): { readonly end: Int32Array; readonly weight: Float32Array } {
  const end = zeros(Int32Array, cells);
  const weight = zeros(Float32Array, pixels);
  for (let i = 0; i < pixels; i++) {
    const place = Math.min(cells - 1, Math.max(0, (i + 0.5) / cell - 0.5));
    const before = Math.floor(place);
    weight[i] = place - before;
    end[before] = i + 1;
  }
  return { end, weight };
}

/** Where paper ends and ink begins, in levels of ink, 0-255. */
export interface InkLevels {
  /** Nothing below it can be told from paper. */
  readonly paper: number;
  /** From here on a pixel belongs to whatever ink it touches. */
  readonly faint: number;
  /** What does not reach it anywhere is no ink. */
  readonly sure: number;
}

/** Ink takes up at most this share of a picture, so that the lower levels tell of paper. */
const LARGEST_INK_SHARE = 0.6;
/** Below the 10th and the 30th of a hundred values of a normal distribution: its mean less so many deviations. */
const TENTH = 1.2816;
const THIRTIETH = 0.5244;
/** How many deviations from the paper's level ink lies at least, and the least difference that may be ink. */
const DEVIATIONS = 5;
const LEAST_CONTRAST = 12;
/** Of the inked pixels so many may be darker than full ink; many others lie on the soft edges of strokes. */
const DARKER_SHARE = 0.1;

/**
 * Tells ink from paper by the levels of all pixels: paper by the mean and deviation of the lower ones, ink by what lies
 * far above them. @returns `undefined` where nothing does: a blank picture.
 */
export function inkLevels({ data }: Plane): InkLevels | undefined {
  const histogram = histogramOf(data);
  const tenth = quantile(histogram, 0.1 * data.length);
  const thirtieth = quantile(histogram, 0.3 * data.length);
  const deviation = (thirtieth - tenth) / (TENTH - THIRTIETH);
  const paper = thirtieth + THIRTIETH * deviation;
  const least = Math.ceil(paper + Math.max(DEVIATIONS * deviation, LEAST_CONTRAST));
  let inked = 0;
  for (let level = least; level < 256; level++) inked += histogram[level]!;
  if (inked === 0 || inked > LARGEST_INK_SHARE * data.length) return undefined;
  const full = quantile(histogram, data.length - DARKER_SHARE * inked);
  const contrast = full - paper;
  const sure = Math.max(least, paper + 0.5 * contrast);
  return {
    paper: paper + 2.5 * deviation,
    faint: Math.max(Math.min(sure, paper + 4 * deviation), paper + 0.3 * contrast),
    sure,
  };
}

/** How many pixels have each level. */
function histogramOf(data: Uint8Array): Uint32Array {
  const histogram = zeros(Uint32Array, 256);
  let empty = 0;
  const whole = data.length - (data.length % 4);
  for (let i = 0; i < whole; i += 4) {
    const a = data[i]!;
    const b = data[i + 1]!;
    const c = data[i + 2]!;
    const d = data[i + 3]!;
    // Counted apart: it is most of a picture, and memory is slow to add one to again and again.
    if ((a | b | c | d) === 0) {
      empty += 4;
      continue;
    }
    histogram[a]!++;
    histogram[b]!++;
    histogram[c]!++;
    histogram[d]!++;
  }
  for (let i = whole; i < data.length; i++) histogram[data[i]!]!++;
  histogram[0]! += empty;
  return histogram;
}

/** The level that `count` pixels do not exceed. */
export function quantile(histogram: Uint32Array, count: number): number {
  let below = 0;
  for (let level = 0; level < histogram.length; level++) {
    below += histogram[level]!;
    if (below >= count) return level;
  }
  return histogram.length - 1;
}
