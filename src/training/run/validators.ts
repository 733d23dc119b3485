import { pickFrames, type LabelledFrames } from '../../data/labelled-frames.js';
import type { Metrics } from '../../evaluation/metrics.js';
import type { FrameBatch } from '../../image/frame.js';
import { createClassifier, type Classifier } from '../../model/classifier.js';
import { CLASS_COUNT, NO_DIGIT } from '../../model/contract.js';
import { logitsOf } from '../../model/logits-of.js';
import type { Augment } from '../augmentation/augment.js';
import {
  divideLogits,
  fitThreshold,
  fitTemperature,
  measureAt,
  passingShare,
} from '../../evaluation/calibration.js';
import { exportModel } from '../../network/export.js';
import type { NetworkPlan, Weights } from '../../network/network.js';
import { outliersToChooseBy } from '../outliers/outliers.js';
import type { EpochReport } from '../reports.js';
import type { Validation } from '../../evaluation/measure-grid.js';

/** The result of validating an epoch. */
export interface ValidationResult<V extends Validation = Metrics> extends Pick<
  EpochReport<V>,
  'validation' | 'temperature' | 'digitThreshold' | 'outliersPassing'
> {
  /** Of the network that would be exported now. */
  readonly whole: Weights;
}

/**
 * Measures the network that would be exported now.
 * @param weights of the trained part
 * @returns `null` when the outputs are not finite
 */
export type Validator<V extends Validation = Metrics> = (
  weights: Weights,
  threads: number,
) => Promise<ValidationResult<V> | null>;

/**
 * Calibrates a network on the validation images, and measures it on them.
 * @param augment changes the outliers, where the network has an output for non-digits
 */
export function networkValidator(plan: NetworkPlan, validation: LabelledFrames, augment: Augment): Validator {
  return calibratingValidator(
    plan,
    validation,
    plan.outputs > CLASS_COUNT ? outliersToChooseBy(validation, augment) : null,
  );
}

/**
 * The same for a network that reads views.
 * @param validation views, labelled 0-9, or 10 for a non-digit
 */
export function readerValidator(plan: NetworkPlan, validation: LabelledFrames): Validator {
  const { digits, others } = withAndWithoutDigits(validation);
  return calibratingValidator(plan, digits, others);
}

/** Copies of the views that show a digit, labelled 0-9, and of the others. @param views labelled 0-10 */
export function withAndWithoutDigits(views: LabelledFrames): {
  readonly digits: LabelledFrames;
  readonly others: FrameBatch;
} {
  const [digits, others]: [number[], number[]] = [[], []];
  for (const [i, label] of views.labels.entries()) (label === NO_DIGIT ? others : digits).push(i);
  return { digits: pickFrames(views, digits), others: pickFrames(views, others).frames };
}

function calibratingValidator(
  plan: NetworkPlan,
  { frames, labels }: LabelledFrames,
  outliers: FrameBatch | null,
): Validator {
  return (weights, threads) =>
    withExported(plan, weights, threads, async (classifier) => {
      const logits = await logitsOf(classifier, frames);
      if (!logits.every(Number.isFinite)) return null;
      const temperature = fitTemperature(logits, labels);
      return {
        ...(await measureCalibrated(plan, temperature, classifier, logits, labels, outliers)),
        whole: divideLogits(plan, weights, temperature),
      };
    });
}

/**
 * Validates an OOD head: fits its threshold on the digits, whose logits do not change, and measures the false accept
 * rate.
 * @param complete joins the trained and the frozen weights, as `plan` has them
 * @param augment as of `networkValidator`
 */
export function oodHeadValidator(
  plan: NetworkPlan,
  complete: (weights: Weights) => Weights,
  validation: LabelledFrames,
  augment: Augment,
): Validator {
  const { frames, labels } = validation;
  const outliers = outliersToChooseBy(validation, augment);
  return (weights, threads) => {
    const whole = complete(weights);
    return withExported(plan, whole, threads, async (classifier) => {
      const logits = await logitsOf(classifier, frames);
      if (!logits.every(Number.isFinite)) return null;
      return { ...(await measureCalibrated(plan, 1, classifier, logits, labels, outliers)), whole };
    });
  };
}

/** @param logits of the validation images */
async function measureCalibrated(
  plan: NetworkPlan,
  temperature: number,
  classifier: Classifier,
  logits: Float32Array,
  labels: Uint8Array,
  outliers: FrameBatch | null,
): Promise<Omit<ValidationResult, 'whole'>> {
  const others = outliers && (await logitsOf(classifier, outliers));
  const digitThreshold = fitThreshold(plan, temperature, logits, labels, others ?? undefined);
  const passing = others && outliers && passingShare(temperature, others, outliers.count, digitThreshold);
  return {
    validation: measureAt(temperature, logits, labels),
    temperature,
    digitThreshold,
    ...(passing !== null && { outliersPassing: passing }),
  };
}

async function withExported<T>(
  plan: NetworkPlan,
  weights: Weights,
  threads: number,
  use: (classifier: Classifier) => Promise<T>,
): Promise<T> {
  const classifier = await createClassifier(exportModel(plan, weights), { threads, side: plan.input[1] });
  try {
    return await use(classifier);
  } finally {
    await classifier.close();
  }
}
