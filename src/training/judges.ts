import type { LabelledFrames } from '../data/labelled-frames.js';
import type { FrameBatch } from '../image/frame.js';
import { createClassifier, type Classifier } from '../model/classifier.js';
import { logitsOf } from '../model/logits-of.js';
import { anyDigitProbability, digitProbabilities } from '../model/softmax.js';
import { divideLogits, fitDigitThreshold, fitTemperature, measureAt } from './calibration.js';
import { exportModel } from './export.js';
import type { NetworkPlan, Weights } from './network.js';
import type { EpochReport } from './reports.js';

/** What is found out after an epoch. */
export interface Judgement extends Pick<
  EpochReport,
  'validation' | 'temperature' | 'digitThreshold' | 'outliersPassing'
> {
  /** The network that would be exported now. */
  readonly whole: Weights;
}

/**
 * Measures the very network that would be exported now.
 * @param weights of what is trained
 * @returns `null` when it no longer gives numbers
 */
export type Judge = (weights: Weights, threads: number) => Promise<Judgement | null>;

/** Calibrates a network on the validation images, and measures it on them. */
export function judgeNetwork(plan: NetworkPlan, { frames, labels }: LabelledFrames): Judge {
  return (weights, threads) =>
    withExported(plan, weights, threads, async (classifier) => {
      const logits = await logitsOf(classifier, frames);
      if (!logits.every(Number.isFinite)) return null;
      const temperature = fitTemperature(logits, labels);
      return {
        validation: measureAt(temperature, logits, labels),
        temperature,
        digitThreshold: fitDigitThreshold(temperature, logits, labels.length),
        whole: divideLogits(plan, weights, temperature),
      };
    });
}

/**
 * Measures a guarded network: its digits, whose answers do not change, for its threshold, and how many outliers pass that.
 * @param complete puts what is trained and what is frozen together, as `plan` has them
 * @param outliers of the kinds that are trained on
 */
export function judgeGuard(
  plan: NetworkPlan,
  complete: (weights: Weights) => Weights,
  { frames, labels }: LabelledFrames,
  outliers: FrameBatch,
): Judge {
  return (weights, threads) => {
    const whole = complete(weights);
    return withExported(plan, whole, threads, async (classifier) => {
      const logits = await logitsOf(classifier, frames);
      if (!logits.every(Number.isFinite)) return null;
      const digitThreshold = fitDigitThreshold(1, logits, labels.length);
      const probabilities = digitProbabilities(await logitsOf(classifier, outliers), plan.outputs);
      let passing = 0;
      for (let row = 0; row < outliers.count; row++) {
        passing += Number(anyDigitProbability(probabilities, row) >= digitThreshold);
      }
      return {
        validation: measureAt(1, logits, labels),
        temperature: 1,
        digitThreshold,
        outliersPassing: passing / outliers.count,
        whole,
      };
    });
  };
}

async function withExported<T>(
  plan: NetworkPlan,
  weights: Weights,
  threads: number,
  use: (classifier: Classifier) => Promise<T>,
): Promise<T> {
  const classifier = await createClassifier(exportModel(plan, weights), { threads });
  try {
    return await use(classifier);
  } finally {
    await classifier.close();
  }
}
