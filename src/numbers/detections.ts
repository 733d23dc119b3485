import { intersectionOverUnion, shareOn, type BoundingBox } from '../image/view/bounding-box.js';
import { boxAt, cellCount, ofColumns, planeIndex } from '../image/view/cell-grid.js';
import { DETECTOR, SEPARATORS } from '../image/view/detector-cells.js';
import { boxInPicture } from '../image/view/square.js';
import { CLASS_COUNT } from '../model/contract.js';
import { clarityOf, type CloseUp } from './close-ups.js';
import { logit, sigmoid } from './odds.js';
import type { SeenDigit } from './seen-digits.js';

/** A digit that the detector sees. */
export interface Detection {
  /** In pixels of the picture's gray plane; it may reach beyond it. */
  readonly box: BoundingBox;
  /** How probable it is that there is a digit, 0..1. */
  readonly isDigit: number;
  /** `[10]`: how probable each is, if there is one; they add up to 1. */
  readonly probabilities: Float32Array;
  /** How well a digit of its size and at its place is seen in the close-up, 0..1. */
  readonly clarity: number;
}

/** A separator that the detector sees. */
export interface DetectedSeparator {
  /** As `SEPARATORS` has it. */
  readonly mark: string;
  /** In pixels of the picture's gray plane. */
  readonly box: BoundingBox;
  readonly probability: number;
}

/** A close-up, and what the detector sees in it. */
export interface Look {
  readonly closeUp: CloseUp;
  readonly digits: readonly Detection[];
  readonly separators: readonly DetectedSeparator[];
}

export const DETECTIONS = {
  /** Less probable places are left out. */
  least: 0.03,
  leastSeparator: 0.2,
  /** Boxes that overlap more are of the same digit. */
  mostOverlap: 0.5,
  /** A box is of a piece of a digit, if so much of it lies within one that is likely, and so much higher. */
  pieceInside: 0.75,
  pieceRatio: 1.5,
  likely: 0.5,
  /** Height of each of several digits that a box lies around, in its own. */
  leastOfSeveral: 0.35,
  /** A digit that is less probable than this share of one within it gives way. */
  muchLikelier: 0.8,
  /** And one within which several are that together have so much more evidence, in logarithms of odds. */
  moreEvidence: 2,
} as const;

/** Ten digits that are all less likely than the first are none together. */
const LEAST_LOGIT = Math.log(DETECTIONS.least / CLASS_COUNT);
const LEAST_SEPARATOR_LOGIT = Math.log(DETECTIONS.leastSeparator / (1 - DETECTIONS.leastSeparator));

/**
 * What the detector sees in one close-up.
 * @param logits of one close-up or more, as `DETECTOR` lays them out, with the close-up's columns
 * @param from where those of this one begin
 */
export function detectionsOf(logits: Float32Array, from: number, closeUp: CloseUp): Look {
  const grid = ofColumns(DETECTOR, closeUp.columns);
  const digits: Detection[] = [];
  const separators: DetectedSeparator[] = [];
  const cells = cellCount(grid);
  const at = (plane: number, cell: number): number => logits[from + planeIndex(grid, plane, cell)] ?? NaN;
  const likeliestDigit = largestOf(logits, from, cells, CLASS_COUNT);
  const likeliestSeparator = largestOf(logits, from + CLASS_COUNT * cells, cells, SEPARATORS.length);
  for (let cell = 0; cell < cells; cell++) {
    // In most cells there is nothing: no more is worked out of them.
    if (likeliestDigit[cell]! < LEAST_LOGIT && likeliestSeparator[cell]! < LEAST_SEPARATOR_LOGIT) continue;
    const each = Float32Array.from({ length: CLASS_COUNT }, (_, plane) => sigmoid(at(plane, cell)));
    const any = each.reduce((sum, value) => sum + value, 0);
    const box = boxInPicture(boxAt(grid, logits, from, cell), closeUp, grid.side);
    if (any >= DETECTIONS.least) {
      digits.push({
        box,
        isDigit: Math.min(1, any),
        probabilities: each.map((value) => value / any),
        clarity: clarityOf(closeUp, box),
      });
    }
    SEPARATORS.forEach((mark, i) => {
      const probability = sigmoid(at(CLASS_COUNT + i, cell));
      if (probability >= DETECTIONS.leastSeparator) separators.push({ mark, box, probability });
    });
  }
  return { closeUp, digits, separators };
}

/** The largest value of each cell in planes that follow each other: plane by plane, as they lie in memory. */
function largestOf(logits: Float32Array, from: number, cells: number, planes: number): Float32Array {
  const largest = logits.slice(from, from + cells);
  for (let plane = 1; plane < planes; plane++) {
    const start = from + plane * cells;
    for (let cell = 0; cell < cells; cell++) {
      const value = logits[start + cell]!;
      if (value > largest[cell]!) largest[cell] = value;
    }
  }
  return largest;
}

/** A digit that the finder sees: which one it is, it does not say. */
export function seenDetection({ box, probability }: SeenDigit): Detection {
  const probabilities = new Float32Array(CLASS_COUNT).fill(1 / CLASS_COUNT);
  return { box, isDigit: probability, probabilities, clarity: SEEN_CLARITY };
}

/** Less than of what the detector sees: its boxes are better. */
const SEEN_CLARITY = 0.2;

/** Digits that are likely and seen well go before others. */
export function rankOf({ isDigit, clarity }: Detection): number {
  return isDigit * (0.3 + clarity);
}

/**
 * Each digit once, as the clearest close-up shows it (non-maximum suppression), and no pieces of digits.
 * @param most how many are kept, the likeliest ones
 */
export function distinct(digits: readonly Detection[], most: number): Detection[] {
  const kept: Detection[] = [];
  for (const digit of digits.toSorted((a, b) => rankOf(b) - rankOf(a))) {
    if (kept.length === most) break;
    const isNew = !kept.some((other) => intersectionOverUnion(digit.box, other.box) > DETECTIONS.mostOverlap);
    if (isNew) kept.push(digit);
  }
  const single = kept.filter((digit) => !showsSeveral(digit, kept));
  return single.filter(({ box }) => !isPieceOf(box, single));
}

/**
 * Whether a box lies around several likely digits, as one around a 3 above a 3: from afar they look like one, and so
 * does a page. Or around one that is likelier than what it shows.
 */
function showsSeveral({ box: whole, isDigit: own }: Detection, digits: readonly Detection[]): boolean {
  const { likely, leastOfSeveral, muchLikelier, moreEvidence } = DETECTIONS;
  const inside = digits.filter(({ box, isDigit }) => isDigit >= likely && isWithin(box, whole));
  const large = inside.filter(({ box }) => box.height >= leastOfSeveral * whole.height);
  if (large.length > 1 || large.some(({ isDigit }) => own < muchLikelier * isDigit)) return true;
  const evidence = inside.reduce((sum, { isDigit }) => sum + logit(isDigit), 0);
  return inside.length > 1 && evidence > moreEvidence * logit(own);
}

/** Whether a box shows a piece of a digit that is likely. */
export function isPieceOf(box: BoundingBox, digits: readonly Detection[]): boolean {
  return digits.some(({ box: whole, isDigit }) => isDigit >= DETECTIONS.likely && isWithin(box, whole));
}

/** Whether most of a box lies in one that is much higher. */
function isWithin(box: BoundingBox, whole: BoundingBox): boolean {
  const { pieceInside, pieceRatio } = DETECTIONS;
  if (whole.height < pieceRatio * box.height) return false;
  return shareOn(whole, box) > pieceInside;
}
