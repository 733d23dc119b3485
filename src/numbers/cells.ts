import type { Plane } from '../image/plane.js';
import { intersectionOverUnion, type BoundingBox } from '../image/view/bounding-box.js';
import type { Square } from '../image/view/square.js';
import type { ReadCandidate } from './candidate.js';
import { placedDigit, unreadOf, type PlacedDigit, type PlacedLine, type PlacedNumber } from './number-of.js';
import { projectionOnto, type Projection, type Quad } from './projection.js';
import { ruledFieldIn } from './ruled-field.js';
import type { CellCounts } from './rules.js';

const CELLS = {
  /** Side of the square that a cell is looked at in, in cells. */
  tile: 1.5,
  /** How far from the middle of its cell the middle of a digit may lie, in cells. */
  off: 0.42,
  /** A digit is at least so high, of its cell, and at most. */
  least: 0.18,
  most: 1.25,
} as const;

/** A field of cells in a picture: one digit or none in each. */
export interface CellField {
  readonly counts: CellCounts;
  readonly projection: Projection;
  /** Where a cell is looked at; rows from the top. */
  readonly tiles: readonly Square[];
}

/** Finds a field of cells by its printed lines; where there are none, it is all of the picture. */
export function cellFieldIn(picture: Plane, counts: CellCounts): CellField {
  const projection = projectionOnto(ruledFieldIn(picture, counts) ?? wholeOf(picture));
  const { columns, rows } = counts;
  const tiles = Array.from({ length: columns * rows }, (_, cell) => {
    const [u, v] = [((cell % columns) + 0.5) / columns, (Math.floor(cell / columns) + 0.5) / rows];
    const { x, y } = projection.toPicture(u, v);
    const side = CELLS.tile * heightOfCell(projection, counts, u, v);
    return { x: x - side / 2, y: y - side / 2, side };
  });
  return { counts, projection, tiles };
}

function wholeOf({ width, height }: Plane): Quad {
  return [
    { x: 0, y: 0 },
    { x: width, y: 0 },
    { x: width, y: height },
    { x: 0, y: height },
  ];
}

/** In pixels of the picture, at a place of the field. */
function heightOfCell(projection: Projection, { rows }: CellCounts, u: number, v: number): number {
  const upper = projection.toPicture(u, v - 0.5 / rows);
  const lower = projection.toPicture(u, v + 0.5 / rows);
  return Math.hypot(lower.x - upper.x, lower.y - upper.y);
}

/** The likeliest digit of each cell, where there probably is one. */
export function numberInCells(candidates: readonly ReadCandidate[], field: CellField): PlacedNumber {
  const { columns, rows } = field.counts;
  const ofCell = Array.from({ length: columns * rows }, (): ReadCandidate[] => []);
  for (const candidate of candidates) ofCell[cellOf(candidate.box, field) ?? -1]?.push(candidate);
  const lines: PlacedLine[] = [];
  for (let row = 0; row < rows; row++) {
    const cells = ofCell.slice(row * columns, (row + 1) * columns).map(digitOf);
    lines.push({
      digits: cells.map(({ digit }) => digit),
      probability: cells.reduce((product, { probability }) => product * probability, 1),
    });
  }
  return {
    lines,
    probability: lines.reduce((product, { probability }) => product * probability, 1),
    unread: unreadOf(ofCell.flat(), lines),
    alternatives: [],
  };
}

/** The cell that a box stands in, if it is of a size and at a place for a digit in it. */
function cellOf(box: BoundingBox, { counts, projection }: CellField): number | undefined {
  const { columns, rows } = counts;
  const { u, v } = projection.toSquare({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
  const [column, row] = [Math.floor(u * columns), Math.floor(v * rows)];
  if (column < 0 || row < 0 || column >= columns || row >= rows) return undefined;
  const off = Math.max(Math.abs(u * columns - column - 0.5), Math.abs(v * rows - row - 0.5));
  const share = box.height / heightOfCell(projection, counts, (column + 0.5) / columns, (row + 0.5) / rows);
  if (off > CELLS.off || share < CELLS.least || share > CELLS.most) return undefined;
  return row * columns + column;
}

/** The digit of a cell, or that it is empty, and how probable that is. */
function digitOf(candidates: readonly ReadCandidate[]): {
  readonly digit: PlacedDigit | undefined;
  readonly probability: number;
} {
  const [best, ...others] = candidates.toSorted((a, b) => b.isDigit - a.isDigit);
  if (!best) return { digit: undefined, probability: 1 };
  if (best.isDigit < 0.5) return { digit: undefined, probability: 1 - best.isDigit };
  // Boxes of the same digit are several views of it: their mean is more often right than one of them.
  const views = [best, ...others.filter(({ box }) => intersectionOverUnion(box, best.box) > 0.5)];
  const weights = views.reduce((sum, { isDigit }) => sum + isDigit, 0);
  const probabilities = best.probabilities.map((_, digit) =>
    views.reduce((sum, view) => sum + (view.isDigit * (view.probabilities[digit] ?? 0)) / weights, 0),
  );
  const likeliest = probabilities.indexOf(probabilities.reduce((most, value) => Math.max(most, value), 0));
  const digit = placedDigit({ ...best, probabilities }, likeliest);
  return { digit, probability: digit.probability };
}
