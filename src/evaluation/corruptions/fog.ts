import { FRAME_SIDE, type Frame } from '../../image/frame.js';
import type { Random } from '../../random.js';
import { toLevels, toPlane } from './float-plane.js';

/** Severity 5: how much fog, and how fast its detail fades from one step to the next of half the size. */
const FOG = { amount: 3, decay: 1.4 };

/** Side of the map that the fog is cut from. The whole of it is drawn, as its extremes are what 0 and 1 stand for. */
const MAP_SIDE = 256;

/** Uneven light, to begin with. */
const FIRST_WIBBLE = 100;

/** `fog`: clouds over the picture, and less contrast the more of them. A blank frame stays blank. */
export function fog(frame: Frame, random: Random): Frame {
  const plane = toPlane(frame);
  const brightest = plane.reduce((most, ink) => Math.max(most, ink), 0);
  const map = plasmaFractal(MAP_SIDE, FOG.decay, random);
  const contrast = brightest / (brightest + FOG.amount);
  return toLevels(
    plane.map((ink, i) => {
      const cloud = map[Math.floor(i / FRAME_SIDE) * MAP_SIDE + (i % FRAME_SIDE)]!;
      return (ink + FOG.amount * cloud) * contrast;
    }),
  );
}

/**
 * Clouds that repeat at their edges, by the diamond-square algorithm (Fournier, Fussell and Carpenter, 1982), as the
 * reference has it: a point is the mean of four, and up to the square of `wibble` more or less.
 * @param side a power of two
 * @param decay what `wibble` is divided by at each halving
 * @returns `[side, side]`, the lowest 0 and the highest 1
 */
export function plasmaFractal(side: number, decay: number, random: Random): Float64Array {
  const map = new Float64Array(side * side);
  const wrap = side - 1;
  let wibble = FIRST_WIBBLE;
  /** Sets the points `step` apart, the first at (row, column), to the mean of four around them. */
  const fill = (row: number, column: number, step: number, onDiagonals: boolean): void => {
    const half = step / 2;
    const spread = wibble * wibble;
    for (let r = row; r < side; r += step) {
      const here = r * side;
      const above = ((r - half) & wrap) * side;
      const below = ((r + half) & wrap) * side;
      for (let c = column; c < side; c += step) {
        const left = (c - half) & wrap;
        const right = (c + half) & wrap;
        const sum = onDiagonals
          ? map[above + left]! + map[above + right]! + map[below + left]! + map[below + right]!
          : map[above + c]! + map[below + c]! + map[here + left]! + map[here + right]!;
        map[here + c] = sum / 4 + spread * (2 * random() - 1);
      }
    }
  };
  for (let step = side; step >= 2; step /= 2, wibble /= decay) {
    const half = step / 2;
    fill(half, half, step, true);
    fill(0, half, step, false);
    fill(half, 0, step, false);
  }
  return normalized(map);
}

function normalized(map: Float64Array): Float64Array {
  let [low, high] = [Infinity, -Infinity];
  for (const height of map) {
    if (height < low) low = height;
    if (height > high) high = height;
  }
  for (let i = 0; i < map.length; i++) map[i] = (map[i]! - low) / (high - low);
  return map;
}
