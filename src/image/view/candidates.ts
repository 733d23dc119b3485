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
 * What the finder's answers to overviews of a picture say of where its digit is.
 * @param looks its overviews (`overviewsOf`), and the answer to each, `[FINDER_OUTPUTS]`
 * @returns one place at least, the most probable first
 */
export function candidatesOf(
  looks: readonly { readonly overview: Square; readonly answer: Float32Array }[],
  picture: { readonly width: number; readonly height: number },
): Candidate[] {
  const cells = looks
    .flatMap(({ overview, answer }) =>
      Array.from({ length: cellCount(FINDER) }, (_, cell) => {
        const logit = answer[planeIndex(FINDER, FINDER_PLANE.theDigit, cell)] ?? NaN;
        return { overview, answer, cell, probability: sigmoid(logit) };
      }),
    )
    .toSorted((a, b) => b.probability - a.probability);
  const best = cells[0]?.probability ?? 0;
  const found: Candidate[] = [];
  for (const { overview, answer, cell, probability } of cells) {
    if (found.length === CANDIDATES.most || probability < CANDIDATES.leastShare * best) break;
    const box = boxInPicture(boxAt(FINDER, answer, 0, cell), overview, FINDER.side);
    if (found.some((other) => intersectionOverUnion(other.box, box) > CANDIDATES.mostOverlap)) continue;
    found.push({ box, square: squareOfDigit(box), probability });
  }
  if (best < CANDIDATES.sure) {
    const { width, height } = picture;
    found.push({ box: { x: 0, y: 0, width, height }, square: squareAround(picture), probability: best });
  }
  return found;
}

const STRIP = {
  /** A picture that is so much longer than wide, or wider than high, is looked at piece by piece as well. */
  leastRatio: 6,
  /** Side of a piece, in widths of the strip, and how far it is to the next, in sides. */
  side: 3,
  step: 0.5,
  /** Pieces of one picture. */
  most: 32,
} as const;

/**
 * The squares that a picture is shown to the finder in: all of it, and pieces of a strip, whose digit would be a speck
 * in an overview of all.
 * @param picture its size in pixels, whole numbers of 1 or more
 */
export function overviewsOf(picture: { readonly width: number; readonly height: number }): Square[] {
  const whole = squareAround(picture);
  const { width, height } = picture;
  const [long, short] = width > height ? [width, height] : [height, width];
  if (long < STRIP.leastRatio * short) return [whole];
  const side = STRIP.side * short;
  const count = Math.min(STRIP.most, Math.ceil((long - side) / (STRIP.step * side)) + 1);
  const pieces = Array.from({ length: count }, (_, i) => {
    const along = ((long - side) * i) / Math.max(1, count - 1);
    const across = (short - side) / 2;
    return width > height ? { x: along, y: across, side } : { x: across, y: along, side };
  });
  return [whole, ...pieces];
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
