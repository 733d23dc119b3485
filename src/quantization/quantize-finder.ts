import type { FrameBatch } from '../image/frame.js';
import { decodeBox, FINDER_OUTPUTS, FINDER_PLANE, finderIndex } from '../image/view/finder-cells.js';
import type { PixelNetwork } from '../model/runtime/pixel-network.js';
import {
  findAll,
  likeliestCell,
  measureFinder,
  openFinder,
  trueCell,
  type FinderMetrics,
  type Overviews,
} from '../evaluation/measure-finder.js';
import { exportIntegerModel } from './graphs.js';
import { toIntegers, type QuantizedModel, type Stage, type TrainedNetwork } from './quantize.js';

export interface FinderQuantizationSettings {
  /** Overviews that the ranges of activations are measured on; they are made of training glyphs. */
  readonly calibration: FrameBatch;
  /** Overviews that the result is measured on. */
  readonly validation: Overviews;
  /** The finder of floats, which the result is compared with. */
  readonly reference: PixelNetwork;
  /** Of the project, for the file. */
  readonly producerVersion?: string;
  readonly onProgress?: (stage: Stage, fraction: number) => void;
}

/** An int8 finder, compared with the float one. */
export interface QuantizedFinder extends QuantizedModel<FinderMetrics> {
  /** How far the edges of a box lie from those of the other's, the mean, in pixels of the overview. */
  readonly boxShift: number;
}

/**
 * Quantizes a trained finder to int8, of the same input and output.
 * @throws InkdigitError `invalid_graph` for a network that has another form than convolutions with a relu behind each
 * but the last
 */
export async function quantizeFinder(
  network: TrainedNetwork,
  {
    calibration,
    validation,
    reference,
    producerVersion = '',
    onProgress = () => {},
  }: FinderQuantizationSettings,
): Promise<QuantizedFinder> {
  const integers = await toIntegers(network, calibration, (fraction) => onProgress('calibrating', fraction));
  const model = exportIntegerModel(integers, { producerVersion });
  const finder = await openFinder(model);
  try {
    const found = await findAll(finder, validation, (done) => onProgress('validating', 0.5 * done));
    const expected = await findAll(reference, validation, (done) =>
      onProgress('validating', 0.5 + 0.5 * done),
    );
    return {
      model,
      digitThreshold: 0,
      validation: measureFinder(found, validation),
      reference: measureFinder(expected, validation),
      ...compareFinders(found, expected, validation),
    };
  } finally {
    await finder.close();
  }
}

/**
 * In how many of the pictures with a digit two finders see it in the same cell, and how far apart their boxes of it lie
 * there.
 * @param found what one of them answers: `[count, FINDER_OUTPUTS]`
 * @param expected what the other one does
 */
export function compareFinders(
  found: Float32Array,
  expected: Float32Array,
  { count, targets }: Pick<Overviews, 'count' | 'targets'>,
): Pick<QuantizedFinder, 'agreeing' | 'boxShift'> {
  let agreeing = 0;
  let shifts = 0;
  for (let picture = 0; picture < count; picture++) {
    if (trueCell(targets, picture) === null) continue;
    const cell = likeliestCell(expected, picture);
    if (likeliestCell(found, picture) !== cell) continue;
    agreeing++;
    const edges = edgesAt(found, picture, cell);
    const others = edgesAt(expected, picture, cell);
    shifts += edges.reduce((sum, edge, i) => sum + Math.abs(edge - others[i]!), 0) / edges.length;
  }
  return { agreeing, boxShift: shifts / Math.max(1, agreeing) };
}

/** Left, top, right and bottom edge of a cell's box, in pixels of the overview. */
function edgesAt(found: Float32Array, picture: number, cell: number): readonly number[] {
  const value = (i: number): number =>
    found[picture * FINDER_OUTPUTS + finderIndex(FINDER_PLANE.box + i, cell)]!;
  const { x, y, width, height } = decodeBox([value(0), value(1), value(2), value(3)], cell);
  return [x, y, x + width, y + height];
}
