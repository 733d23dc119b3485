import { FRAME_PIXELS, type Frame } from '../frame.js';
import type { Work } from '../work.js';
import { coarsen } from './coarse.js';
import { labelComponents, type Labelled } from './components.js';
import { digitParts } from './digit-parts.js';
import { groundOf } from './ground.js';
import { inkLevels, inkOn, type InkLevels } from './ink.js';
import { placeDigit } from './place.js';
import { boxOf, crop, invert, type Plane } from './plane.js';
import { isDarkOnLight } from './polarity.js';
import { withoutRuledLines } from './ruled-lines.js';
import { matchStrokeWidth } from './stroke-width.js';

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
  const written = withoutRuledLines(ink, levels.faint);
  yield;
  const labelled = labelComponents(written, levels.faint);
  const parts = digitParts(labelled.components, written, levels.sure);
  yield;
  const digit = cutOut(written, labelled, parts, levels);
  return digit ? placeDigit(matchStrokeWidth(digit)) : new Uint8Array(FRAME_PIXELS);
}

/** How many of a hundred inked pixels are not darker than full ink. */
const BELOW_FULL = 0.75;

/**
 * The parts of the digit alone, cropped to them, paper at 0 and full ink at 255. The soft edges around them, a
 * pixel wide beyond what counts as ink, belong to them.
 */
function cutOut(
  ink: Plane,
  { runs }: Labelled,
  parts: readonly boolean[],
  { paper }: InkLevels,
): Plane | undefined {
  const { width, height, data } = ink;
  const cut = new Uint8Array(data.length);
  const levels: number[] = [];
  runs.component.forEach((component, run) => {
    if (!parts[component]) return;
    const row = runs.row[run]!;
    const from = Math.max(0, runs.from[run]! - 1);
    const to = Math.min(width, runs.to[run]! + 1);
    for (let i = row * width + runs.from[run]!; i < row * width + runs.to[run]!; i++) levels.push(data[i]!);
    for (let y = Math.max(0, row - 1); y <= Math.min(height - 1, row + 1); y++) {
      cut.set(data.subarray(y * width + from, y * width + to), y * width + from);
    }
  });
  if (levels.length === 0) return undefined;
  const full = Uint8Array.from(levels).toSorted()[Math.floor(BELOW_FULL * levels.length)] ?? 255;
  const stretch = 255 / Math.max(1, full - paper);
  for (let i = 0; i < cut.length; i++) {
    if (cut[i] !== 0) cut[i] = Math.max(0, Math.min(255, Math.round((cut[i]! - paper) * stretch)));
  }
  const stretched: Plane = { width, height, data: cut };
  const box = boxOf(stretched);
  return box && crop(stretched, box);
}
