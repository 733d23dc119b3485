import type { LabelledFrames } from '../data/labelled-frames.js';
import type { FrameBatch } from '../image/frame.js';
import { OVERVIEW_SIDE, VIEW_SIDE } from '../image/view/sizes.js';
import { FINDER_OUTPUTS } from '../model/contract.js';
import { randomStream } from '../random-streams.js';
import type { ScenePainter } from '../scenes/painter.js';

/** Overviews, and what a finder is to give for each. */
export interface Overviews {
  readonly count: number;
  /** `[count, OVERVIEW_SIDE, OVERVIEW_SIDE]` */
  readonly pixels: Uint8Array;
  /** `[count, FINDER_OUTPUTS]` */
  readonly targets: Float32Array;
  readonly weights: Float32Array;
}

/** What made pictures are for; those for one use are always the same, of the same painter. */
type Use = 'chosenByScenes' | 'calibrationScenes';

/** Views to choose epochs by, labelled 0-9 or 10: the same ones from the same painter. */
export function viewsToChooseBy(painter: ScenePainter, count: number): LabelledFrames {
  return drawViews(painter, count, 'chosenByScenes');
}

/** Views to measure ranges of activations on: others than those to choose by. */
export function viewsToCalibrateOn(painter: ScenePainter, count: number): FrameBatch {
  return drawViews(painter, count, 'calibrationScenes').frames;
}

function drawViews(painter: ScenePainter, count: number, use: Use): LabelledFrames {
  const size = VIEW_SIDE ** 2;
  const pixels = new Uint8Array(count * size);
  const labels = Uint8Array.from({ length: count }, (_, i) =>
    painter.drawView(randomStream(use, i), pixels.subarray(i * size, (i + 1) * size)),
  );
  return { frames: { count, pixels, side: VIEW_SIDE }, labels };
}

/** Overviews to choose epochs by: the same ones from the same painter. */
export function overviewsToChooseBy(painter: ScenePainter, count: number): Overviews {
  return drawOverviews(painter, count, 'chosenByScenes');
}

/** Overviews to measure ranges of activations on: others than those to choose by. */
export function overviewsToCalibrateOn(painter: ScenePainter, count: number): FrameBatch {
  return framesOf(drawOverviews(painter, count, 'calibrationScenes'));
}

/** The pictures alone, of a side of `OVERVIEW_SIDE`. */
function framesOf({ count, pixels }: Overviews): FrameBatch {
  return { count, pixels, side: OVERVIEW_SIDE };
}

function drawOverviews(painter: ScenePainter, count: number, use: Use): Overviews {
  const size = OVERVIEW_SIDE ** 2;
  const pixels = new Uint8Array(count * size);
  const targets = new Float32Array(count * FINDER_OUTPUTS);
  const weights = new Float32Array(count * FINDER_OUTPUTS);
  const own = (all: Float32Array, i: number): Float32Array =>
    all.subarray(i * FINDER_OUTPUTS, (i + 1) * FINDER_OUTPUTS);
  for (let i = 0; i < count; i++) {
    const levels = pixels.subarray(i * size, (i + 1) * size);
    painter.drawOverview(randomStream(use, i), levels, own(targets, i), own(weights, i));
  }
  return { count, pixels, targets, weights };
}
