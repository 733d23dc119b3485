import type { LabelledFrames } from '../../data/labelled-frames.js';
import type { GridPictures } from '../../evaluation/measure-grid.js';
import type { FrameBatch } from '../../image/frame.js';
import { outputCount } from '../../image/view/cell-grid.js';
import { GRIDS, type GridShown } from '../../model/contract.js';
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

/** Pictures to choose epochs of a network by that answers in cells: the same ones from the same painter. */
export function gridPicturesToChooseBy(painter: ScenePainter, shown: GridShown, count: number): GridPictures {
  return drawToFind(painter, shown, count, 'chosenByScenes');
}

/** Such pictures to measure ranges of activations on: others than those to choose by. */
export function gridPicturesToCalibrateOn(
  painter: ScenePainter,
  shown: GridShown,
  count: number,
): FrameBatch {
  const { pixels, grid } = drawToFind(painter, shown, count, 'calibrationScenes');
  return { count, pixels, side: grid.side };
}

function drawToFind(painter: ScenePainter, shown: GridShown, count: number, use: Use): GridPictures {
  const grid = GRIDS[shown];
  const [size, outputs] = [grid.side ** 2, outputCount(grid)];
  const pixels = new Uint8Array(count * size);
  const targets = new Float32Array(count * outputs);
  const weights = new Float32Array(count * outputs);
  const own = (all: Float32Array, i: number): Float32Array => all.subarray(i * outputs, (i + 1) * outputs);
  for (let i = 0; i < count; i++) {
    const levels = pixels.subarray(i * size, (i + 1) * size);
    painter.drawToFind(shown, randomStream(use, i), {
      levels,
      targets: own(targets, i),
      weights: own(weights, i),
    });
  }
  return { grid, count, pixels, targets, weights };
}
