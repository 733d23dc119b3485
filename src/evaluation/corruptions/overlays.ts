import { FRAME_PIXELS, FRAME_SIDE, type Frame } from '../../image/frame.js';
import { normal, wholeBetween, type Random } from '../../random.js';
import { gaussianFilter } from './filters.js';
import { toLevels, toPlane, type Plane } from './float-plane.js';

/** Severity 5. */
const BRIGHTNESS = 0.5;

/** Columns at either side that a stripe inverts. */
const STRIPE_COLUMNS = 7;

/**
 * Severity 4, mud: the noise that drops are cut from (mean, deviation, blur in pixels), what of it is a drop, the
 * blur of the drops, and how dense a drop has to be to be seen.
 */
const SPATTER = { mean: 0.65, deviation: 0.3, blur: 1, threshold: 0.65, dropBlur: 1.5, density: 0.8 };
const MUD_INK = 63 / 255;

/** How far from its middle a line is seen, in pixels. */
const LINE_REACH = 2.3;

/** Where a zigzag begins and ends, how long half of one zig is and how far it goes to the side, in pixels. */
const ZIGZAG = { from: 2, to: 25, length: 2, width: 2 };

/** `brightness`: all lighter. Of a grey picture the reference's way by HSV is this sum. */
export function brightness(frame: Frame): Frame {
  return toLevels(toPlane(frame).map((ink) => ink + BRIGHTNESS));
}

/** `stripe`: the columns at the left and the right are inverted. */
export function stripe(frame: Frame): Frame {
  return frame.map((level, i) => {
    const column = i % FRAME_SIDE;
    const inverted = column < STRIPE_COLUMNS || column >= FRAME_SIDE - STRIPE_COLUMNS;
    return inverted ? 255 - level : level;
  });
}

/** `spatter`: drops of mud, dark grey, that cover what lies under them. */
export function spatter(frame: Frame, random: Random): Frame {
  const noise = new Float64Array(FRAME_PIXELS).map(() => SPATTER.mean + SPATTER.deviation * normal(random));
  const liquid = gaussianFilter(noise, SPATTER.blur, 'nearest');
  const drops = liquid.map((level) => (level > SPATTER.threshold ? 1 : 0));
  const cover = gaussianFilter(drops, SPATTER.dropBlur, 'nearest').map((density) =>
    density < SPATTER.density ? 0 : density,
  );
  return toLevels(toPlane(frame).map((ink, i) => ink * (1 - cover[i]!) + MUD_INK * cover[i]!));
}

/** Where a line starts or ends: the reference never draws the last row, as its random numbers leave their end out. */
function rowOf(random: Random): number {
  return wholeBetween(random, 0, FRAME_SIDE - 2);
}

/** `dotted_line`: a line from the left to the right, two columns of it there, two not. */
export function dottedLine(frame: Frame, random: Random): Frame {
  const from = rowOf(random);
  const to = rowOf(random);
  const line = lineOf({ x: 0, y: from }, { x: FRAME_SIDE - 1, y: to });
  return toLevels(
    toPlane(frame).map((ink, i) => ink + (Math.floor((i % FRAME_SIDE) / 2) % 2 === 0 ? 0 : line[i]!)),
  );
}

/** `zigzag`: a zigzag from the left to the right, one straight piece after the other. */
export function zigzag(frame: Frame, random: Random): Frame {
  const from = rowOf(random);
  const points = zigzagPoints(from, from + wholeBetween(random, -5, 4));
  const plane = toPlane(frame);
  for (const [i, point] of points.slice(1).entries()) {
    const piece = lineOf(points[i] ?? point, point);
    for (let pixel = 0; pixel < FRAME_PIXELS; pixel++) {
      plane[pixel] = Math.min(1, plane[pixel]! + piece[pixel]!);
    }
  }
  return toLevels(plane);
}

export interface Point {
  /** The column. */
  readonly x: number;
  /** The row. */
  readonly y: number;
}

/** The corners of a zigzag along the line from row `from` to row `to`. */
function zigzagPoints(from: number, to: number): Point[] {
  const { length, width } = ZIGZAG;
  const across = ZIGZAG.to - ZIGZAG.from;
  const angle = Math.atan((to - from) / across);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const distance = across / cos;
  const corners = Math.floor((distance - length) / (2 * length)) + 1;
  const along = [{ x: 0, y: 0 }];
  for (let i = 0; i < corners; i++) along.push({ x: (2 * i + 1) * length, y: i % 2 === 0 ? width : -width });
  const lastSide = corners % 2 === 1 ? width : -width;
  const whole = 2 * length * Math.floor(distance / (2 * length));
  if (distance !== whole) along.push({ x: distance, y: lastSide / (2 * (distance - whole)) });
  return along.map(({ x, y }) => ({ x: ZIGZAG.from + cos * x - sin * y, y: from + sin * x + cos * y }));
}

/**
 * A soft line between two points, the first left of the second: at d pixels above or below its middle
 * 1 + ln(1 - d / 2.3), or nothing where that is less. It is measured down the column, so that steep lines are thin,
 * and drawn in the columns from the first point's, rounded down, to before the second's, rounded up.
 */
export function lineOf(from: Point, to: Point): Plane {
  const line = new Float64Array(FRAME_PIXELS);
  const slope = (to.y - from.y) / (to.x - from.x);
  const end = Math.min(FRAME_SIDE, Math.ceil(to.x));
  for (let column = Math.max(0, Math.floor(from.x)); column < end; column++) {
    const middle = from.y + slope * (column - from.x);
    for (let row = 0; row < FRAME_SIDE; row++) {
      const away = Math.abs(row - middle);
      if (away < LINE_REACH)
        line[row * FRAME_SIDE + column] = Math.max(0, 1 + Math.log(1 - away / LINE_REACH));
    }
  }
  return line;
}
