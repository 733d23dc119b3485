import type { FrameBatch } from '../../image/frame.js';
import type { Classifier } from '../../model/classifier.js';
import { CLASS_COUNT } from '../../model/contract.js';
import { anyDigitProbability, argmaxRow } from '../../model/softmax.js';
import type { Answers } from '../answers.js';
import { separate, type Separation } from './outlier-metrics.js';
import { drawOutliers, OUTLIER_KINDS } from './kinds.js';

/** How a model does on non-digits, beside the digits that it is measured on. */
export interface OutlierFigures extends Separation {
  readonly count: number;
  /** Share that is taken for digits at the model's threshold, 0..1. */
  readonly passing: number;
}

/** The same of all of them, and of each kind. */
export interface OutlierReport extends OutlierFigures {
  /** As `what is kept apart`, or a folder. */
  readonly source: string;
  /** The model's. */
  readonly threshold: number;
  /** Share of the digits that is taken for digits, 0..1. */
  readonly digitsPassing: number;
  readonly kinds: readonly ({ readonly name: string } & OutlierFigures)[];
}

/** Pictures of non-digits, of one kind. */
export interface OutlierSet {
  readonly name: string;
  readonly frames: FrameBatch;
}

const OUTLIERS_A_KIND = 250;

/** What models are measured with where no folder is given: the same for every model, to the last picture. */
export function heldOutOutliers(): OutlierSet[] {
  return OUTLIER_KINDS.map((kind) => ({
    name: kind.name,
    frames: drawOutliers(kind, OUTLIERS_A_KIND),
  }));
}

/** What models answered to pictures of non-digits, of one kind. */
export interface AnsweredOutliers {
  readonly name: string;
  readonly answers: Answers;
}

/**
 * Tells digits from non-digits by the probability that an image is a digit; for a model of ten outputs, which says 1
 * of everything, by that of the most probable digit (Hendrycks and Gimpel, 2017).
 * @param model what answered
 * @param digits its answers to digits
 * @param sets one at least, each with an image at least
 */
export function measureOutliers(
  { outputs, digitThreshold }: Pick<Classifier, 'outputs' | 'digitThreshold'>,
  digits: Answers,
  { source, sets }: { readonly source: string; readonly sets: readonly AnsweredOutliers[] },
): OutlierReport {
  const score = (answers: Answers): Float32Array => scoresOf(answers, outputs > CLASS_COUNT);
  const ofDigits = score(digits);
  const kinds = sets.map(({ name, answers }) => ({
    name,
    ...figuresOf(ofDigits, score(answers), answers.passing),
  }));
  const all = Float32Array.from(sets.flatMap(({ answers }) => [...score(answers)]));
  const passing = sets.reduce((sum, { answers }) => sum + answers.passing, 0);
  return {
    source,
    threshold: digitThreshold,
    ...figuresOf(ofDigits, all, passing),
    digitsPassing: digits.passing / ofDigits.length,
    kinds,
  };
}

/** Of each image: the higher, the more a digit. */
function scoresOf({ probabilities }: Answers, knowsNoDigit: boolean): Float32Array {
  return Float32Array.from({ length: probabilities.length / CLASS_COUNT }, (_, row) =>
    knowsNoDigit
      ? anyDigitProbability(probabilities, row)
      : probabilities[row * CLASS_COUNT + argmaxRow(probabilities, row, CLASS_COUNT)]!,
  );
}

function figuresOf(digits: Float32Array, outliers: Float32Array, passing: number): OutlierFigures {
  return {
    count: outliers.length,
    ...separate(digits, outliers),
    passing: passing / outliers.length,
  };
}
