import type { BoundingBox } from './bounding-box.js';

/** How a network that finds digits lays out its answer: `[planes, cells, columns]`, rows of cells from the top. */
export interface CellGrid {
  /** Pixels from the top to the bottom of what the network is shown. */
  readonly side: number;
  /** Rows of cells in it. */
  readonly cells: number;
  /** Cells in a row: as many, of a square. */
  readonly columns: number;
  /** Pixels of what is shown along a cell. */
  readonly cellSide: number;
  readonly planes: number;
  /** How many of the planes are logits, which come first; then the four of `encodeBox`. */
  readonly logitPlanes: number;
}

/** Planes of a box. */
const BOX_PLANES = 4;

/** A grid of square cells over a square of `side` pixels. */
export function cellGrid(side: number, cells: number, logitPlanes: number): CellGrid {
  return {
    side,
    cells,
    columns: cells,
    cellSide: side / cells,
    planes: logitPlanes + BOX_PLANES,
    logitPlanes,
  };
}

/** The grid of a network that is shown as much in height and more, or less, in width. @param columns cells in a row */
export function ofColumns(grid: CellGrid, columns: number): CellGrid {
  return { ...grid, columns };
}

/** Cells of a plane. */
export function cellCount({ cells, columns }: CellGrid): number {
  return cells * columns;
}

/** Values of one answer. */
export function outputCount(grid: CellGrid): number {
  return grid.planes * cellCount(grid);
}

/** How many of them are logits, which come first. */
export function logitCount(grid: CellGrid): number {
  return grid.logitPlanes * cellCount(grid);
}

/** A box as a cell tells of it. */
export type EncodedBox = readonly [dx: number, dy: number, logWidth: number, logHeight: number];

/** Pixels of the square whose logarithm counts as 0: a digit of usual size. */
const USUAL_SIDE = 32;

/**
 * What is decoded, whatever a network says: sides in pixels of the square, and the middle no farther from the cell's,
 * in cells.
 */
const LEAST_SIDE = 1;
const FARTHEST = 1;

/**
 * The cell, 0 … cells x columns - 1, that holds the middle of a box in pixels of what is shown; the nearest one of a
 * middle outside.
 */
export function cellOf(grid: CellGrid, { x, y, width, height }: BoundingBox): number {
  const cellAt = (middle: number, cells: number): number =>
    Math.min(cells - 1, Math.max(0, Math.floor(middle / grid.cellSide)));
  return cellAt(y + height / 2, grid.cells) * grid.columns + cellAt(x + width / 2, grid.columns);
}

/** The place of a cell's value in an answer `[planes, cells, columns]`. */
export function planeIndex(grid: CellGrid, plane: number, cell: number): number {
  return plane * cellCount(grid) + cell;
}

/**
 * What a cell has to say of a box: its middle less the cell's, in cells, and the logarithms of its sides over 32
 * pixels.
 * @param box in pixels of the square, its sides above 0
 * @param cell 0 … cells x columns - 1
 */
export function encodeBox(
  { columns, cellSide }: CellGrid,
  { x, y, width, height }: BoundingBox,
  cell: number,
): EncodedBox {
  return [
    (x + width / 2) / cellSide - middleOf(cell % columns),
    (y + height / 2) / cellSide - middleOf(Math.floor(cell / columns)),
    Math.log(width / USUAL_SIDE),
    Math.log(height / USUAL_SIDE),
  ];
}

/**
 * The box that a cell tells of, in pixels of the square. Numbers beyond what a box can have are brought to the
 * nearest that it can.
 * @param cell 0 … cells x columns - 1
 */
export function decodeBox(
  { side, columns, cellSide }: CellGrid,
  [dx, dy, logWidth, logHeight]: EncodedBox,
  cell: number,
): BoundingBox {
  const sideOf = (logSide: number): number => between(LEAST_SIDE, USUAL_SIDE * Math.exp(logSide), 2 * side);
  const [width, height] = [sideOf(logWidth), sideOf(logHeight)];
  const middleX = (middleOf(cell % columns) + between(-FARTHEST, dx, FARTHEST)) * cellSide;
  const middleY = (middleOf(Math.floor(cell / columns)) + between(-FARTHEST, dy, FARTHEST)) * cellSide;
  return { x: middleX - width / 2, y: middleY - height / 2, width, height };
}

/**
 * The box of a cell in an answer.
 * @param answers of one square or more, `[squares, outputCount]`
 * @param from where that of this square begins
 */
export function boxAt(grid: CellGrid, answers: Float32Array, from: number, cell: number): BoundingBox {
  const at = (number: number): number =>
    answers[from + planeIndex(grid, grid.logitPlanes + number, cell)] ?? NaN;
  return decodeBox(grid, [at(0), at(1), at(2), at(3)], cell);
}

/** In cells, of the cells in a row or column. */
function middleOf(at: number): number {
  return at + 0.5;
}

function between(least: number, value: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
