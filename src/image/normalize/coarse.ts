import type { FloatPlane, Plane } from './plane.js';

/** A plane seen from afar: means over cells of `cell x cell` pixels; those of the last row and column may be smaller. */
export interface Coarse extends FloatPlane {
  /** Pixels along a cell. */
  readonly cell: number;
}

/** The means of a plane over cells, as few that the longer side has at most `maxSide` of them. */
export function coarsen({ width, height, data }: Plane, maxSide: number): Coarse {
  const cell = Math.ceil(Math.max(width, height) / maxSide);
  if (cell === 1) return { width, height, cell, data: Float32Array.from(data) };
  const columns = Math.ceil(width / cell);
  const rows = Math.ceil(height / cell);
  const means = new Float32Array(columns * rows);
  for (let y = 0; y < height; y++) {
    const first = Math.floor(y / cell) * columns;
    for (let column = 0, i = y * width; column < columns; column++) {
      const end = Math.min(i + cell, (y + 1) * width);
      let sum = 0;
      for (; i < end; i++) sum += data[i]!;
      means[first + column]! += sum;
    }
  }
  for (let row = 0, i = 0; row < rows; row++) {
    const down = Math.min((row + 1) * cell, height) - row * cell;
    for (let column = 0; column < columns; column++, i++) {
      means[i]! /= down * (Math.min((column + 1) * cell, width) - column * cell);
    }
  }
  return { width: columns, height: rows, cell, data: means };
}
