import type { FloatPlane } from '../plane.js';
import { zeros } from './zeros.js';

/** Side of the neighbourhood that a point is compared with, as a share of the picture's. */
const NEIGHBOURHOOD = 0.5;

/**
 * Whether a picture is dark ink on a light ground. Two signs, in the same measure: ink is the smaller part of what lies
 * around it, so the differences from the local mean are skewed towards the ink; and the border of a picture shows its
 * ground. Uneven light changes the local mean with it. Inverting the picture inverts the answer; without any
 * contrast it is `false`.
 */
export function isDarkOnLight({ width, height, data }: FloatPlane): boolean {
  const reach = Math.ceil((Math.max(width, height) * NEIGHBOURHOOD) / 2);
  const stride = width + 1;
  const sums = summedArea({ width, height, data });
  let squares = 0;
  let cubes = 0;
  let border = 0;
  for (let y = 0, i = 0; y < height; y++) {
    // The mean over a square around each point, as much of it as lies within the picture.
    const top = Math.max(0, y - reach);
    const bottom = Math.min(height, y + reach + 1);
    const above = top * stride;
    const below = bottom * stride;
    const isEdge = y === 0 || y === height - 1;
    for (let x = 0; x < width; x++, i++) {
      const left = Math.max(0, x - reach);
      const right = Math.min(width, x + reach + 1);
      const sum = sums[below + right]! - sums[above + right]! - sums[below + left]! + sums[above + left]!;
      const difference = data[i]! - sum / ((bottom - top) * (right - left));
      squares += difference * difference;
      cubes += difference * difference * difference;
      if (isEdge || x === 0 || x === width - 1) border += difference;
    }
  }
  const deviation = Math.sqrt(squares / data.length);
  if (deviation < 1e-3) return false;
  const skewness = cubes / data.length / deviation ** 3;
  const borderCount = data.length - Math.max(0, width - 2) * Math.max(0, height - 2);
  return border / borderCount / deviation - skewness > 0;
}

/**
 * At (y, x) the sum over all rows above y and columns before x: https://en.wikipedia.org/wiki/Summed-area_table.
 * @returns `[height + 1, width + 1]`
 */
function summedArea({ width, height, data }: FloatPlane): Float64Array {
  const stride = width + 1;
  const sums = zeros(Float64Array, stride * (height + 1));
  for (let y = 0, i = 0; y < height; y++) {
    let row = 0;
    for (let x = 0, at = (y + 1) * stride + 1; x < width; x++, i++, at++) {
      row += data[i]!;
      sums[at] = sums[at - stride]! + row;
    }
  }
  return sums;
}
