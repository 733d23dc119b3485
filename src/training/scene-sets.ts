import type { LabelledFrames } from '../data/labelled-frames.js';
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

/** Views to choose epochs by, labelled 0-9 or 10: the same ones from the same painter. */
export function viewsToChooseBy(painter: ScenePainter, count: number): LabelledFrames {
  const size = VIEW_SIDE ** 2;
  const pixels = new Uint8Array(count * size);
  const labels = Uint8Array.from({ length: count }, (_, i) =>
    painter.drawView(randomStream('chosenByScenes', i), pixels.subarray(i * size, (i + 1) * size)),
  );
  return { frames: { count, pixels, side: VIEW_SIDE }, labels };
}

/** Overviews to choose epochs by: the same ones from the same painter. */
export function overviewsToChooseBy(painter: ScenePainter, count: number): Overviews {
  const size = OVERVIEW_SIDE ** 2;
  const pixels = new Uint8Array(count * size);
  const targets = new Float32Array(count * FINDER_OUTPUTS);
  const weights = new Float32Array(count * FINDER_OUTPUTS);
  const own = (all: Float32Array, i: number): Float32Array =>
    all.subarray(i * FINDER_OUTPUTS, (i + 1) * FINDER_OUTPUTS);
  for (let i = 0; i < count; i++) {
    const levels = pixels.subarray(i * size, (i + 1) * size);
    painter.drawOverview(randomStream('chosenByScenes', i), levels, own(targets, i), own(weights, i));
  }
  return { count, pixels, targets, weights };
}
