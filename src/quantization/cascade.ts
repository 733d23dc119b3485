import { InkdigitError } from '../errors.js';
import { CLASS_COUNT } from '../model/contract.js';
import { anyDigitProbability, argmaxRow } from '../model/softmax.js';
import type { IntegerNetwork } from './integer-network.js';

/**
 * A small network that answers what it is sure of, and a large one that answers the rest (Viola and Jones, 2001, had
 * stages of this kind for faces). Most digits are plain, so that most images cost what the small one does.
 */
export interface Cascade {
  readonly first: IntegerNetwork;
  readonly second: IntegerNetwork;
  /** How probable, 0..1, the first has to find a digit for its answer to stand. */
  readonly confidence: number;
}

/** Probabilities of the digits, `[count, 10]`, that each stage alone gives to the same images. */
export interface StageAnswers {
  readonly first: Float32Array;
  readonly second: Float32Array;
}

/** Confidences are multiples of this, one ten-thousandth. */
const STEPS = 10_000;

/** Below this a first stage is not trusted, even if it was never wrong: few images are not enough evidence. */
const LOWEST_CONFIDENCE = 0.9;

/** Above this the first stage would answer almost nothing. */
const HIGHEST_CONFIDENCE = 0.9999;

/**
 * Share of the digits that may be classified otherwise than by the second stage: one in thousands, right as often as
 * wrong.
 */
const OTHER_ANSWERS = 1 / 20_000;

/** Share of the outliers that may be falsely accepted more than by the second stage alone. */
const MORE_OUTLIERS_PASSING = 0.001;

/**
 * The lowest confidence, in steps of 0.0001, at which hardly any digit is classified otherwise than by the second
 * stage, and hardly any more outliers are falsely accepted.
 * @param digits of images of digits
 * @param outliers of non-digits; may be empty
 * @param digitThreshold of the second stage
 * @throws InkdigitError `invalid_model` where there is none: the first stage is confident where the second disagrees
 */
export function fitConfidence(digits: StageAnswers, outliers: StageAnswers, digitThreshold: number): number {
  const contradicted = confidencesWhere(digits, (row) => {
    return argmaxRow(digits.first, row, CLASS_COUNT) !== argmaxRow(digits.second, row, CLASS_COUNT);
  });
  const letIn = confidencesWhere(outliers, (row) => {
    return anyDigitProbability(outliers.second, row) < digitThreshold;
  });
  const allowed = (share: number, { second }: StageAnswers): number =>
    Math.floor((share * second.length) / CLASS_COUNT);
  // The answer of the first stage must be more confident than all of these.
  const highest = Math.max(
    contradicted[allowed(OTHER_ANSWERS, digits)] ?? 0,
    letIn[allowed(MORE_OUTLIERS_PASSING, outliers)] ?? 0,
  );
  const confidence = Math.max(LOWEST_CONFIDENCE, stepAbove(highest));
  if (confidence <= HIGHEST_CONFIDENCE) return confidence;
  throw new InkdigitError(
    'invalid_model',
    `The first stage is too sure of what the second reads otherwise (${highest.toFixed(6)} probable, of ` +
      `${HIGHEST_CONFIDENCE} that are ` +
      'allowed): expected a model that was trained on the same images, best with the second as its teacher.',
  );
}

/** The lowest step that is above a probability, as the file stores it. */
function stepAbove(probability: number): number {
  const step = (Math.floor(probability * STEPS) + 1) / STEPS;
  return Math.fround(step) > probability ? step : step + 1 / STEPS;
}

/** The first stage's highest probability for each image for which `isWrong` holds, in descending order. */
function confidencesWhere({ first }: StageAnswers, isWrong: (row: number) => boolean): Float32Array {
  const rows = Array.from({ length: first.length / CLASS_COUNT }, (_, row) => row).filter(isWrong);
  return Float32Array.from(rows, (row) => confidenceOf(first, row))
    .toSorted()
    .toReversed();
}

/** The probability of the most probable digit. */
function confidenceOf(probabilities: Float32Array, row: number): number {
  return probabilities[row * CLASS_COUNT + argmaxRow(probabilities, row, CLASS_COUNT)]!;
}

/** Share of the images, 0..1, that the first stage answers. @param first the digits' probabilities `[count, 10]` */
export function answeredFirst(first: Float32Array, confidence: number): number {
  const count = first.length / CLASS_COUNT;
  let sure = 0;
  // As the file has it.
  const limit = Math.fround(confidence);
  for (let row = 0; row < count; row++) sure += Number(confidenceOf(first, row) >= limit);
  return sure / count;
}
