import { intersectionOverUnion, type BoundingBox } from './bounding-box.js';
import { boxAt, cellCount, planeIndex } from './cell-grid.js';
import { FINDER, FINDER_PLANE } from './finder-cells.js';
import { boxInPicture, squareAround, squareOfDigit, type Square } from './square.js';

/** Which places the reader looks at. */
const CANDIDATES = {
  /** Places of a picture, the picture as a whole not counted. */
  most: 3,
  /** A further place is at least so probable, as a share of the most probable one's probability. */
  leastShare: 0.25,
  /** Boxes that overlap more are of the same digit. */
  mostOverlap: 0.5,
  /** Where the most probable place is less probable, the picture as a whole is looked at too. */
  sure: 0.3,
};

/** A place where the digit of a picture may be. */
export interface Candidate {
  /** In pixels of the picture; it may reach beyond it. */
  readonly box: BoundingBox;
  /** What the reader is shown of it. */
  readonly square: Square;
  /** How probable it is to the finder, 0..1. */
  readonly probability: number;
}

/**
 * What the finder's answer to the overview of a picture says of where its digit is.
 * @param logits of one picture or more, `[pictures, FINDER_OUTPUTS]`
 * @param from where those of this picture begin
 * @returns one place at least, the most probable first
 */
export function candidatesOf(
  logits: Float32Array,
  from: number,
  picture: { readonly width: number; readonly height: number },
): Candidate[] {
  const overview = squareAround(picture);
  const boxOf = (cell: number): BoundingBox =>
    boxInPicture(boxAt(FINDER, logits, from, cell), overview, FINDER.side);
  const cells = Array.from({ length: cellCount(FINDER) }, (_, cell) => ({
    cell,
    probability: sigmoid(logits[from + planeIndex(FINDER, FINDER_PLANE.theDigit, cell)] ?? NaN),
  })).toSorted((a, b) => b.probability - a.probability);
  const best = cells[0]?.probability ?? 0;
  const found: Candidate[] = [];
  for (const { cell, probability } of cells) {
    if (found.length === CANDIDATES.most || probability < CANDIDATES.leastShare * best) break;
    const box = boxOf(cell);
    if (found.some((other) => intersectionOverUnion(other.box, box) > CANDIDATES.mostOverlap)) continue;
    found.push({ box, square: squareOfDigit(box), probability });
  }
  if (best < CANDIDATES.sure) {
    const { width, height } = picture;
    found.push({ box: { x: 0, y: 0, width, height }, square: overview, probability: best });
  }
  return found;
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
