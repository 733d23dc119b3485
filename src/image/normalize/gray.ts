import { medianOf } from '../../median.js';
import { luma } from './luma.js';
import type { Raster } from '../raster.js';
import type { Task } from '../task.js';
import { cellMeans } from './cell-means.js';
import { colourAxis, type ColourAxis } from './colour-axis.js';
import type { Plane } from '../plane.js';

/**
 * A picture in shades of gray (luma), at most `maxSide` on its longer side: squares of `n x n` pixels become their
 * mean, n as small as will do. Where luma tells little of what colours tell, gray follows those (`colour-axis.ts`).
 * What is
 * transparent is laid over a ground that leaves the ink visible.
 */
export function* toGray(raster: Raster, maxSide: number): Task<Plane> {
  const { width, height, channels, data } = raster;
  const factor = reductionOf(raster, maxSide);
  if (factor === 1 && channels === 1) return { width, height, data };
  const axis = colourAxis(raster);
  const light =
    factor === 1 && !axis
      ? lightOf(raster)
      : yield* reduce(raster, factor, axis ? readAlong(axis) : readLight);
  if (!hasAlpha(raster)) return light;
  const opacity = factor === 1 ? opacityOf(raster) : yield* reduce(raster, factor, readOpacity);
  return isOpaque(opacity) ? light : layOver(light, opacity, estimateBackground(light, opacity));
}

/** Pixels along the squares that become one, as `toGray` has it. */
export function reductionOf(
  { width, height }: { readonly width: number; readonly height: number },
  maxSide: number,
): number {
  return Math.ceil(Math.max(width, height) / maxSide);
}

function hasAlpha({ channels }: Raster): boolean {
  return channels === 2 || channels === 4;
}

function isOpaque({ data }: Plane): boolean {
  for (let i = 0; i < data.length; i++) if (data[i] !== 255) return false;
  return true;
}

/** Luma x opacity of each pixel, rounded. */
function lightOf(raster: Raster): Plane {
  const { width, height, channels, data } = raster;
  const light = new Uint8Array(width * height);
  if (channels === 3) {
    for (let i = 0; i < light.length; i++) light[i] = luma(data, 3 * i);
  } else if (channels === 4) {
    for (let i = 0; i < light.length; i++) light[i] = dim(luma(data, 4 * i), data[4 * i + 3]!);
  } else {
    for (let i = 0; i < light.length; i++) light[i] = dim(data[2 * i]!, data[2 * i + 1]!);
  }
  return { width, height, data: light };
}

function dim(level: number, opacity: number): number {
  return opacity === 255 ? level : Math.round((level * opacity) / 255);
}

function opacityOf({ width, height, channels, data }: Raster): Plane {
  const opacity = new Uint8Array(width * height);
  for (let i = 0, alpha = channels - 1; i < opacity.length; i++, alpha += channels) opacity[i] = data[alpha]!;
  return { width, height, data: opacity };
}

/** Means over squares, rounded. */
function* reduce(
  raster: Raster,
  factor: number,
  readRow: (raster: Raster, y: number, row: Float64Array) => void,
): Task<Plane> {
  const { columns, rows, means } = yield* cellMeans(raster, factor, (y, row) => readRow(raster, y, row));
  const data = new Uint8Array(means.length);
  for (let i = 0; i < data.length; i++) data[i] = Math.round(means[i]!);
  return { width: columns, height: rows, data };
}

/** Luma x opacity. */
function readLight({ width, channels, data }: Raster, y: number, light: Float64Array): void {
  const isGray = channels < 3;
  const isOpaquePicture = channels % 2 === 1;
  const alpha = channels - 1;
  for (let x = 0, pixel = y * width * channels; x < width; x++, pixel += channels) {
    const level = isGray ? data[pixel]! : luma(data, pixel);
    const opacity = isOpaquePicture ? 255 : data[pixel + alpha]!;
    light[x] = opacity === 255 ? level : (level * opacity) / 255;
  }
}

/** Level along an axis x opacity. */
function readAlong({
  weights,
  offset,
}: ColourAxis): (raster: Raster, y: number, light: Float64Array) => void {
  const [red, green, blue] = weights;
  return ({ width, channels, data }, y, light) => {
    for (let x = 0, pixel = y * width * channels; x < width; x++, pixel += channels) {
      const level = offset + red * data[pixel]! + green * data[pixel + 1]! + blue * data[pixel + 2]!;
      const opacity = channels === 4 ? data[pixel + 3]! : 255;
      light[x] = (Math.max(0, Math.min(255, level)) * opacity) / 255;
    }
  };
}

function readOpacity({ width, channels, data }: Raster, y: number, opacity: Float64Array): void {
  for (let x = 0, alpha = (y * width + 1) * channels - 1; x < width; x++, alpha += channels)
    opacity[x] = data[alpha]!;
}

/**
 * The gray level behind the ink. A picture with an opaque border brings its ground along, and so does a sheet of which
 * only corners are transparent; otherwise what shows is the ink itself, and the level that contrasts with it is taken.
 */
function estimateBackground(light: Plane, opacity: Plane): number {
  const { width, height } = light;
  const border: number[] = [];
  for (let y = 0; y < height; y++) {
    const step = y === 0 || y === height - 1 ? 1 : Math.max(width - 1, 1);
    for (let x = 0; x < width; x += step) border.push(y * width + x);
  }
  const opaqueBorder = border.filter((i) => opacity.data[i]! > 127);
  const ownLevel = (i: number): number => Math.min(255, (light.data[i]! * 255) / opacity.data[i]!);
  if (2 * opaqueBorder.length > border.length) return medianOf(opaqueBorder.map(ownLevel)) ?? 0;
  let opaque = 0;
  let level = 0;
  for (let i = 0; i < light.data.length; i++) {
    opaque += opacity.data[i]!;
    level += light.data[i]!;
  }
  if (2 * opaque > 255 * light.data.length) {
    const levels = new Float64Array(light.data.length);
    let count = 0;
    for (let i = 0; i < levels.length; i++) if (opacity.data[i]! > 127) levels[count++] = ownLevel(i);
    return medianOf(levels.subarray(0, count)) ?? 0;
  }
  // Half of `level / opaque x 255` is the middle gray.
  return 2 * level < opaque ? 255 : 0;
}

function layOver(light: Plane, opacity: Plane, ground: number): Plane {
  const data = new Uint8Array(light.data.length);
  for (let i = 0; i < data.length; i++) {
    data[i] = Math.min(255, Math.round(light.data[i]! + ground * (1 - opacity.data[i]! / 255)));
  }
  return { width: light.width, height: light.height, data };
}
