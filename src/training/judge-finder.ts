import { OVERVIEW_SIDE } from '../image/view/sizes.js';
import { FINDER_CELLS, FINDER_LOGITS, FINDER_OUTPUTS } from '../model/contract.js';
import {
  openPixelNetwork,
  type InferenceOptions,
  type PixelNetwork,
} from '../model/runtime/pixel-network.js';
import { exportModel } from '../network/export.js';
import type { Judge } from './judges.js';
import type { NetworkPlan } from '../network/network.js';
import type { FinderMetrics } from './reports.js';
import type { Overviews } from './scene-sets.js';

const CELLS = FINDER_CELLS ** 2;

/** Overviews of one inference. */
const INFERENCE_BATCH = 32;

/** Measures a finder on overviews: its loss, and how often it points to the right cell. */
export function judgeFinder(plan: NetworkPlan, overviews: Overviews): Judge<FinderMetrics> {
  return async (weights, threads) => {
    const finder = await openFinder(exportModel(plan, weights), { threads });
    try {
      const found = await findAll(finder, overviews);
      if (!found.every(Number.isFinite)) return null;
      return {
        validation: measureFinder(found, overviews),
        temperature: 1,
        digitThreshold: 0,
        whole: weights,
      };
    } finally {
      await finder.close();
    }
  };
}

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
