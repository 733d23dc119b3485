import { FRAME_PIXELS, FRAME_SIDE } from '../frame.js';
import type { Plane } from '../plane.js';

/** The longer side of MNIST's digits, in pixels. */
export const BOX_SIDE = 20;

/**
 * The point of the frame that the centre of mass of MNIST's digits lies at, to the nearest pixel: the middle of the
 * pixel (14, 14).
 */
export const CENTRE = 14;

/** Least level that the darkest pixel of a normalised digit has. */
const LEAST_PEAK = 200;
/** Most of a frame is paper. */
const LEAST_PAPER_SHARE = 0.5;
/** Half a pixel, and what rounding of levels moves a centre by. */
const CENTRE_TOLERANCE = 0.55;

/** Ink of each column and row of what `isFrame` looks at: memory of its own for each image took as long as the look. */
const columns = new Int32Array(FRAME_SIDE);
const rows = new Int32Array(FRAME_SIDE);

/**
 * Whether a plane is a frame as MNIST's are: 28 x 28, its ink 19 or 20 pixels on the longer side, full ink in it, at
 * least half of it empty, and its centre of mass in the middle to the nearest pixel or as near as the frame's edge
 * allows. All of MNIST's 60,000 training images are.
 */
export function isFrame({ width, height, data }: Plane): boolean {
  if (width !== FRAME_SIDE || height !== FRAME_SIDE) return false;
  // Ink of 20 pixels does not reach from corner to corner: this tells most pictures on light paper.
  if (data[0] !== 0 && data[FRAME_PIXELS - 1] !== 0) return false;
  columns.fill(0);
  let peak = 0;
  let inked = 0;
  // In one pass, as every image of a request goes through here; four pixels at a time, as most are empty.
  for (let y = 0, i = 0; y < FRAME_SIDE; y++) {
    let inRow = 0;
    for (let x = 0; x < FRAME_SIDE; x += 4, i += 4) {
      const a = data[i]!;
      const b = data[i + 1]!;
      const c = data[i + 2]!;
      const d = data[i + 3]!;
      if ((a | b | c | d) === 0) continue;
      columns[x]! += a;
      columns[x + 1]! += b;
      columns[x + 2]! += c;
      columns[x + 3]! += d;
      inRow += a + b + c + d;
      // -a is 0 where a is, and below it elsewhere, so that its sign counts it.
      inked += (-a >>> 31) + (-b >>> 31) + (-c >>> 31) + (-d >>> 31);
      if (a > peak) peak = a;
      if (b > peak) peak = b;
      if (c > peak) peak = c;
      if (d > peak) peak = d;
    }
    rows[y] = inRow;
  }
  if (peak < LEAST_PEAK || FRAME_PIXELS - inked < LEAST_PAPER_SHARE * FRAME_PIXELS) return false;
  const across = extentOf(columns);
  const down = extentOf(rows);
  const side = Math.max(across.last - across.first, down.last - down.first) + 1;
  return side <= BOX_SIDE && side >= BOX_SIDE - 1 && isCentred(across) && isCentred(down);
}

/** Where the ink lies along one axis. */
interface Extent {
  readonly first: number;
  readonly last: number;
  /** Its centre of mass. */
  readonly centre: number;
}

/** @param inkAt of each line across the axis, not all 0 */
function extentOf(inkAt: Int32Array): Extent {
  let first = -1;
  let last = -1;
  let mass = 0;
  let moment = 0;
  for (let at = 0; at < inkAt.length; at++) {
    const ink = inkAt[at]!;
    if (ink === 0) continue;
    if (first < 0) first = at;
    last = at;
    mass += ink;
    moment += ink * at;
  }
  return { first, last, centre: moment / mass };
}

function isCentred({ centre, first, last }: Extent): boolean {
  const off = centre - CENTRE;
  if (Math.abs(off) <= CENTRE_TOLERANCE) return true;
  return off > 0 ? first === 0 : last === FRAME_SIDE - 1;
}
