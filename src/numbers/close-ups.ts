import type { BoundingBox } from '../image/view/bounding-box.js';
import type { Square } from '../image/view/square.js';

const CLOSE_UP = {
  /** Side of a close-up, in heights of the digits in it: they are some 32 of its 96 pixels high. */
  side: 3,
  /** Digits whose middle is nearer to that of a close-up are seen well in it, in shares of its side. */
  inner: 0.3,
  innerUpright: 0.3,
  /** And their heights are so near to what it is made for, as a ratio. */
  mostRatio: 1.4,
  /** Of one picture. */
  most: 640,
} as const;

/**
 * Squares in which digits are looked at closely, so that each lies well inside of one.
 * @param boxes where digits may be, the likeliest first
 * @param made those that there are already
 */
export function closeUpsOf(boxes: readonly BoundingBox[], made: readonly Square[] = []): Square[] {
  const squares = [...made];
  const added: Square[] = [];
  for (const box of boxes) {
    if (squares.length === CLOSE_UP.most) break;
    const height = heightOf(box);
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    if (squares.some((square) => showsWell(square, middle, height))) continue;
    const side = CLOSE_UP.side * height;
    const square = { x: middle.x - side / 2, y: middle.y - side / 2, side };
    squares.push(square);
    added.push(square);
  }
  return added;
}

/** How far beside a digit the next one of its number may be, middle to middle, in its heights. */
const BESIDE = 0.95;

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

/** Of a digit that is wider than people write, its width tells more. */
function heightOf({ width, height }: BoundingBox): number {
  return Math.max(height, 0.8 * width, 4);
}

function showsWell({ x, y, side }: Square, middle: { x: number; y: number }, height: number): boolean {
  const ratio = (CLOSE_UP.side * height) / side;
  if (ratio > CLOSE_UP.mostRatio || ratio < 1 / CLOSE_UP.mostRatio) return false;
  const offX = Math.abs(middle.x - x - side / 2) / side;
  const offY = Math.abs(middle.y - y - side / 2) / side;
  return offX < CLOSE_UP.inner && offY < CLOSE_UP.innerUpright;
}
