import type { Coarse } from './coarse.js';
import { swallowed } from './ink.js';
import type { FloatPlane } from './plane.js';

/** Sides of the square that ink must not fill: at most this share of the picture's, and at least so many cells. */
const WIDEST_WINDOW = 0.4;
const NARROWEST_CELLS = 5;
/** How much wider the next square is that is tried. */
const STEP = 1.5;

/** What is so dark, as a share of the darkest thousandth of the picture, is ink and no shadow. */
const CERTAIN = 0.8;
const DARKEST_SHARE = 0.001;
const FEWEST_CELLS = 4;
/** A square is wide enough when so much of that ink is seen as nearly as dark as with the widest. */
const KEPT_SHARE = 0.97;
const NEARLY = 0.7;

/**
 * How light the paper is, dark ink taken away: the closing of a picture by a square
 * (https://en.wikipedia.org/wiki/Closing_(morphology)). What is narrower than the square is filled with the light
 * around it, while the edge of a shadow stays where it is. The square is hardly wider than the strokes, which do
 * not fill it: the wider it is, the more of a shadow would be taken for ink.
 */
export function groundOf(picture: Coarse): Coarse {
  const { width, height, cell } = picture;
  const widest = WIDEST_WINDOW * Math.sqrt(width * height);
  const wideGround = closing(picture, widest);
  const inkAt = (ground: Float32Array, i: number): number => swallowed(ground[i]!, picture.data[i]!);
  const ink = wideGround.map((_, i) => inkAt(wideGround, i));
  const darkest = ink.toSorted().at(-Math.max(FEWEST_CELLS, Math.ceil(DARKEST_SHARE * ink.length))) ?? 0;
  const certain = Array.from(ink.keys()).filter((i) => ink[i]! > 0 && ink[i]! >= CERTAIN * darkest);
  for (let side = NARROWEST_CELLS; side < widest; side *= STEP) {
    const data = closing(picture, side);
    const kept = certain.filter((i) => inkAt(data, i) >= NEARLY * ink[i]!);
    if (kept.length >= KEPT_SHARE * certain.length) return { width, height, cell, data };
  }
  return { width, height, cell, data: wideGround };
}

/**
 * Squares lie within the picture, so that strokes along its border are filled too.
 * @returns `[height, width]`
 */
function closing({ width, height, data }: FloatPlane, wanted: number): Float32Array {
  const side = Math.max(2, Math.round(wanted));
  const across = Math.min(side, width);
  const down = Math.min(side, height);
  const lightest = slide(data, width, height, across, down, Math.max, -Infinity);
  const columns = width - across + 1;
  const rows = height - down + 1;
  // Every square that holds a point begins before it: squares that would reach beyond the picture count for nothing.
  const paddedWidth = columns + 2 * (across - 1);
  const paddedHeight = rows + 2 * (down - 1);
  const padded = new Float32Array(paddedWidth * paddedHeight).fill(Infinity);
  for (let row = 0; row < rows; row++) {
    const line = lightest.subarray(row * columns, (row + 1) * columns);
    padded.set(line, (row + down - 1) * paddedWidth + across - 1);
  }
  return slide(padded, paddedWidth, paddedHeight, across, down, Math.min, Infinity);
}

type Pick = (a: number, b: number) => number;

/** The extreme of each `across x down` rectangle within a plane, `[height - down + 1, width - across + 1]`. */
function slide(
  data: Float32Array,
  width: number,
  height: number,
  across: number,
  down: number,
  pick: Pick,
  neutral: number,
): Float32Array {
  const columns = width - across + 1;
  const rows = height - down + 1;
  const alongRows = new Float32Array(columns * height);
  for (let y = 0; y < height; y++) {
    const row = slideLine(data.subarray(y * width, (y + 1) * width), across, pick, neutral);
    alongRows.set(row, y * columns);
  }
  const result = new Float32Array(columns * rows);
  const column = new Float32Array(height);
  for (let x = 0; x < columns; x++) {
    for (let y = 0; y < height; y++) column[y] = alongRows[y * columns + x]!;
    const extremes = slideLine(column, down, pick, neutral);
    for (let y = 0; y < rows; y++) result[y * columns + x] = extremes[y]!;
  }
  return result;
}

/**
 * The extremes of all windows of `length` along a line, three comparisons a value whatever the length: van Herk, "A fast
 * algorithm for local minimum and maximum filters on rectangular and octagonal kernels" (1992).
 */
function slideLine(line: Float32Array, length: number, pick: Pick, neutral: number): Float32Array {
  const count = line.length;
  const fromBlockStart = new Float32Array(count);
  const toBlockEnd = new Float32Array(count);
  for (let i = 0, best = neutral; i < count; i++) {
    best = i % length === 0 ? line[i]! : pick(best, line[i]!);
    fromBlockStart[i] = best;
  }
  for (let i = count - 1, best = neutral; i >= 0; i--) {
    best = i % length === length - 1 ? line[i]! : pick(best, line[i]!);
    toBlockEnd[i] = best;
  }
  const extremes = new Float32Array(count - length + 1);
  for (let i = 0; i < extremes.length; i++) {
    extremes[i] = pick(toBlockEnd[i]!, fromBlockStart[i + length - 1]!);
  }
  return extremes;
}
