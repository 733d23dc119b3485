import { FRAME_PIXELS, FRAME_SIDE } from '../../image/frame.js';
import type { Plane } from './float-plane.js';

/** Along the rows' index (`down`) or the columns' (`across`). */
export type Axis = 'down' | 'across';

/**
 * What lies outside the picture, as SciPy names it: `nearest` the border's pixel, `reflect` the picture mirrored at
 * its edge (d c b a | a b c d; here only once, as no filter reaches further than that), `constant` background.
 */
export type Edge = 'nearest' | 'reflect' | 'constant';

/** SciPy cuts a Gaussian off after this number of standard deviations. */
const TRUNCATE = 4;

/** Weights of a Gaussian at 0, 1, 2 … pixels from its middle; all of them, both sides counted, add up to 1. */
export function gaussianWeights(sigma: number): readonly number[] {
  const radius = Math.floor(TRUNCATE * sigma + 0.5);
  const weights = Array.from({ length: radius + 1 }, (_, x) => Math.exp((-x * x) / (2 * sigma * sigma)));
  const sum = weights.reduce((total, weight, x) => total + (x === 0 ? weight : 2 * weight), 0);
  return weights.map((weight) => weight / sum);
}

/** `scipy.ndimage.gaussian_filter` over both axes. @param sigma in pixels */
export function gaussianFilter(plane: Plane, sigma: number, edge: Edge): Plane {
  const weights = gaussianWeights(sigma);
  return correlateEven(correlateEven(plane, 'down', weights, edge), 'across', weights, edge);
}

/**
 * `scipy.ndimage.correlate1d` with weights that are the same on both sides. Pixels at the same distance are added
 * up before they are weighed, as SciPy does: a mirrored picture then gives the mirrored result to the last bit,
 * which is what the edge detector compares.
 * @param weights at 0, 1, 2 … pixels from the middle
 */
export function correlateEven(plane: Plane, axis: Axis, weights: readonly number[], edge: Edge): Plane {
  const reach = weights.length - 1;
  return alongLines(plane, axis, reach, edge, (line, place) => {
    let sum = line[place]! * weights[0]!;
    for (let x = reach; x > 0; x--) sum += (line[place - x]! + line[place + x]!) * weights[x]!;
    return sum;
  });
}

/** `scipy.ndimage.sobel`: how fast the picture grows lighter along an axis, times 8. */
export function sobel(plane: Plane, axis: Axis): Plane {
  const steps = alongLines(plane, axis, 1, 'reflect', (line, place) => line[place + 1]! - line[place - 1]!);
  return correlateEven(steps, axis === 'down' ? 'across' : 'down', [2, 1], 'reflect');
}

/**
 * Works out each pixel from those of its line along `axis`.
 * @param pixel is given the line with `reach` more pixels at either end, and the place in it
 */
function alongLines(
  plane: Plane,
  axis: Axis,
  reach: number,
  edge: Edge,
  pixel: (line: Float64Array, place: number) => number,
): Plane {
  const [step, nextLine] = axis === 'down' ? [FRAME_SIDE, 1] : [1, FRAME_SIDE];
  const sources = Array.from({ length: FRAME_SIDE + 2 * reach }, (_, i) => sourceOf(i - reach, edge));
  const line = new Float64Array(sources.length);
  const result = new Float64Array(FRAME_PIXELS);
  for (let start = 0; start < FRAME_SIDE * nextLine; start += nextLine) {
    for (let i = 0; i < line.length; i++) {
      const source = sources[i]!;
      line[i] = source === null ? 0 : plane[start + source * step]!;
    }
    for (let i = 0; i < FRAME_SIDE; i++) result[start + i * step] = pixel(line, i + reach);
  }
  return result;
}

/** Which pixel of a line stands at `place`, inside or outside the picture; `null` for background. */
function sourceOf(place: number, edge: Edge): number | null {
  if (place >= 0 && place < FRAME_SIDE) return place;
  if (edge === 'constant') return null;
  if (edge === 'nearest') return place < 0 ? 0 : FRAME_SIDE - 1;
  return place < 0 ? -1 - place : 2 * FRAME_SIDE - 1 - place;
}
