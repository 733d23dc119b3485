import type { BoundingBox } from '../image/view/bounding-box.js';
import { squareAround, type Square } from '../image/view/square.js';

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
 * @returns those of one size together, the largest first
 */
export function tilesOf(picture: { readonly width: number; readonly height: number }): Square[][] {
  const { width, height } = picture;
  const whole = squareAround(picture);
  const levels: Square[][] = [[whole]];
  let count = 1;
  const shorter = Math.min(width, height);
  let side = whole.side > STRIP * shorter ? shorter : whole.side / TILES.shrink;
  for (; side >= Math.min(TILES.leastSide, shorter); side /= TILES.shrink) {
    const across = startsAlong(width, side);
    const down = startsAlong(height, side);
    count += across.length * down.length;
    if (count > TILES.most) break;
    levels.push(down.flatMap((y) => across.map((x) => ({ x, y, side }))));
    if (side <= TILES.leastSide) break;
  }
  return levels;
}

/** Where digits were read, tiles of at most this multiple of their height are not looked over for smaller ones. */
const MOST_OVER_DIGIT = 4;

/** How far around a digit others of its number are, in its heights: beside it, and above and below. */
const BESIDE = 0.9;
const ABOVE = 0.5;

/** Whether the middle of a tile lies where digits were read that are too large to be found in it. */
export function isReadAlready({ x, y, side }: Square, digits: readonly BoundingBox[]): boolean {
  const [middleX, middleY] = [x + side / 2, y + side / 2];
  return digits.some((box) => {
    if (side > MOST_OVER_DIGIT * box.height) return false;
    const [beside, above] = [BESIDE * box.height, ABOVE * box.height];
    return (
      middleX > box.x - beside &&
      middleX < box.x + box.width + beside &&
      middleY > box.y - above &&
      middleY < box.y + box.height + above
    );
  });
}

/** Where squares begin that cover a length evenly, both ends included. */
function startsAlong(length: number, side: number): number[] {
  if (side >= length) return [(length - side) / 2];
  const count = Math.ceil((length - side) / (TILES.step * side)) + 1;
  return Array.from({ length: count }, (_, i) => ((length - side) * i) / (count - 1));
}
