import type { Raster } from '../raster.js';

/** A level of gray that sees a difference in colour: `offset + red * r + green * g + blue * b`, 0-255. */
export interface ColourAxis {
  readonly weights: readonly [red: number, green: number, blue: number];
  readonly offset: number;
}

/** Pixels along the lattice that colours are looked at on. */
const SAMPLES = 64;

/** Red, green and blue are as good as equal up to here: a gray picture in colours. */
const LEAST_COLOUR = 24;

/** Of Rec. 601, as `luma` has them. */
const LUMA = [0.299, 0.587, 0.114] as const;

/** With a smaller share of all differences along luma, it does not show what the picture shows. */
const SEEN_IN_LUMA = 0.25;

/** Deviations of the picture's colours that gray levels reach to, on either side of their mean. */
const DEVIATIONS = 4;

/**
 * The axis along which the colours of a picture differ most, their first principal component, where luma sees little of
 * it: red ink on
 * green paper of the same brightness. @returns undefined where luma will do, as nearly always
 */
export function colourAxis({ width, height, channels, data }: Raster): ColourAxis | undefined {
  if (channels < 3) return undefined;
  const step = Math.max(1, Math.ceil(Math.max(width, height) / SAMPLES));
  const sums = [0, 0, 0];
  const products = [0, 0, 0, 0, 0, 0];
  let count = 0;
  let mostColour = 0;
  for (let y = step >> 1; y < height; y += step) {
    for (let x = step >> 1; x < width; x += step) {
      const at = (y * width + x) * channels;
      if (channels === 4 && data[at + 3]! < 128) continue;
      const [r, g, b] = [data[at]!, data[at + 1]!, data[at + 2]!];
      mostColour = Math.max(mostColour, Math.max(r, g, b) - Math.min(r, g, b));
      count++;
      sums[0]! += r;
      sums[1]! += g;
      sums[2]! += b;
      products[0]! += r * r;
      products[1]! += r * g;
      products[2]! += r * b;
      products[3]! += g * g;
      products[4]! += g * b;
      products[5]! += b * b;
    }
  }
  if (mostColour < LEAST_COLOUR || count < 2) return undefined;
  const mean = sums.map((sum) => sum / count);
  const at = (i: number, a: number, b: number): number => products[i]! / count - mean[a]! * mean[b]!;
  const [rr, rg, rb, gg, gb, bb] = [
    at(0, 0, 0),
    at(1, 0, 1),
    at(2, 0, 2),
    at(3, 1, 1),
    at(4, 1, 2),
    at(5, 2, 2),
  ];
  const covariance = [
    [rr, rg, rb],
    [rg, gg, gb],
    [rb, gb, bb],
  ] as const;
  const times = (v: readonly number[]): number[] => covariance.map((row) => dot(row, v));
  const axis = principalAxis(times);
  const variance = dot(axis, times(axis));
  const alongLuma = dot(LUMA, times(LUMA)) / dot(LUMA, LUMA);
  if (variance <= 0 || alongLuma >= SEEN_IN_LUMA * variance) return undefined;
  const scale = 127.5 / (DEVIATIONS * Math.sqrt(variance));
  // The same way up as luma, as far as there is one.
  const sign = dot(axis, LUMA) < 0 ? -scale : scale;
  const [red, green, blue] = axis.map((value) => value * sign);
  const weights = [red ?? 0, green ?? 0, blue ?? 0] as const;
  return { weights, offset: 127.5 - dot(weights, mean) };
}

/** By power iteration: https://en.wikipedia.org/wiki/Power_iteration. @returns a unit vector */
function principalAxis(times: (v: readonly number[]) => number[]): number[] {
  // On no axis that a covariance is likely to have, so that it is not orthogonal to the one that is sought.
  let axis = [0.62, -0.55, 0.56];
  for (let i = 0; i < 32; i++) {
    const next = times(axis);
    const length = Math.sqrt(dot(next, next));
    if (length === 0) return axis;
    axis = next.map((value) => value / length);
  }
  return axis;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return (a[0] ?? 0) * (b[0] ?? 0) + (a[1] ?? 0) * (b[1] ?? 0) + (a[2] ?? 0) * (b[2] ?? 0);
}
