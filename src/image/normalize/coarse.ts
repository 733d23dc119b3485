import type { FloatPlane, Plane } from '../plane.js';
import { zeros } from './zeros.js';

/** A plane seen from afar: means over cells of `cell x cell` pixels; those of the last row and column may be smaller. */
export interface Coarse extends FloatPlane {
  /** Pixels along a cell. */
  readonly cell: number;
}

/** The means of a plane over cells, as few that the longer side has at most `maxSide` of them. */
export function coarsen({ width, height, data }: Plane, maxSide: number): Coarse {
  const cell = Math.ceil(Math.max(width, height) / maxSide);
  const columns = Math.ceil(width / cell);
  const rows = Math.ceil(height / cell);
  const means = zeros(Float32Array, columns * rows);
  if (cell === 1) {
    // Quicker than to have one array made of the other, while they are small.
    for (let i = 0; i < means.length; i++) means[i] = data[i]!;
    return { width, height, cell, data: means };
  }
  // Sums of levels stay whole in 32-bit floats while a cell is smaller than 256 x 256.
  for (let row = 0, i = 0; row < rows; row++) {
    const first = row * columns;
    const bottom = Math.min((row + 1) * cell, height);
    for (let y = row * cell; y < bottom; y++) {
      for (let column = 0, x = 0; column < columns; column++) {
        let sum = 0;
        for (const end = Math.min(x + cell, width); x < end; x++, i++) sum += data[i]!;
        means[first + column]! += sum;
      }
    }
    for (let column = 0; column < columns; column++) {
      const across = Math.min((column + 1) * cell, width) - column * cell;
      means[first + column]! /= across * (bottom - row * cell);
    }
  }
  return { width: columns, height: rows, cell, data: means };
}
