import type { Task } from '../task.js';

/** Values between two pauses: about a millisecond of work. */
const VALUES_A_TURN = 250_000;

/** Means over cells of `cell x cell` values; those of the last row and column may be smaller. */
export interface CellMeans {
  readonly columns: number;
  readonly rows: number;
  /** `[rows, columns]` */
  readonly means: Float64Array;
}

/**
 * The means of a picture over cells.
 * @param readRow writes row `y` of the picture into a row of `width` values
 */
export function* cellMeans(
  { width, height }: { readonly width: number; readonly height: number },
  cell: number,
  readRow: (y: number, row: Float64Array) => void,
): Task<CellMeans> {
  const columns = Math.ceil(width / cell);
  const rows = Math.ceil(height / cell);
  const means = new Float64Array(columns * rows);
  const values = new Float64Array(width);
  let sincePause = 0;
  for (let row = 0; row < rows; row++) {
    const own = means.subarray(row * columns, (row + 1) * columns);
    const top = row * cell;
    const bottom = Math.min(top + cell, height);
    for (let y = top; y < bottom; y++) {
      readRow(y, values);
      addCells(values, cell, own);
    }
    for (let column = 0; column < columns; column++) {
      const across = Math.min((column + 1) * cell, width) - column * cell;
      own[column]! /= across * (bottom - top);
    }
    sincePause += width * (bottom - top);
    if (sincePause >= VALUES_A_TURN) {
      sincePause = 0;
      yield;
    }
  }
  return { columns, rows, means };
}

/** Adds to each cell the `cell` values that lie in it. */
function addCells(values: Float64Array, cell: number, sums: Float64Array): void {
  for (let column = 0, x = 0; column < sums.length; column++) {
    const end = Math.min(x + cell, values.length);
    let sum = 0;
    for (; x < end; x++) sum += values[x]!;
    sums[column]! += sum;
  }
}
