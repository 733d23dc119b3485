import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type { Raster } from '../../../src/image/raster.js';
import { FINDER, FINDER_PLANE } from '../../../src/image/view/finder-cells.js';
import { VIEW_SIDE } from '../../../src/image/view/sizes.js';
import {
  CLASS_COUNT,
  MODEL_INPUT,
  MODEL_OUTPUT,
  NO_DIGIT,
  THRESHOLD_KEY,
} from '../../../src/model/contract.js';
import { cardPath, pictureModelPaths } from '../../../src/model/model-paths.js';
import { Graph } from '../../../src/onnx/graph.js';
import * as ops from '../../../src/onnx/ops.js';
import { conv } from '../../../src/onnx/picture-ops.js';
import { fakeCard } from './fake-classifier.js';

/** A finder that sees a digit of usual size (32 pixels of the overview) in the middle of every cell that is bright. */
export function tinyFinder(): Uint8Array {
  const { side, planes, cellSide } = FINDER;
  const graph = new Graph('finder');
  const image = graph.input(MODEL_INPUT, ['N', 1, side, side]);
  const weights = new Float32Array(planes * cellSide ** 2);
  const ofPlane = FINDER_PLANE.theDigit * cellSide ** 2;
  weights.fill(80 / cellSide ** 2, ofPlane, ofPlane + cellSide ** 2);
  const bias = Float32Array.from({ length: planes }, (_, plane) =>
    plane === FINDER_PLANE.theDigit ? -80 * 0.6 : 0,
  );
  const cells = conv(image, graph.constant('weights', [planes, 1, cellSide, cellSide], weights), {
    bias: graph.constant('bias', [planes], bias),
    stride: cellSide,
  });
  graph.output(MODEL_OUTPUT, ops.flatten(cells));
  return graph.toModel();
}

/**
 * A reader that takes the brightest tenth of the view, from the top, for the digit, and for no digit what is bright
 * both in the
 * fifth and in the sixth.
 */
export function tinyReader(threshold = 0.5, side = VIEW_SIDE): Uint8Array {
  const outputs = CLASS_COUNT + 1;
  const graph = new Graph('reader');
  const image = graph.input(MODEL_INPUT, ['N', 1, side, side]);
  const weights = new Float32Array(side ** 2 * outputs);
  const bands = Array.from({ length: side }, (_, row) => Math.floor((row * 10) / side));
  for (let pixel = 0; pixel < side ** 2; pixel++) {
    const band = bands[Math.floor(pixel / side)] ?? 0;
    const rows = bands.filter((other) => other === band).length;
    weights[pixel * outputs + band] = 60 / (rows * side);
    if (band === 4 || band === 5) weights[pixel * outputs + NO_DIGIT] = (120 * 10) / side ** 2;
  }
  const bias = Float32Array.from({ length: outputs }, (_, output) => (output === NO_DIGIT ? -84 : 0));
  const dense = ops.gemm(ops.flatten(image), graph.constant('weights', [side ** 2, outputs], weights), {
    bias: graph.constant('bias', [outputs], bias),
  });
  graph.output(MODEL_OUTPUT, dense);
  return graph.toModel('', { [THRESHOLD_KEY]: String(threshold) });
}

/** Writes both beside a model, with cards. */
export function writeTinyPictureModels(modelPath: string): void {
  const { finder, reader } = pictureModelPaths(modelPath);
  for (const [path, bytes] of [
    [finder, tinyFinder()],
    [reader, tinyReader()],
  ] as const) {
    writeFileSync(path, bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    writeFileSync(cardPath(path), JSON.stringify(fakeCard({ bytes: bytes.length, sha256 })));
  }
}

/** What the tiny models see in a cell: `4`, `5`, or (`both`) no digit. */
export type Mark = 'upper' | 'lower' | 'both';

/**
 * A picture of six by six cells of `cell x cell` pixels, dark, with bright marks in the middle of some of its cells.
 * @param marks of cells `[row, column]`
 */
export function markedPicture(cell: number, marks: readonly (readonly [number, number, Mark])[]): Raster {
  const side = FINDER.cells * cell;
  const data = new Uint8Array(side * side).fill(20);
  for (const [row, column, mark] of marks) {
    const top = row * cell + (mark === 'lower' ? cell / 2 : 0);
    const bottom = (row + 1) * cell - (mark === 'upper' ? cell / 2 : 0);
    for (let y = top; y < bottom; y++)
      data.fill(220, y * side + column * cell, y * side + (column + 1) * cell);
  }
  return { width: side, height: side, channels: 1, data };
}
