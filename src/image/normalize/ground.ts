import type { Coarse } from './coarse.js';
import { swallowed } from './ink.js';
import { zeros } from './zeros.js';

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
/** Below CERTAIN x CERTAIN x NEARLY of what the darkest cell can be, where enough cells are nearly as dark, no ink is certain. */
const LEAST_CERTAIN = 0.44;

/**
 * How light the paper is, dark ink taken away: the closing of a picture by a square
 * (https://en.wikipedia.org/wiki/Closing_(morphology)). What is narrower than the square is filled with the light
 * around it, while the edge of a shadow stays where it is. The square is hardly wider than the strokes, which do
 * not fill it: the wider it is, the more of a shadow would be taken for ink.
 */
export function groundOf(picture: Coarse): Coarse {
  const { width, height, cell } = picture;
  const widest = WIDEST_WINDOW * Math.sqrt(width * height);
  let squares: Squares = { width, height, across: 1, down: 1, lightest: picture.data };
  let data = picture.data;
  if (NARROWEST_CELLS < widest) {
    squares = widen(squares, NARROWEST_CELLS);
    data = closing(squares);
    if (isPlainlyWideEnough(data, picture.data)) return { width, height, cell, data };
  }
  const wideGround = closing(widen(squares, widest));
  const ink = zeros(Float32Array, picture.data.length);
  for (let i = 0; i < ink.length; i++) ink[i] = swallowed(wideGround[i]!, picture.data[i]!);
  const certain = certainInk(ink);
  for (let side = NARROWEST_CELLS; side < widest; side *= STEP) {
    if (side > NARROWEST_CELLS) {
      squares = widen(squares, side);
      data = closing(squares);
    }
    let kept = 0;
    for (const i of certain) if (swallowed(data[i]!, picture.data[i]!) >= NEARLY * ink[i]!) kept++;
    if (kept >= KEPT_SHARE * certain.length) return { width, height, cell, data };
  }
  return { width, height, cell, data: wideGround };
}

/**
 * Whether a square is wide enough whatever the widest shows, as on evenly lit paper: all that may be certain ink is nearly as
 * dark as it would be were all paper like the lightest cell, and no ground is lighter than that.
 */
function isPlainlyWideEnough(ground: Float32Array, levels: Float32Array): boolean {
  let paper = 0;
  let darkest = Infinity;
  for (let i = 0; i < levels.length; i++) {
    const level = levels[i]!;
    if (level > paper) paper = level;
    if (level < darkest) darkest = level;
  }
  const sure = paper - CERTAIN * (paper - darkest);
  const possible = paper - LEAST_CERTAIN * (paper - darkest);
  let count = 0;
  for (let i = 0; i < levels.length; i++) {
    const level = levels[i]!;
    if (level > possible) continue;
    // Rounded as the ink that it may be compared with.
    if (swallowed(ground[i]!, level) < NEARLY * Math.fround(swallowed(paper, level))) return false;
    if (level <= sure) count++;
  }
  return count >= darkestCells(levels.length);
}

/** The cells whose ink is no shadow. */
function certainInk(ink: Float32Array): Int32Array {
  const least = CERTAIN * largest(ink, darkestCells(ink.length));
  const cells = zeros(Int32Array, ink.length);
  let count = 0;
  for (let i = 0; i < ink.length; i++) if (ink[i]! > 0 && ink[i]! >= least) cells[count++] = i;
  return cells.subarray(0, count);
}

function darkestCells(count: number): number {
  return Math.max(FEWEST_CELLS, Math.ceil(DARKEST_SHARE * count));
}

/** The `rank`th largest value, rank being small; 0 where there are fewer. None is negative. */
function largest(values: Float32Array, rank: number): number {
  const best = zeros(Float32Array, rank);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value <= best[0]!) continue;
    let at = 0;
    for (; at + 1 < rank && best[at + 1]! < value; at++) best[at] = best[at + 1]!;
    best[at] = value;
  }
  return best[0]!;
}

/** What is lightest in each square of a picture; squares lie within it, so that strokes along its border are filled too. */
interface Squares {
  readonly width: number;
  readonly height: number;
  /** Cells of a square. */
  readonly across: number;
  readonly down: number;
  /** By the squares' upper left corners, `[height, width]`; of those that would reach beyond the picture it is wrong. */
  readonly lightest: Float32Array;
}

/** Wider squares, each of them covered by narrower ones. */
function widen({ width, height, ...squares }: Squares, wanted: number): Squares {
  const side = Math.max(2, Math.round(wanted));
  const across = Math.min(side, width);
  const down = Math.min(side, height);
  const lightest = copyOf(squares.lightest);
  const bits = bitsOf(lightest);
  raiseToLargest(bits, 1, squares.across, across);
  raiseToLargest(bits, width, squares.down, down);
  return { width, height, across, down, lightest };
}

/** For each cell the least of the squares that hold it, `[height, width]`. */
function closing({ width, height, across, down, lightest }: Squares): Float32Array {
  const closed = copyOf(lightest);
  // Squares that would reach beyond the picture count for nothing.
  const columns = width - across + 1;
  const rows = height - down + 1;
  for (let y = 0; y < rows; y++) {
    for (let i = y * width + columns, end = (y + 1) * width; i < end; i++) closed[i] = Infinity;
  }
  closed.fill(Infinity, rows * width);
  const bits = bitsOf(closed);
  lowerToSmallest(bits, 1, across);
  lowerToSmallest(bits, width, down);
  return closed;
}

function copyOf(values: Float32Array): Float32Array {
  const copy = zeros(Float32Array, values.length);
  copy.set(values);
  return copy;
}

/** The bits of floats that are not negative are in the order of the floats, and integers need no branch below. */
function bitsOf({ buffer, byteOffset, length }: Float32Array): Int32Array {
  return new Int32Array(buffer, byteOffset, length);
}

/**
 * Every value is the largest of itself and those after it, `length` in all and `stride` apart, and becomes that of `wanted`:
 * of twice as many, then of four times, … In a plane what reaches into the next line is wrong, and harms none that does not.
 */
function raiseToLargest(values: Int32Array, stride: number, length: number, wanted: number): void {
  for (let reach = length; reach < wanted; reach *= 2) {
    const apart = Math.min(reach, wanted - reach) * stride;
    for (let i = 0, end = values.length - apart; i < end; i++) {
      const own = values[i]!;
      const difference = own - values[i + apart]!;
      values[i] = own - (difference & (difference >> 31));
    }
  }
}

/**
 * The other way, from single values on: the smallest of itself and those before it. The end of each line has to hold what
 * is never smaller.
 */
function lowerToSmallest(values: Int32Array, stride: number, length: number): void {
  for (let reach = 1; reach < length; reach *= 2) {
    const apart = Math.min(reach, length - reach) * stride;
    for (let i = values.length - 1; i >= apart; i--) {
      const own = values[i]!;
      const difference = own - values[i - apart]!;
      values[i] = own - (difference & ~(difference >> 31));
    }
  }
}
