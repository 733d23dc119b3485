import { FRAME_PIXELS, FRAME_SIDE, type Frame } from '../frame.js';
import { luma } from './luma.js';
import type { Raster } from '../raster.js';
import type { Task } from '../task.js';

/**
 * Turns any picture into a frame as it is, whatever it shows. A gray picture of 28 x 28 passes as it is. Of any
 * other: gray by luma, transparency filled, a light background turned dark, and the whole picture fitted by area
 * averaging into 28 x 28, centred on black where it is not square.
 */
export function* letterbox(raster: Raster): Task<Frame> {
  if (raster.channels === 1 && raster.width === FRAME_SIDE && raster.height === FRAME_SIDE) {
    return raster.data;
  }
  const fitted = yield* fit(raster);
  return toInk(fitted, backgroundOf(raster, fitted));
}

/**
 * A picture fitted into the frame, transparency and polarity not yet decided: for each cell `[28, 28]`, summed over
 * the area of the picture that falls into it.
 */
interface Fitted {
  /** Luma x opacity. */
  readonly light: Float64Array;
  readonly opacity: Float64Array;
  /** What `opacity` would be if the picture were opaque. */
  readonly cover: Float64Array;
  /** `cover` of a cell that lies inside the picture. */
  readonly wholeCover: number;
}

/**
 * The picture lies centred in a square with its longer side, cut into 28 x 28 cells. All is counted in units of 1/28
 * of a source pixel: so counted every edge is an integer, and every sum exact as long as the side is below 370,000.
 */
function* fit(raster: Raster): Task<Fitted> {
  const { width, height } = raster;
  const side = Math.max(width, height);
  const columns = spans(width, side);
  const rows = spans(height, side);
  const transparent = hasAlpha(raster);
  const opaque = transparent ? 255 : 1;

  const light = new Float64Array(FRAME_PIXELS);
  const cover = new Float64Array(FRAME_PIXELS);
  const opacity = transparent ? new Float64Array(FRAME_PIXELS) : cover;
  const rowLight = new Uint16Array(width);
  const rowOpacity = new Uint16Array(width);
  for (const [cellRow, row] of rows.entries()) {
    const firstCell = cellRow * FRAME_SIDE;
    for (let y = row.first; y <= row.last; y++) {
      readRow(raster, y, rowLight, rowOpacity);
      const weight = weightOf(row, y);
      for (let cell = 0; cell < FRAME_SIDE; cell++) {
        light[firstCell + cell]! += weight * sumOver(rowLight, columns[cell]!);
        if (transparent) opacity[firstCell + cell]! += weight * sumOver(rowOpacity, columns[cell]!);
      }
    }
    columns.forEach((column, cell) => {
      cover[firstCell + cell] = row.length * column.length * opaque;
    });
    yield;
  }
  return { light, opacity, cover, wholeCover: side * side * opaque };
}

/** The source pixels `first … last` under a cell, along one axis; lengths in 1/28 pixel. */
interface Span {
  readonly first: number;
  readonly last: number;
  /** How much of the first and of the last pixel lies under the cell; of those between, all of it. */
  readonly firstLength: number;
  readonly lastLength: number;
  readonly length: number;
}

/** @returns for each of the 28 cells along an axis what it covers of `pixels` source pixels centred in `side`. */
function spans(pixels: number, side: number): readonly Span[] {
  const margin = ((side - pixels) * FRAME_SIDE) / 2;
  return Array.from({ length: FRAME_SIDE }, (_, cell) => {
    const from = Math.max(cell * side - margin, 0);
    const to = Math.min((cell + 1) * side - margin, pixels * FRAME_SIDE);
    if (to <= from) return { first: 0, last: -1, firstLength: 0, lastLength: 0, length: 0 };
    const first = Math.floor(from / FRAME_SIDE);
    const last = Math.ceil(to / FRAME_SIDE) - 1;
    return {
      first,
      last,
      firstLength: Math.min((first + 1) * FRAME_SIDE, to) - from,
      lastLength: to - Math.max(last * FRAME_SIDE, from),
      length: to - from,
    };
  });
}

