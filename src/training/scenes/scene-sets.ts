import type { LabelledFrames } from '../../data/labelled-frames.js';
import type { Overviews } from '../../evaluation/measure-finder.js';
import type { FrameBatch } from '../../image/frame.js';
import { OVERVIEW_SIDE } from '../../image/view/sizes.js';
import { FINDER_OUTPUTS } from '../../model/contract.js';
import { randomStream } from '../../random-streams.js';
import { SHOWN_SIDES } from '../../network/network.js';
import type { ReaderShown, ScenePainter } from '../../scenes/painter.js';

/** The use of a set of scenes. The same painter gives the same set for the same use. */
type Use = 'chosenByScenes' | 'calibrationScenes';

/** Views that validate a reader, labelled 0-9 or 10: always the same from the same painter. */
export function scenesToChooseBy(painter: ScenePainter, shown: ReaderShown, count: number): LabelledFrames {
  return drawToRead(painter, shown, count, 'chosenByScenes');
}

/** Views to calibrate the ranges of activations on, other than those that validate. */
export function scenesToCalibrateOn(painter: ScenePainter, shown: ReaderShown, count: number): FrameBatch {
  return drawToRead(painter, shown, count, 'calibrationScenes').frames;
}

function drawToRead(painter: ScenePainter, shown: ReaderShown, count: number, use: Use): LabelledFrames {
  const side = SHOWN_SIDES[shown];
  const size = side ** 2;
  const pixels = new Uint8Array(count * size);
  const labels = Uint8Array.from({ length: count }, (_, i) =>
    painter.drawToRead(shown, randomStream(use, i), pixels.subarray(i * size, (i + 1) * size)),
  );
  return { frames: { count, pixels, side }, labels };
}

/** Overviews that validate a finder: always the same from the same painter. */
export function overviewsToChooseBy(painter: ScenePainter, count: number): Overviews {
  return drawOverviews(painter, count, 'chosenByScenes');
}

/** Overviews to calibrate the ranges of activations on, other than those that validate. */
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
