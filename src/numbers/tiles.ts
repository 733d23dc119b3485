import { squareAround, type Square } from '../image/view/square.js';
import type { SeenDigit } from './seen-digits.js';

/** How a picture is looked over: squares of several sizes, each of which the finder sees as an overview. */
const TILES = {
  /** Sides of squares of one size against those of the next. */
  shrink: 2,
  /** The next square begins after this share of a side at most, so that every digit lies well inside of one. */
  step: 0.5,
  /** Pixels along the smallest square: a digit in it has some 12 pixels at least. */
  leastSide: 72,
  /** Of one picture. */
  most: 160,
} as const;

/** A picture of at least this ratio of width to height is a strip. */
const STRIP = 1.25;

/**
 * The squares that a picture is looked over in: all of it, then squares as high as a strip, then smaller ones, as far
 * as the digits in them could be read. Their number is bounded before any work begins.
 * @param picture its size in pixels, whole numbers of 1 or more
 */
export function tilesOf(picture: { readonly width: number; readonly height: number }): Square[] {
  const { width, height } = picture;
  const whole = squareAround(picture);
  const tiles: Square[] = [whole];
  const shorter = Math.min(width, height);
  let side = whole.side > STRIP * shorter ? shorter : whole.side / TILES.shrink;
  for (; side >= Math.min(TILES.leastSide, shorter); side /= TILES.shrink) {
    const across = startsAlong(width, side);
    const down = startsAlong(height, side);
    if (tiles.length + across.length * down.length > TILES.most) break;
    for (const y of down) for (const x of across) tiles.push({ x, y, side });
    if (side <= TILES.leastSide) break;
  }
  return tiles;
}

/** Where squares begin that cover a length evenly, both ends included. */
function startsAlong(length: number, side: number): number[] {
  if (side >= length) return [(length - side) / 2];
  const count = Math.ceil((length - side) / (TILES.step * side)) + 1;
  return Array.from({ length: count }, (_, i) => ((length - side) * i) / (count - 1));
}

const ZOOM = {
  /** Digits that an overview shows larger, in its pixels, were seen well. */
  seenWell: 44,
  /** Sides of closer squares, and how far from each other they are, in heights of the digits. */
  side: 2.1,
  step: 0.7,
  /** How far beyond the outermost digit others may be, of the same. */
  beyond: 0.9,
  /** Of one picture. */
  most: 224,
} as const;

/**
 * Closer squares along digits that were seen small: those beside them, which share a cell with them, come out.
 * Places that one row of squares covers are not covered twice.
 */
export function closerTilesOf(seen: readonly SeenDigit[]): Square[] {
  const tiles: Square[] = [];
  const small = seen.filter(({ shownSide }) => shownSide < ZOOM.seenWell);
  for (const { box } of small.toSorted((a, b) => b.probability - a.probability)) {
    const height = Math.max(box.height, 0.8 * box.width);
    const side = ZOOM.side * height;
    const [middleX, middleY] = [box.x + box.width / 2, box.y + box.height / 2];
    const offsets = [-ZOOM.beyond * height, 0, ZOOM.beyond * height];
    for (const offset of offsets) {
      const tile = { x: middleX + offset - side / 2, y: middleY - side / 2, side };
      if (tiles.some((other) => isNear(tile, other))) continue;
      if (tiles.length === ZOOM.most) return tiles;
      tiles.push(tile);
    }
  }
  return tiles;
}

/** Whether two squares show as good as the same. */
function isNear(a: Square, b: Square): boolean {
  const ratio = a.side / b.side;
  if (ratio > 1.5 || ratio < 1 / 1.5) return false;
  const [x, y] = [a.x + a.side / 2 - b.x - b.side / 2, a.y + a.side / 2 - b.y - b.side / 2];
  return Math.abs(x) < (ZOOM.step / ZOOM.side) * b.side * 0.6 && Math.abs(y) < 0.2 * b.side;
}
