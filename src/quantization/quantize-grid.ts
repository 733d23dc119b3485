import type { FrameBatch } from '../image/frame.js';
import type { BoundingBox } from '../image/view/bounding-box.js';
import {
  boxAt,
  cellCount,
  logitCount,
  outputCount,
  planeIndex,
  type CellGrid,
} from '../image/view/cell-grid.js';
import { FINDER, FINDER_PLANE } from '../image/view/finder-cells.js';
import { GRIDS, SHOWN_IN_WIDTHS, type PixelNetwork } from '../model/contract.js';
import {
  answersTo,
  measureGrid,
  openGridNetwork,
  type GridMetrics,
  type GridPictures,
} from '../evaluation/measure-grid.js';
import { exportIntegerModel } from './graphs.js';
import { toIntegers, type QuantizedModel, type Stage, type TrainedNetwork } from './quantize.js';

export interface GridQuantizationSettings {
  /** Pictures that the ranges of activations are measured on; they are made of training glyphs. */
  readonly calibration: FrameBatch;
  /** Pictures that the result is measured on. */
  readonly validation: GridPictures;
  /** The network of floats, which the result is compared with. */
  readonly reference: PixelNetwork;
  /** Of the project, for the file. */
  readonly producerVersion?: string;
  readonly onProgress?: (stage: Stage, fraction: number) => void;
}

/** An int8 network that answers in cells, compared with the float one. */
export interface QuantizedGridNetwork extends QuantizedModel<GridMetrics> {
  /** How far the edges of a box lie from those of the other's, the mean, in pixels of what it is shown. */
  readonly boxShift: number;
}

/**
 * Quantizes a trained network that answers in cells to int8, of the same input and output.
 * @throws InkdigitError `invalid_graph` for a network that has another form than convolutions with a relu behind each
 * but the last
 */
export async function quantizeGridNetwork(
  network: TrainedNetwork,
  {
    calibration,
    validation,
    reference,
    producerVersion = '',
    onProgress = () => {},
  }: GridQuantizationSettings,
): Promise<QuantizedGridNetwork> {
  const { grid } = validation;
  const integers = await toIntegers(network, calibration, (fraction) => onProgress('calibrating', fraction));
  const model = exportIntegerModel(integers, {
    producerVersion,
    takesWidths: grid === GRIDS[SHOWN_IN_WIDTHS],
  });
  const quantized = await openGridNetwork(grid, model);
  try {
    const answers = await answersTo(quantized, validation, (done) => onProgress('validating', 0.5 * done));
    const expected = await answersTo(reference, validation, (done) =>
      onProgress('validating', 0.5 + 0.5 * done),
    );
    return {
      model,
      digitThreshold: 0,
      validation: measureGrid(answers, validation),
      reference: measureGrid(expected, validation),
      ...compareAnswers(answers, expected, validation),
    };
  } finally {
    await quantized.close();
  }
}

/**
 * In how many of the pictures with a digit two networks have the same cell as the likeliest one to hold it, and how far
 * apart their boxes lie there.
 * @param answers of one of them: `[count, outputs]`
 * @param expected of the other one
 */
export function compareAnswers(
  answers: Float32Array,
  expected: Float32Array,
  { grid, count, targets }: Pick<GridPictures, 'grid' | 'count' | 'targets'>,
): Pick<QuantizedGridNetwork, 'agreeing' | 'boxShift'> {
  const outputs = outputCount(grid);
  let agreeing = 0;
  let shifts = 0;
  for (let picture = 0; picture < count; picture++) {
    const from = picture * outputs;
    if (targets[from + likeliest(grid, targets, from)] !== 1) continue;
    const at = likeliest(grid, expected, from);
    if (likeliest(grid, answers, from) !== at) continue;
    agreeing++;
    const cell = at % cellCount(grid);
    const others = edgesOf(boxAt(grid, expected, from, cell));
    const edges = edgesOf(boxAt(grid, answers, from, cell));
    shifts += edges.reduce((sum, edge, i) => sum + Math.abs(edge - others[i]!), 0) / edges.length;
  }
  return { agreeing, boxShift: shifts / Math.max(1, agreeing) };
}

/** The place of the largest logit of one answer, from where it begins. */
function likeliest(grid: CellGrid, answers: Float32Array, from: number): number {
  // The first plane of a finder is of any digit; the second one of the picture's.
  const first = planeIndex(grid, grid === FINDER ? FINDER_PLANE.theDigit : 0, 0);
  let at = first;
  for (let i = first + 1; i < logitCount(grid); i++) if (answers[from + i]! > answers[from + at]!) at = i;
  return at;
}

function edgesOf({ x, y, width, height }: BoundingBox): readonly number[] {
  return [x, y, x + width, y + height];
}
