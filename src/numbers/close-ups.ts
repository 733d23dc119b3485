import type { BoundingBox } from '../image/view/bounding-box.js';
import { DETECTOR } from '../image/view/detector-cells.js';
import { WIDEST_CLOSE_UP } from '../image/view/sizes.js';
import type { Square } from '../image/view/square.js';
import { medianOf } from '../median.js';

/**
 * A part of a picture that is looked at closely: as high as its square, and wider or less wide, to the right of the
 * square's left side.
 */
export interface CloseUp extends Square {
  /** Cells of the detector in a row. */
  readonly columns: number;
}

const CLOSE_UP = {
  /** Height of a close-up, in heights of the digits in it: they are some 31 of its 96 pixels high. */
  side: 3.125,
  /** What is seen on both sides of the outermost digits, from their middles, in heights. */
  beside: 1.3,
  /** And so far beyond the picture, where its edge is nearer. */
  beyond: 0.5,
  /** Digits are seen well whose middle is as far from its ends, or as near to half of its height, in heights. */
  fromEnds: 0.45,
  fromMiddle: 0.6,
  /** And their heights are so near to what it is made for, as a ratio. */
  mostRatio: 1.6,
  /** Digits of a line that are farther apart, or higher or lower than the one before, are not of one close-up. */
  mostApart: 3,
  mostRise: 0.35,
  mostRiseInAll: 0.45,
  /** Of one picture, in squares. */
  most: 640,
} as const;

/** Cells a height of digits takes. */
const CELLS_A_HEIGHT = DETECTOR.cells / CLOSE_UP.side;

/** Close-ups have a multiple of these columns, so that few sizes are asked for. */
const COLUMNS = 4;

/** Cells in a row of the widest close-up. */
const WIDEST = WIDEST_CLOSE_UP / DETECTOR.cellSide;

/** What close-ups are made for. */
export interface Sights {
  /** Size of the picture in pixels. */
  readonly picture: { readonly width: number; readonly height: number };
  /** Those that there are already. */
  readonly made?: readonly CloseUp[];
  /** Whether the detector takes squares alone. */
  readonly onlySquares?: boolean;
}