function weightOf(span: Span, pixel: number): number {
  if (pixel === span.first) return span.firstLength;
  return pixel === span.last ? span.lastLength : FRAME_SIDE;
}

function sumOver(values: Uint16Array, { first, last, firstLength, lastLength }: Span): number {
  if (last < first) return 0;
  if (last === first) return values[first]! * firstLength;
  let between = 0;
  for (let i = first + 1; i < last; i++) between += values[i]!;
  return values[first]! * firstLength + between * FRAME_SIDE + values[last]! * lastLength;
}

function hasAlpha({ channels }: Raster): boolean {
  return channels === 2 || channels === 4;
}

/** Reads row `y`: luma x opacity (0-255) and opacity; of a picture without transparency the luma alone. */
function readRow(raster: Raster, y: number, light: Uint16Array, opacity: Uint16Array): void {
  const { width, channels, data } = raster;
  const start = y * width * channels;
  const isGray = channels < 3;
  for (let x = 0, pixel = start; x < width; x++, pixel += channels) {
    light[x] = isGray ? data[pixel]! : luma(data, pixel);
  }
  if (!hasAlpha(raster)) return;
  for (let x = 0, alpha = start + channels - 1; x < width; x++, alpha += channels) {
    opacity[x] = data[alpha]!;
    light[x]! *= opacity[x]!;
  }
}

/**
 * The gray level behind the ink. A picture with an opaque border brings its background along: the median of the
 * border. Where the border is transparent, what shows is the ink itself, and the level that contrasts with it is taken.
 */
function backgroundOf(raster: Raster, { light, opacity }: Fitted): number {
  const border = borderOf(raster);
  if (border.opacity >= 127.5) return border.luma;
  const inkLuma = sum(light) / sum(opacity);
  return inkLuma < 127.5 ? 255 : 0;
}

/** @returns the medians, 0-255, over the outermost pixels. */
function borderOf(raster: Raster): { readonly luma: number; readonly opacity: number } {
  const { width, height, channels, data } = raster;
  const lumas = new Uint32Array(256);
  const opacities = new Uint32Array(256);
  for (let y = 0; y < height; y++) {
    const step = y === 0 || y === height - 1 ? 1 : Math.max(width - 1, 1);
    for (let x = 0; x < width; x += step) {
      const pixel = (y * width + x) * channels;
      lumas[channels < 3 ? data[pixel]! : luma(data, pixel)]!++;
      opacities[hasAlpha(raster) ? data[pixel + channels - 1]! : 255]!++;
    }
  }
  return { luma: median(lumas), opacity: median(opacities) };
}

/** The median of a histogram; of an even count the mean of the two in the middle. */
function median(histogram: Uint32Array): number {
  const half = sum(histogram) / 2;
  let below = 0;
  const lower = histogram.findIndex((times) => (below += times) >= half);
  // Exactly half lie at `lower` or below: the other one of the middle is the next value that occurs.
  const upper = below > half ? lower : histogram.findIndex((times, value) => value > lower && times > 0);
  return (lower + upper) / 2;
}

function sum(values: Float64Array | Uint32Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** Fills what is transparent with the background, turns a light background dark; beyond the picture there is no ink. */
function toInk({ light, opacity, cover, wholeCover }: Fitted, background: number): Frame {
  const isLight = background > 127.5;
  const frame = new Uint8Array(FRAME_PIXELS);
  for (let cell = 0; cell < FRAME_PIXELS; cell++) {
    const filled = light[cell]! + background * (cover[cell]! - opacity[cell]!);
    const ink = isLight ? 255 * cover[cell]! - filled : filled;
    frame[cell] = Math.round(ink / wholeCover);
  }
  return frame;
}
