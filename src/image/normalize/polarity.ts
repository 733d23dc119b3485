import type { FloatPlane } from './plane.js';

/** Side of the neighbourhood that a point is compared with, as a share of the picture's. */
const NEIGHBOURHOOD = 0.5;

/**
 * Whether a picture is dark ink on a light ground. Two signs, in the same measure: ink is the smaller part of what lies
 * around it, so the differences from the local mean are skewed towards the ink; and the border of a picture shows its
 * ground. Uneven light changes the local mean with it. Inverting the picture inverts the answer; without any
 * contrast it is `false`.
 */
export function isDarkOnLight(picture: FloatPlane): boolean {
  const { width, height, data } = picture;
  const means = localMeans(picture);
  let squares = 0;
  let cubes = 0;
  let border = 0;
  let borderCount = 0;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const difference = data[i]! - means[i]!;
      squares += difference * difference;
      cubes += difference * difference * difference;
      if (x === 0 || y === 0 || x === width - 1 || y === height - 1) {
        border += difference;
        borderCount++;
      }
    }
  }
  const deviation = Math.sqrt(squares / data.length);
  if (deviation < 1e-3) return false;
  const skewness = cubes / data.length / deviation ** 3;
  return border / borderCount / deviation - skewness > 0;
}

/** Of every point the mean over a square around it, as much of it as lies within the picture. */
function localMeans({ width, height, data }: FloatPlane): Float64Array {
  const reach = Math.ceil((Math.max(width, height) * NEIGHBOURHOOD) / 2);
  // https://en.wikipedia.org/wiki/Summed-area_table, with a row and a column of zeros before the first.
  const stride = width + 1;
  const sums = new Float64Array(stride * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += data[y * width + x]!;
      sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1]! + row;
    }
  }
  const means = new Float64Array(data.length);
  for (let y = 0, i = 0; y < height; y++) {
    const top = Math.max(0, y - reach);
    const bottom = Math.min(height, y + reach + 1);
    for (let x = 0; x < width; x++, i++) {
      const left = Math.max(0, x - reach);
      const right = Math.min(width, x + reach + 1);
      const sum =
        sums[bottom * stride + right]! -
        sums[top * stride + right]! -
        sums[bottom * stride + left]! +
        sums[top * stride + left]!;
      means[i] = sum / ((bottom - top) * (right - left));
    }
  }
  return means;
}
