import type { LabelledFrames } from '../../data/labelled-frames.js';
import type { Overviews } from '../../evaluation/measure-finder.js';
import type { FrameBatch } from '../../image/frame.js';
import { OVERVIEW_SIDE } from '../../image/view/sizes.js';
import { FINDER_OUTPUTS } from '../../model/contract.js';
import { randomStream } from '../../random-streams.js';
import { SHOWN_SIDES } from '../../network/network.js';
import type { ReaderShown, ScenePainter } from '../../scenes/painter.js';

/** What made pictures are for; those for one use are always the same, of the same painter. */
type Use = 'chosenByScenes' | 'calibrationScenes';

/** What a reader is shown to choose its epochs by, labelled 0-9 or 10: the same from the same painter. */
export function scenesToChooseBy(painter: ScenePainter, shown: ReaderShown, count: number): LabelledFrames {
  return drawToRead(painter, shown, count, 'chosenByScenes');
}

/** What a reader is shown to measure ranges of activations on: others than those to choose by. */
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
