import { OVERVIEW_SIDE } from '../image/view/sizes.js';
import { FINDER_CELLS, FINDER_LOGITS, FINDER_OUTPUTS } from '../model/contract.js';
import {
  openPixelNetwork,
  type InferenceOptions,
  type PixelNetwork,
} from '../model/runtime/pixel-network.js';
import type { Metrics } from './metrics.js';

const CELLS = FINDER_CELLS ** 2;

/** Overviews of one inference. */
const INFERENCE_BATCH = 32;

/** Overviews, and what a finder is to give for each. */
export interface Overviews {
  readonly count: number;
  /** `[count, OVERVIEW_SIDE, OVERVIEW_SIDE]` */
  readonly pixels: Uint8Array;
  /** `[count, FINDER_OUTPUTS]` */
  readonly targets: Float32Array;
  readonly weights: Float32Array;
}

/** How well a finder does on pictures that it was not trained on. */
export interface FinderMetrics {
  readonly count: number;
  /** Pictures in which the cell it thinks likeliest is that of the digit, and their share, 0..1. */
  readonly correct: number;
  readonly accuracy: number;
  /** Mean, as it is trained on. */
  readonly loss: number;
}

/** The metrics of an epoch: of a network that reads digits, or of a finder. */
export type Validation = Metrics | FinderMetrics;

/** Opens a finder's ONNX file. @throws InkdigitError `invalid_model` where it is none */
export function openFinder(
  bytes: Uint8Array,
  options: InferenceOptions = {},
  source = 'the finder',
): Promise<PixelNetwork> {
  return openPixelNetwork(bytes, { side: OVERVIEW_SIDE, outputs: [FINDER_OUTPUTS] }, options, source);
}

/** What a finder answers to overviews: `[count, FINDER_OUTPUTS]` */
export async function findAll(
  finder: PixelNetwork,
  { count, pixels }: Pick<Overviews, 'count' | 'pixels'>,
  onProgress: (fraction: number) => void = () => {},
): Promise<Float32Array> {
  const found = new Float32Array(count * FINDER_OUTPUTS);
  const size = OVERVIEW_SIDE ** 2;
  for (let from = 0; from < count; from += INFERENCE_BATCH) {
    const to = Math.min(count, from + INFERENCE_BATCH);
    const levels = pixels.subarray(from * size, to * size);
    const answers = await finder.run(to - from, (input) => {
      for (let i = 0; i < input.length; i++) input[i] = levels[i]! / 255;
    });
    found.set(answers, from * FINDER_OUTPUTS);
    onProgress(to / count);
  }
  return found;
}

/**
 * The loss is that of the training (`onnx/weighted-losses.ts`); a picture counts as right where the cell of the largest
 * logit of the second plane is that of the largest target. Pictures without the digit are not asked for its cell.
 * @param found `[count, FINDER_OUTPUTS]`
 */
export function measureFinder(
  found: Float32Array,
  { count, targets, weights }: Omit<Overviews, 'pixels'>,
): FinderMetrics {
  let loss = 0;
  let asked = 0;
  let correct = 0;
  for (let picture = 0; picture < count; picture++) {
    const start = picture * FINDER_OUTPUTS;
    for (let i = 0; i < FINDER_OUTPUTS; i++) {
      const weight = weights[start + i]!;
      if (weight !== 0) loss += weight * lossOf(found[start + i]!, targets[start + i]!, i < FINDER_LOGITS);
    }
    const truth = trueCell(targets, picture);
    if (truth === null) continue;
    asked++;
    if (likeliestCell(found, picture) === truth) correct++;
  }
  return { count: asked, correct, accuracy: correct / Math.max(1, asked), loss: loss / count };
}

function lossOf(z: number, target: number, isLogit: boolean): number {
  if (isLogit) return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - target * z;
  const distance = Math.abs(z - target);
  return distance <= 1 ? distance ** 2 / 2 : distance - 0.5;
}

/** The cell of a picture's digit; `null` where it has none. @param targets `[count, FINDER_OUTPUTS]` */
export function trueCell(targets: Float32Array, picture: number): number | null {
  const cell = likeliestCell(targets, picture);
  return targets[picture * FINDER_OUTPUTS + CELLS + cell] === 0 ? null : cell;
}

/** The cell, 0 … 35, of the largest value of a picture's second plane. @param found `[count, FINDER_OUTPUTS]` */
export function likeliestCell(found: Float32Array, picture: number): number {
  const from = picture * FINDER_OUTPUTS + CELLS;
  let cell = 0;
  for (let i = 1; i < CELLS; i++) if (found[from + i]! > found[from + cell]!) cell = i;
  return cell;
}
