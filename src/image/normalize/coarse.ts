import { finish } from '../work.js';
import { cellMeans } from './cell-means.js';
import type { FloatPlane, Plane } from './plane.js';

/** A plane seen from afar: means over cells of `cell x cell` pixels; those of the last row and column may be smaller. */
export interface Coarse extends FloatPlane {
  /** Pixels along a cell. */
  readonly cell: number;
}

/** The means of a plane over cells, as few that the longer side has at most `maxSide` of them. */
export function coarsen(plane: Plane, maxSide: number): Coarse {
  const { width, height, data } = plane;
  const cell = Math.ceil(Math.max(width, height) / maxSide);
  if (cell === 1) return { width, height, cell, data: new Float32Array(data) };
  const { columns, rows, means } = finish(
    cellMeans(plane, cell, (y, row) => row.set(data.subarray(y * width, (y + 1) * width))),
  );
  return { width: columns, height: rows, cell, data: new Float32Array(means) };
}
