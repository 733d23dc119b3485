import { OVERVIEW_SIDE } from '../image/view/sizes.js';
import { FINDER_CELLS, FINDER_LOGITS, FINDER_OUTPUTS, MODEL_INPUT, MODEL_OUTPUT } from '../model/contract.js';
import { InferenceSession, Tensor } from '../model/onnx-runtime.js';
import { exportModel } from './export.js';
import type { Judge } from './judges.js';
import type { NetworkPlan } from './network.js';
import type { FinderMetrics } from './reports.js';
import type { Overviews } from './scene-sets.js';

const CELLS = FINDER_CELLS ** 2;

/** Overviews of one inference. */
const INFERENCE_BATCH = 32;

/** Measures a finder on overviews: its loss, and how often it points to the right cell. */
export function judgeFinder(plan: NetworkPlan, overviews: Overviews): Judge<FinderMetrics> {
  return async (weights, threads) => {
    const session = await InferenceSession.create(exportModel(plan, weights), {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
    });
    try {
      const found = await findAll(session, overviews);
      if (!found.every(Number.isFinite)) return null;
      return {
        validation: measureFinder(found, overviews),
        temperature: 1,
        digitThreshold: 0,
        whole: weights,
      };
    } finally {
      await session.release();
    }
  };
}

/** @returns `[count, FINDER_OUTPUTS]` */
async function findAll(session: InferenceSession, { count, pixels }: Overviews): Promise<Float32Array> {
  const found = new Float32Array(count * FINDER_OUTPUTS);
  const size = OVERVIEW_SIDE ** 2;
  for (let from = 0; from < count; from += INFERENCE_BATCH) {
    const to = Math.min(count, from + INFERENCE_BATCH);
    const input = Float32Array.from(pixels.subarray(from * size, to * size), (level) => level / 255);
    const image = new Tensor('float32', input, [to - from, 1, OVERVIEW_SIDE, OVERVIEW_SIDE]);
    const output = (await session.run({ [MODEL_INPUT]: image }))[MODEL_OUTPUT]?.data;
    if (!(output instanceof Float32Array)) throw new Error('unreachable: a finder gives floats');
    found.set(output, from * FINDER_OUTPUTS);
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
    const truth = largest(targets, start + CELLS);
    if ((targets[truth] ?? 0) === 0) continue;
    asked++;
    if (largest(found, start + CELLS) === truth) correct++;
  }
  return { count: asked, correct, accuracy: correct / Math.max(1, asked), loss: loss / count };
}

function lossOf(z: number, target: number, isLogit: boolean): number {
  if (isLogit) return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - target * z;
  const distance = Math.abs(z - target);
  return distance <= 1 ? distance ** 2 / 2 : distance - 0.5;
}

/** The place of the largest value of a plane that begins at `from`. */
function largest(values: Float32Array, from: number): number {
  let place = from;
  for (let i = from + 1; i < from + CELLS; i++) if (values[i]! > values[place]!) place = i;
  return place;
}
