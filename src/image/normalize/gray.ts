import { luma } from '../luma.js';
import type { Raster } from '../raster.js';
import type { Work } from '../work.js';
import { cellMeans } from './cell-means.js';
import type { Plane } from './plane.js';

/**
 * A picture in shades of gray (luma), at most `maxSide` on its longer side: squares of `n x n` pixels become their
 * mean, n as small as will do. What is transparent is laid over a ground that leaves the ink visible.
 */
export function* toGray(raster: Raster, maxSide: number): Work<Plane> {
  const { width, height, channels, data } = raster;
  const factor = Math.ceil(Math.max(width, height) / maxSide);
  if (factor === 1 && channels === 1) return { width, height, data };
  const light = yield* reduce(raster, factor);
  if (channels === 1 || channels === 3) return light;
  const opacity = yield* reduceOpacity(raster, factor);
  return layOver(light, opacity, groundOf(light, opacity));
}

/** Means over squares of luma x opacity. */
function* reduce(raster: Raster, factor: number): Work<Plane> {
  const { channels, data } = raster;
  const hasAlpha = channels === 2 || channels === 4;
  const isGray = channels < 3;
  const alphaOffset = channels - 1;
  return yield* roundedMeans(raster, factor, (pixel) => {
    const offset = pixel * channels;
    const level = isGray ? data[offset]! : luma(data, offset);
    return hasAlpha ? (level * data[offset + alphaOffset]!) / 255 : level;
  });
}

function* reduceOpacity(raster: Raster, factor: number): Work<Plane> {
  const { channels, data } = raster;
  return yield* roundedMeans(raster, factor, (pixel) => data[pixel * channels + channels - 1]!);
}

function* roundedMeans(raster: Raster, factor: number, valueOf: (pixel: number) => number): Work<Plane> {
  const { columns, rows, means } = yield* cellMeans(raster, factor, valueOf);
  return { width: columns, height: rows, data: Uint8Array.from(means, Math.round) };
}

/**
 * The gray level behind the ink. A picture with an opaque border brings its ground along, and so does a sheet of which
 * only corners are transparent; otherwise what shows is the ink itself, and the level that contrasts with it is taken.
 */
function groundOf(light: Plane, opacity: Plane): number {
  const { width, height } = light;
  const border: number[] = [];
  for (let y = 0; y < height; y++) {
    const step = y === 0 || y === height - 1 ? 1 : Math.max(width - 1, 1);
    for (let x = 0; x < width; x += step) border.push(y * width + x);
  }
  const opaqueBorder = border.filter((i) => opacity.data[i]! > 127);
  const ownLevel = (i: number): number => Math.min(255, (light.data[i]! * 255) / opacity.data[i]!);
  if (2 * opaqueBorder.length > border.length) return median(opaqueBorder.map(ownLevel));
  let opaque = 0;
  let level = 0;
  for (let i = 0; i < light.data.length; i++) {
    opaque += opacity.data[i]!;
    level += light.data[i]!;
  }
  if (2 * opaque > 255 * light.data.length) {
    return median(
      Array.from(light.data.keys())
        .filter((i) => opacity.data[i]! > 127)
        .map(ownLevel),
    );
  }
  // Half of `level / opaque x 255` is the middle gray.
  return 2 * level < opaque ? 255 : 0;
}

function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).toSorted();
  return sorted[sorted.length >> 1] ?? 0;
}

function layOver(light: Plane, opacity: Plane, ground: number): Plane {
  const data = new Uint8Array(light.data.length);
  for (let i = 0; i < data.length; i++) {
    data[i] = Math.min(255, Math.round(light.data[i]! + ground * (1 - opacity.data[i]! / 255)));
  }
  return { width: light.width, height: light.height, data };
}
