import { intersectionOverUnion, shareOn, type BoundingBox } from '../image/view/bounding-box.js';
import { boxAt, cellCount, planeIndex } from '../image/view/cell-grid.js';
import { FINDER, FINDER_PLANE } from '../image/view/finder-cells.js';
import { boxInPicture, type Square } from '../image/view/square.js';

/** A place where the finder sees some digit. */
export interface SeenDigit {
  /** In pixels of the picture's gray plane; it may reach beyond it. */
  readonly box: BoundingBox;
  /** How probable it is to the finder, 0..1. */
  readonly probability: number;
  /** Pixels of its overview along its longer side. */
  readonly shownSide: number;
}

const SEEN = {
  /** Less probable places are not looked at. */
  least: 0.06,
  /** Pixels of the overview along the longer side of a box that is told well. */
  leastSide: 9,
  mostSide: 92,
  /** Boxes that overlap more are of the same digit. */
  mostOverlap: 0.62,
  /** A box of which more lies in a likelier one of about its size is a part of that digit. */
  mostInside: 0.85,
} as const;

/**
 * All digits that the finder sees in one overview.
 * @param answer `[FINDER_OUTPUTS]`
 * @param square what of the picture the overview shows
 * @param picture its size in pixels
 */
export function seenDigitsOf(
  answer: Float32Array,
  square: Square,
  picture: { readonly width: number; readonly height: number },
): SeenDigit[] {
  const seen: SeenDigit[] = [];
  for (let cell = 0; cell < cellCount(FINDER); cell++) {
    const logit = answer[planeIndex(FINDER, FINDER_PLANE.anyDigit, cell)] ?? NaN;
    const probability = 1 / (1 + Math.exp(-logit));
    if (!(probability >= SEEN.least)) continue;
    const inOverview = boxAt(FINDER, answer, 0, cell);
    const longer = Math.max(inOverview.width, inOverview.height);
    if (longer < SEEN.leastSide || longer > SEEN.mostSide) continue;
    const inPicture = boxInPicture(inOverview, square, FINDER.side);
    if (isCutOff(inPicture, square, picture)) continue;
    seen.push({ box: inPicture, probability: probability * trust(longer), shownSide: longer });
  }
  return seen;
}

/** Boxes of digits of middling size are told best; of several of one digit, theirs is to be kept. */
function trust(longer: number): number {
  if (longer < 36) return 0.5 + 0.5 * ((longer - SEEN.leastSide) / (36 - SEEN.leastSide));
  return longer > 76 ? 0.9 : 1;
}

/** Whether a box reaches over the edge of a square where the picture goes on: another square shows all of it. */
function isCutOff(
  { x, y, width, height }: BoundingBox,
  square: Square,
  picture: { readonly width: number; readonly height: number },
): boolean {
  const room = 0.12 * Math.max(width, height);
  return (
    (x < square.x - room && square.x > 0) ||
    (y < square.y - room && square.y > 0) ||
    (x + width > square.x + square.side + room && square.x + square.side < picture.width) ||
    (y + height > square.y + square.side + room && square.y + square.side < picture.height)
  );
}

/**
 * One box a digit, or a few where it is not clear: non-maximum suppression. Boxes that overlap less stay side by side;
 * which of them hold, reading decides.
 * @param most how many are kept, the likeliest ones
 */
export function suppressed(seen: readonly SeenDigit[], most: number): SeenDigit[] {
  const kept: SeenDigit[] = [];
  for (const digit of seen.toSorted((a, b) => b.probability - a.probability)) {
    if (kept.length === most) break;
    if (!kept.some((other) => isSame(digit.box, other.box))) kept.push(digit);
  }
  return kept;
}

function isSame(box: BoundingBox, likelier: BoundingBox): boolean {
  if (intersectionOverUnion(box, likelier) > SEEN.mostOverlap) return true;
  // A narrow box in a wide one may be one of two digits that were taken for one: that stays.
  return shareOn(likelier, box) > SEEN.mostInside && box.width > 0.6 * likelier.width;
}