/** The middle of a digit, and how high it is. */
interface Place {
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

/**
 * Parts of a picture in which digits are looked at closely, so that each lies well inside of one, and all of a line in
 * one where that is possible.
 * @param boxes where digits may be, the likeliest first
 */
export function closeUpsOf(
  boxes: readonly BoundingBox[],
  { picture, made = [], onlySquares = false }: Sights,
): CloseUp[] {
  const places = boxes.map(placeOf);
  const all = [...made];
  const added: CloseUp[] = [];
  let left = CLOSE_UP.most - made.reduce((sum, closeUp) => sum + squaresOf(closeUp), 0);
  for (const place of places) {
    if (left <= 0) break;
    if (all.some((closeUp) => showsWell(closeUp, place, picture))) continue;
    const most = onlySquares ? DETECTOR.cells : WIDEST;
    const closeUp = closeUpOf(rowAround(place, places, most), place, picture, most);
    left -= squaresOf(closeUp);
    all.push(closeUp);
    added.push(closeUp);
  }
  return added;
}

/** How much work one is. */
export function squaresOf({ columns }: CloseUp): number {
  return columns / DETECTOR.cells;
}

/** A place and those beside it that stand on a line with it. @param most cells in a row */
function rowAround(first: Place, places: readonly Place[], most: number): Place[] {
  const { mostApart, mostRise, mostRiseInAll, mostRatio, fromEnds } = CLOSE_UP;
  const { height } = first;
  const reach = (most / CELLS_A_HEIGHT / 2 - fromEnds) * height;
  const alike = places.filter(
    (place) =>
      Math.abs(place.x - first.x) <= reach &&
      Math.abs(place.y - first.y) <= mostRiseInAll * height &&
      place.height <= mostRatio * height &&
      place.height >= height / mostRatio,
  );
  let [leftmost, rightmost] = [first, first];
  const row = [first];
  for (const place of alike.toSorted((a, b) => Math.abs(a.x - first.x) - Math.abs(b.x - first.x))) {
    const isLeft = place.x < first.x;
    const neighbour = isLeft ? leftmost : rightmost;
    if (Math.abs(place.y - neighbour.y) > mostRise * height) continue;
    if (Math.abs(place.x - neighbour.x) > mostApart * height) continue;
    row.push(place);
    if (isLeft) leftmost = place;
    else rightmost = place;
  }
  return row;
}

/** @param first must lie well inside */
function closeUpOf(row: readonly Place[], first: Place, picture: Sights['picture'], most: number): CloseUp {
  const { beside, beyond, side } = CLOSE_UP;
  const height = medianOf(row.map((place) => place.height)) ?? first.height;
  const across = row.map(({ x }) => x);
  const down = row.map(({ y }) => y);
  const from = Math.max(-beyond * height, Math.min(...across) - beside * height);
  const to = Math.min(picture.width + beyond * height, Math.max(...across) + beside * height);
  const columns = Math.min(most, Math.max(DETECTOR.cells, wholeColumns((to - from) / height)));
  const width = (columns / CELLS_A_HEIGHT) * height;
  const middle = width < to - from ? first.x : (from + to) / 2;
  return {
    x: middle - width / 2,
    y: (Math.min(...down) + Math.max(...down)) / 2 - (side * height) / 2,
    side: side * height,
    columns,
  };
}

/** @param heights of digits */
function wholeColumns(heights: number): number {
  return COLUMNS * Math.ceil((heights * CELLS_A_HEIGHT) / COLUMNS);
}

/** How far beside a digit the next one of its number may be, middle to middle, in its heights. */
const BESIDE = 0.65;

/**
 * Digits that were seen, and where others may stand before and behind them: a number goes on beyond what a close-up
 * shows of it.
 * @param picture its size in pixels
 */
export function withNeighbours(
  boxes: readonly BoundingBox[],
  picture: { readonly width: number; readonly height: number },
): BoundingBox[] {
  return boxes.flatMap((box) => {
    const beside = [-1, 1].map((direction) => ({ ...box, x: box.x + direction * BESIDE * heightOf(box) }));
    return [box, ...beside.filter(({ x, width }) => x + width / 2 > 0 && x + width / 2 < picture.width)];
  });
}

/** Boxes of about the same height together, the highest first. */
export function byHeight(boxes: readonly BoundingBox[]): BoundingBox[][] {
  const groups = new Map<number, BoundingBox[]>();
  for (const box of boxes) {
    const octave = Math.floor(Math.log2(heightOf(box)));
    const group = groups.get(octave) ?? [];
    group.push(box);
    groups.set(octave, group);
  }
  return [...groups].toSorted(([a], [b]) => b - a).map(([, group]) => group);
}

function placeOf(box: BoundingBox): Place {
  return { x: box.x + box.width / 2, y: box.y + box.height / 2, height: heightOf(box) };
}

/** Of a digit that is wider than people write, its width tells more. */
function heightOf({ width, height }: BoundingBox): number {
  return Math.max(height, 0.8 * width, 4);
}

const CLARITY = {
  /** How much it counts that a digit is larger or smaller than a close-up is made for: of the square of a logarithm. */
  ratio: 1.5,
  /** A close-up's edge cuts digits in two whose middle is nearer to it than this, in shares of its side. */
  edge: 0.16,
  least: 0.05,
} as const;

/** How well a close-up shows a digit in a box, 0..1: digits far from the edge and of usual size are seen best. */
export function clarityOf({ x, y, side, columns }: CloseUp, box: BoundingBox): number {
  const place = placeOf(box);
  const off = Math.log((place.height * CLOSE_UP.side) / side);
  const away = (at: number, length: number): number =>
    Math.min(1, Math.max(CLARITY.least, Math.min(at, length - at) / (CLARITY.edge * side)));
  const width = (columns / DETECTOR.cells) * side;
  return Math.exp(-CLARITY.ratio * off * off) * away(place.x - x, width) * away(place.y - y, side);
}

/** A close-up half a cell further to the right and down: what lay between two cells of it lies within one. */
export function halfACellOn({ x, y, side, columns }: CloseUp): CloseUp {
  const half = side / DETECTOR.cells / 2;
  return { x: x + half, y: y + half, side, columns };
}

function showsWell(
  { x, y, side, columns }: CloseUp,
  place: Place,
  { width }: { readonly width: number },
): boolean {
  const height = side / CLOSE_UP.side;
  const ratio = place.height / height;
  if (ratio > CLOSE_UP.mostRatio || ratio < 1 / CLOSE_UP.mostRatio) return false;
  if (Math.abs(place.y - y - side / 2) > CLOSE_UP.fromMiddle * height) return false;
  const end = x + (columns / CELLS_A_HEIGHT) * height;
  const room = CLOSE_UP.fromEnds * height;
  // Where the picture ends nothing is cut in two.
  return place.x > (x <= 0 ? x : x + room) && place.x < (end >= width ? end : end - room);
}
