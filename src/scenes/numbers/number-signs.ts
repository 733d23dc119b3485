import { between, normal, pick, type Random } from '../../random.js';
import type { Canvas, InkBox } from '../draw-glyph.js';
import { drawLine, type Ink } from '../marks/marks.js';
import { within, type Range } from '../ranges.js';
import type { SignPlace } from './separators.js';

type Stroke = readonly [x: number, y: number][];

/** A sign that stands among digits and is none, its strokes 1 high and 1 wide. */
interface Sign {
  readonly strokes: readonly Stroke[];
  /** Its height and width, in heights of the digits, and where its middle is above or below theirs. */
  readonly height: Range;
  readonly width: Range;
  readonly middle: Range;
}

/** A round bracket that opens, as people write it around the first digits of a phone number. */
// prettier-ignore
const OPEN: Sign = {
  strokes: [[[1, 0], [0.5, 0.12], [0.13, 0.32], [0, 0.52], [0.12, 0.74], [0.45, 0.9], [0.95, 1]]],
  height: [0.95, 1.6], width: [0.1, 0.42], middle: [-0.1, 0.12],
};

const CLOSED: Sign = { ...OPEN, strokes: OPEN.strokes.map((stroke) => stroke.map(([x, y]) => [1 - x, y])) };

// prettier-ignore
const S: Stroke = [
  [0.95, 0.2], [0.75, 0.06], [0.4, 0.04], [0.1, 0.16], [0.1, 0.36], [0.45, 0.5], [0.85, 0.62], [0.95, 0.8],
  [0.65, 0.95], [0.3, 0.96], [0.03, 0.82],
];

/** Signs before numbers and within them: $ with one line and two, € £ + : , ' * */
// prettier-ignore
const OTHERS: readonly [Sign, ...Sign[]] = [
  { strokes: [S, [[0.55, -0.14], [0.5, 1.14]]],
    height: [0.7, 1.2], width: [0.35, 0.75], middle: [-0.1, 0.1] },
  { strokes: [S, [[0.42, -0.12], [0.36, 1.12]], [[0.66, -0.12], [0.6, 1.12]]],
    height: [0.7, 1.2], width: [0.35, 0.75], middle: [-0.1, 0.1] },
  { strokes: [[[1, 0.1], [0.75, 0], [0.4, 0.1], [0.2, 0.45], [0.35, 0.85], [0.7, 1], [1, 0.9]],
    [[0, 0.38], [0.8, 0.36]], [[0, 0.6], [0.75, 0.58]]],
    height: [0.7, 1.1], width: [0.5, 0.9], middle: [-0.1, 0.1] },
  { strokes: [[[0.9, 0.2], [0.7, 0], [0.45, 0.05], [0.35, 0.4], [0.3, 0.85], [0, 1], [0.5, 0.93], [1, 1]],
    [[0.1, 0.5], [0.75, 0.48]]],
    height: [0.8, 1.1], width: [0.5, 0.9], middle: [-0.1, 0.1] },
  { strokes: [[[0.5, 0], [0.5, 1]], [[0, 0.5], [1, 0.5]]],
    height: [0.35, 0.65], width: [0.35, 0.7], middle: [-0.1, 0.2] },
  { strokes: [[[0.5, 0], [0.5, 0.06]], [[0.5, 0.94], [0.5, 1]]],
    height: [0.3, 0.6], width: [0.02, 0.12], middle: [-0.05, 0.2] },
  { strokes: [[[0.8, 0], [0.9, 0.4], [0, 1]]],
    height: [0.15, 0.4], width: [0.08, 0.25], middle: [0.4, 0.6] },
  { strokes: [[[0.7, 0], [0.3, 1]]],
    height: [0.15, 0.4], width: [0.05, 0.2], middle: [-0.65, -0.35] },
  { strokes: [[[0.5, 0], [0.5, 1]], [[0.05, 0.25], [0.95, 0.75]], [[0.95, 0.25], [0.05, 0.75]]],
    height: [0.25, 0.6], width: [0.25, 0.6], middle: [-0.3, 0.2] },
];

/** How far points of strokes are from where they are usually, and how signs lean. */
const WOBBLE = 0.03;
const LEAN: Range = [-0.12, 0.3];

/** Writes a round bracket from `x` on. @returns the box of its ink */
export function drawBracket(
  canvas: Canvas,
  isOpen: boolean,
  place: SignPlace,
  ink: Ink,
  random: Random,
): InkBox {
  return drawSign(canvas, isOpen ? OPEN : CLOSED, place, ink, random);
}

/** Writes one of the other signs from `x` on. @returns the box of its ink */
export function drawOtherSign(canvas: Canvas, place: SignPlace, ink: Ink, random: Random): InkBox {
  return drawSign(canvas, pick(random, OTHERS), place, ink, random);
}

function drawSign(
  canvas: Canvas,
  sign: Sign,
  { x, y, height, halfWidth }: SignPlace,
  ink: Ink,
  random: Random,
): InkBox {
  const [tall, wide] = [height * within(random, sign.height), height * within(random, sign.width)];
  const top = y + height * within(random, sign.middle) - tall / 2;
  const lean = between(random, ...LEAN) * tall;
  let [left, right, upper, lower] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const stroke of sign.strokes) {
    const points = stroke.map(([u, v]): [number, number] => [
      x + wide * (u + WOBBLE * normal(random)) + lean * (1 - v) + Math.max(0, -lean),
      top + tall * (v + WOBBLE * normal(random)),
    ]);
    points.slice(1).forEach(([toX, toY], i) => {
      const [fromX, fromY] = points[i] ?? [toX, toY];
      drawLine(canvas, [fromX, fromY, toX, toY], halfWidth, ink);
    });
    for (const [atX, atY] of points) {
      left = Math.min(left, atX - halfWidth);
      right = Math.max(right, atX + halfWidth);
      upper = Math.min(upper, atY - halfWidth);
      lower = Math.max(lower, atY + halfWidth);
    }
  }
  return { left, top: upper, right, bottom: lower };
}
