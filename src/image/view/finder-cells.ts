import type { BoundingBox } from './bounding-box.js';
import { OVERVIEW_SIDE } from './sizes.js';

/** How the finder's answer is laid out: `[planes, cells, cells]`, rows of cells from the top. */
export const FINDER = {
  /** Pixels along the overview that it reads. */
  side: OVERVIEW_SIDE,
  /** Cells along it. */
  cells: 6,
  /** Pixels of the overview along a cell. */
  cellSide: OVERVIEW_SIDE / 6,
  planes: 6,
} as const;

/** Values of one answer. */
export const FINDER_OUTPUTS = FINDER.planes * FINDER.cells * FINDER.cells;

/** Which plane says what of each cell. */
export const FINDER_PLANE = {
  /** Logit: the middle of some digit lies in the cell. */
  anyDigit: 0,
  /** Logit: the middle of the digit of the picture lies in it. */
  theDigit: 1,
  /** The four numbers of `encodeBox`, of a box whose middle lies in it. */
  box: 2,
} as const;

/** A box as a cell tells of it. */
export type EncodedBox = readonly [dx: number, dy: number, logWidth: number, logHeight: number];

/** Pixels of the overview whose logarithm counts as 0: a digit of usual size. */
const USUAL_SIDE = 32;

/**
 * What is decoded, whatever a network says: sides in pixels of the overview, and the middle no farther from the cell's,
 * in cells.
 */
const LEAST_SIDE = 1;
const LARGEST_SIDE = 2 * OVERVIEW_SIDE;
const FARTHEST = 1;

/**
 * The cell, 0 … cells x cells - 1, that holds the middle of a box in pixels of the overview; the nearest one of a
 * middle outside.
 */
export function cellOf({ x, y, width, height }: BoundingBox): number {
  return cellAt(y + height / 2) * FINDER.cells + cellAt(x + width / 2);
}

function cellAt(middle: number): number {
  return Math.min(FINDER.cells - 1, Math.max(0, Math.floor(middle / FINDER.cellSide)));
}

/** The place of a cell's value in an answer `[planes, cells, cells]`. */
export function finderIndex(plane: number, cell: number): number {
  return plane * FINDER.cells * FINDER.cells + cell;
}

/**
 * What a cell has to say of a box: its middle less the cell's, in cells, and the logarithms of its sides over 32
 * pixels.
 * @param box in pixels of the overview, its sides above 0
 * @param cell 0 … cells x cells - 1
 */
export function encodeBox({ x, y, width, height }: BoundingBox, cell: number): EncodedBox {
  return [
    (x + width / 2) / FINDER.cellSide - middleOf(cell % FINDER.cells),
    (y + height / 2) / FINDER.cellSide - middleOf(Math.floor(cell / FINDER.cells)),
    Math.log(width / USUAL_SIDE),
    Math.log(height / USUAL_SIDE),
  ];
}

/**
 * The box that a cell tells of, in pixels of the overview. Numbers beyond what a box can have are brought to the
 * nearest that it can.
 * @param cell 0 … cells x cells - 1
 */
export function decodeBox([dx, dy, logWidth, logHeight]: EncodedBox, cell: number): BoundingBox {
  const width = sideOf(logWidth);
  const height = sideOf(logHeight);
  const middleX = (middleOf(cell % FINDER.cells) + between(-FARTHEST, dx, FARTHEST)) * FINDER.cellSide;
  const middleY =
    (middleOf(Math.floor(cell / FINDER.cells)) + between(-FARTHEST, dy, FARTHEST)) * FINDER.cellSide;
  return { x: middleX - width / 2, y: middleY - height / 2, width, height };
}

/** In cells, of the cells in a row or column. */
function middleOf(at: number): number {
  return at + 0.5;
}

function sideOf(logSide: number): number {
  return between(LEAST_SIDE, USUAL_SIDE * Math.exp(logSide), LARGEST_SIDE);
}

function between(least: number, value: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
