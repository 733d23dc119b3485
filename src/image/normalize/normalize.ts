import { FRAME_PIXELS, type Frame } from '../frame.js';
import type { Work } from '../work.js';
import { coarsen } from './coarse.js';
import { labelComponents, type Labelled } from './components.js';
import { digitParts } from './digit-parts.js';
import { groundOf } from './ground.js';
import { inkLevels, inkOn, quantile, type InkLevels } from './ink.js';
import { placeDigit } from '../place.js';
import { around, cropToInk, invert, type Box, type Plane } from '../plane.js';
import { isDarkOnLight } from './polarity.js';
import { withoutRuledLines } from './ruled-lines.js';
import { matchStrokeWidth } from './stroke-width.js';
import { zeros } from './zeros.js';

/** Cells on the longer side that light and paper are looked at with: fine enough for the edge of a shadow. */
const COARSE_SIDE = 128;

/**
 * Finds the digit in a gray picture, whichever way it was drawn or photographed, and makes of it a frame as MNIST's
 * are. A picture without any ink gives an empty frame.
 */
export function* normalize(gray: Plane): Work<Frame> {
  const fromAfar = coarsen(gray, COARSE_SIDE);
  const isDark = isDarkOnLight(fromAfar);
  const picture = isDark ? gray : invert(gray);
  const ground = groundOf(isDark ? fromAfar : coarsen(picture, COARSE_SIDE));
  yield;
  const ink = inkOn(picture, ground);
  const levels = inkLevels(ink);
  if (!levels) return new Uint8Array(FRAME_PIXELS);
  yield;
  const all = yield* labelComponents(ink, levels.faint);
  const written = yield* withoutRuledLines(ink, levels.faint, all.components);
  yield;
  const labelled = written === ink ? all : yield* labelComponents(written, levels.faint);
  const parts = digitParts(labelled.components, written, levels.sure);
  yield;
  const digit = cutOut(written, labelled, parts, levels);
  yield;
  return digit ? placeDigit(matchStrokeWidth(digit)) : new Uint8Array(FRAME_PIXELS);
}

/** How many of a hundred inked pixels are not darker than full ink. */
const BELOW_FULL = 0.75;

/**
 * The parts of the digit alone, cropped to them, paper at 0 and full ink at 255. The soft edges around them, a
 * pixel wide beyond what counts as ink, belong to them.
 */
function cutOut(
  { width, height, data }: Plane,
  { components, runs }: Labelled,
  parts: readonly boolean[],
  { paper }: InkLevels,
): Plane | undefined {
  const [first, ...others] = components.filter((_, component) => parts[component]);
  if (!first) return undefined;
  const inked = others.reduce<Box>(around, first);
  const left = Math.max(0, inked.left - 1);
  const top = Math.max(0, inked.top - 1);
  const columns = Math.min(width, inked.right + 2) - left;
  const rows = Math.min(height, inked.bottom + 2) - top;
  const cut = zeros(Uint8Array, columns * rows);
  const histogram = zeros(Uint32Array, 256);
  let inkedCount = 0;
  for (let run = 0; run < runs.row.length; run++) {
    if (!parts[runs.component[run]!]) continue;
    const row = runs.row[run]!;
    const from = runs.from[run]!;
    const to = runs.to[run]!;
    inkedCount += to - from;
    for (let i = row * width + from; i < row * width + to; i++) histogram[data[i]!]!++;
    for (let y = Math.max(0, row - 1); y <= Math.min(height - 1, row + 1); y++) {
      const shift = (y - top) * columns - left - y * width;
      const end = y * width + Math.min(width, to + 1);
      for (let i = y * width + Math.max(0, from - 1); i < end; i++) cut[i + shift] = data[i]!;
    }
  }
  const full = quantile(histogram, Math.floor(BELOW_FULL * inkedCount) + 1);
  const stretched = stretch(paper, full);
  for (let i = 0; i < cut.length; i++) cut[i] = stretched[cut[i]!]!;
  return cropToInk({ width: columns, height: rows, data: cut });
}

/** What each level becomes when paper is to be 0 and full ink 255; where nothing is, nothing comes to be. */
function stretch(paper: number, full: number): Uint8Array {
  const factor = 255 / Math.max(1, full - paper);
  const stretched = zeros(Uint8Array, 256);
  for (let level = 1; level < 256; level++) {
    stretched[level] = Math.max(0, Math.min(255, Math.round((level - paper) * factor)));
  }
  return stretched;
}
