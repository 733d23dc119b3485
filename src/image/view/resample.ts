import type { Plane } from '../plane.js';
import { WIDEST_CLOSE_UP } from './sizes.js';
import type { Square } from './square.js';

/** The most cells along a copy. */
const MOST_CELLS = WIDEST_CLOSE_UP;

/** Places along an axis: place i lies `part[i]` pixels behind pixel `index[i]`, which is one of the picture. */
interface Places {
  readonly index: Int32Array;
  readonly part: Float64Array;
}

/**
 * Memory that every copy uses again: a copy is made without a pause, and memory of its own would take some
 * microseconds.
 */
const SCRATCH = {
  across: placesOf(MOST_CELLS + 1),
  down: placesOf(MOST_CELLS + 1),
  rows: [new Float64Array(MOST_CELLS), new Float64Array(MOST_CELLS)] as const,
  above: new Float64Array(MOST_CELLS),
  before: new Float64Array(MOST_CELLS),
};

function placesOf(count: number): Places {
  return { index: new Int32Array(count), part: new Float64Array(count) };
}

/**
 * Copies a square of a picture onto `side x side` cells: the mean of what lies under a cell where the copy is smaller,
 * bilinear between the middles of pixels where it is larger. Beyond the picture its edge pixels are repeated.
 * @param side a multiple of 4
 * @param out `[side, columns]`, for values 0..1
 * @param columns cells along the copy where it shows more than the square, to its right: a multiple of 4, as `side`
 * 768 at most
 */
export function resample(
  plane: Plane,
  square: Square,
  side: number,
  out: Float32Array,
  columns: number = side,
): void {
  const size: Size = { rows: side, columns };
  if (square.side < side) enlarge(plane, square, size, out);
  else shrink(plane, square, size, out);
}

/** Cells of a copy. */
interface Size {
  readonly rows: number;
  readonly columns: number;
}

/** Bilinear. */
function enlarge(
  { width, height, data }: Plane,
  square: Square,
  { rows, columns }: Size,
  out: Float32Array,
): void {
  const { across, down } = SCRATCH;
  let [upper, lower]: readonly [Float64Array, Float64Array] = SCRATCH.rows;
  const step = square.side / rows;
  const lastColumn = width - 1;
  const lastRow = height - 1;
  middles(across, square.x, step, columns, lastColumn);
  middles(down, square.y, step, rows, lastRow);
  let y = -2;
  for (let row = 0, to = 0; row < rows; row++, to += columns) {
    const index = down.index[row]!;
    if (index > y) {
      [upper, lower] = [lower, upper];
      if (index > y + 1) enlargeRow(data, index * width, across, lastColumn, columns, upper);
      enlargeRow(data, Math.min(index + 1, lastRow) * width, across, lastColumn, columns, lower);
      y = index;
    }
    blendRows(upper, lower, down.part[row]! / 255, out, to, columns);
  }
}

// The loops over many values are functions of their own, which the compiler makes the most of.

function blendRows(
  upper: Float64Array,
  lower: Float64Array,
  part: number,
  out: Float32Array,
  to: number,
  side: number,
): void {
  const rest = 1 / 255 - part;
  for (let i = 0; i < side; i += 4, to += 4) {
    out[to] = rest * upper[i]! + part * lower[i]!;
    out[to + 1] = rest * upper[i + 1]! + part * lower[i + 1]!;
    out[to + 2] = rest * upper[i + 2]! + part * lower[i + 2]!;
    out[to + 3] = rest * upper[i + 3]! + part * lower[i + 3]!;
  }
}

function enlargeRow(
  data: Uint8Array,
  start: number,
  { index, part }: Places,
  last: number,
  side: number,
  row: Float64Array,
): void {
  const next = last > 0 ? start + 1 : start;
  for (let i = 0; i < side; i++) {
    const at = index[i]!;
    const left = data[start + at]!;
    row[i] = left + part[i]! * (data[next + at]! - left);
  }
}

/** Where the middles of cells lie between the middles of pixels: `index` and the one after it, if there is one. */
function middles({ index, part }: Places, start: number, step: number, cells: number, last: number): void {
  const lastPair = Math.max(0, last - 1);
  for (let i = 0; i < cells; i++) {
    const place = Math.min(last, Math.max(0, start + (i + 0.5) * step - 0.5));
    const pixel = Math.min(lastPair, Math.floor(place));
    index[i] = pixel;
    part[i] = place - pixel;
  }
}

/** Means over cells, as differences of sums from the first pixel to the edge of each cell. */
function shrink(
  { width, height, data }: Plane,
  square: Square,
  { rows, columns }: Size,
  out: Float32Array,
): void {
  const { across, down, above, before } = SCRATCH;
  const [row] = SCRATCH.rows;
  const step = square.side / rows;
  edges(across, square.x, step, columns, width - 1);
  edges(down, square.y, step, rows, height - 1);
  const scale = 1 / (255 * step * step);
  let y = down.index[0]!;
  shrinkRow(data, y * width, across, columns, row);
  above.fill(0, 0, columns);
  const firstPart = down.part[0]!;
  for (let i = 0; i < columns; i++) before[i] = firstPart * row[i]!;
  for (let cell = 1, to = 0; cell <= rows; cell++, to += columns) {
    for (const end = down.index[cell]!; y < end;) {
      addRow(above, row, columns);
      y++;
      shrinkRow(data, y * width, across, columns, row);
    }
    takeRow(above, row, down.part[cell]!, before, scale, out, to, columns);
  }
}

function addRow(above: Float64Array, row: Float64Array, side: number): void {
  for (let i = 0; i < side; i++) above[i]! += row[i]!;
}

function takeRow(
  above: Float64Array,
  row: Float64Array,
  part: number,
  before: Float64Array,
  scale: number,
  out: Float32Array,
  to: number,
  side: number,
): void {
  for (let i = 0; i < side; i++) {
    const sum = above[i]! + part * row[i]!;
    out[to + i] = (sum - before[i]!) * scale;
    before[i] = sum;
  }
}

/** The sums over the pixels under each cell of a row, those at its edges in part. */
function shrinkRow(
  data: Uint8Array,
  start: number,
  { index, part }: Places,
  side: number,
  row: Float64Array,
): void {
  let x = start + index[0]!;
  let left = part[0]! * data[x]!;
  for (let i = 0; i < side; i++) {
    const edge = start + index[i + 1]!;
    let whole = 0;
    for (; x < edge; x++) whole = (whole + data[x]!) | 0;
    const right = part[i + 1]! * data[edge]!;
    row[i] = whole + right - left;
    left = right;
  }
}

/**
 * Where cells begin, and the last one ends; of what lies beyond the picture, a part below 0 or above 1 of its outermost
 * pixel.
 */
function edges({ index, part }: Places, start: number, step: number, cells: number, last: number): void {
  for (let i = 0; i <= cells; i++) {
    const place = start + i * step;
    const pixel = Math.min(last, Math.max(0, Math.floor(place)));
    index[i] = pixel;
    part[i] = place - pixel;
  }
}
