import type { BoundingBox } from '../image/view/bounding-box.js';
import type { Detection } from './detections.js';
import { logit, productOf, sigmoid, sumOf, SUREST } from './odds.js';

/** A place that was read: a digit, if there is one. */
export interface ReadCandidate {
  /** In pixels of the picture's gray plane. */
  readonly box: BoundingBox;
  /** How probable it is, 0..1, that there is a digit of its own. */
  readonly isDigit: number;
  /** `[10]`: how probable each digit is if there is one; they add up to 1. */
  readonly probabilities: Float32Array;
}

/** How much detector and readers count. */
export interface Evidence {
  /** Of logits: of the detector, of the reader that there is a digit, and that it is one digit alone. */
  readonly detector: number;
  readonly reader: number;
  readonly oneAlone: number;
  /** And what is added. */
  readonly bias: number;
  /** Of logarithms, for which digit it is. */
  readonly classByReader: number;
  readonly classByDetector: number;
}

/** Chosen on numbers by validation writers: so that they are as probable as can be (decision 45). */
const IN_LINES: Evidence = {
  detector: 1,
  reader: 0.3,
  oneAlone: 0.15,
  bias: 1.45,
  classByReader: 1.1,
  classByDetector: 0.45,
};

/** In tables there are printed digits as well, which the detector never learned: the reader counts for more. */
export const IN_CELLS: Evidence = {
  detector: 0.8,
  reader: 0.5,
  oneAlone: 0.15,
  bias: 1.1,
  classByReader: 1.2,
  classByDetector: 0.3,
};

/**
 * What detector and readers say together of a place.
 * @param readings `[10]` of each reader; what they lack to 1 is that there is none, as the first says
 */
export function candidateOf(
  { box, isDigit, probabilities }: Omit<Detection, 'clarity'>,
  readings: readonly Float32Array[],
  { detector, reader, oneAlone, bias, classByReader, classByDetector }: Evidence = IN_LINES,
): ReadCandidate {
  const any = sumOf(readings[0] ?? probabilities);
  const read = productOf(readings.map((values) => ({ values, power: 1 / readings.length })));
  const likeliest = Math.max(...read);
  const logOdds = detector * logit(isDigit) + reader * logit(any) + oneAlone * logit(likeliest) + bias;
  return {
    box,
    isDigit: sigmoid(logOdds),
    probabilities: productOf([
      { values: probabilities, power: classByDetector },
      { values: read, power: classByReader },
    ]),
  };
}

/** The digit of a picture that was read as one. @param read `[10]` of the reader */
export function loneCandidate(box: BoundingBox, read: Float32Array): ReadCandidate {
  const any = read.reduce((sum, value) => sum + value, 0);
  const probabilities = read.map((value) => value / Math.max(any, 1e-6));
  return { box, isDigit: SUREST, probabilities };
}

/** Whether a candidate is a one, if it is a digit. */
export function isOne({ probabilities }: Pick<ReadCandidate, 'probabilities'>): boolean {
  return (probabilities[1] ?? 0) > 0.5;
}
