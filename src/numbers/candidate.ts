import type { BoundingBox } from '../image/view/bounding-box.js';
import type { Detection } from './detections.js';
import { logit, sigmoid, SUREST } from './odds.js';

/** A place that was read: a digit, if there is one. */
export interface ReadCandidate {
  /** In pixels of the picture's gray plane. */
  readonly box: BoundingBox;
  /** How probable it is, 0..1, that there is a digit of its own. */
  readonly isDigit: number;
  /** `[10]`: how probable each digit is if there is one; they add up to 1. */
  readonly probabilities: Float32Array;
}

const EVIDENCE = {
  /**
   * How much logits count: of the detector, of the reader that there is a digit, and that it is one digit alone; and
   * what is added. Chosen on numbers painted of validation glyphs.
   */
  detector: 0.8,
  reader: 0.5,
  oneAlone: 0.15,
  bias: 1.1,
  /** How much the reader's logarithms count for which digit it is, and the detector's. */
  classByReader: 1.2,
  classByDetector: 0.3,
} as const;

/**
 * What detector and reader say together of a place.
 * @param read `[10]` of the reader; what they lack to 1 is that there is none
 */
export function candidateOf(
  { box, isDigit, probabilities }: Omit<Detection, 'clarity'>,
  read: Float32Array,
): ReadCandidate {
  const { detector, reader, oneAlone, bias } = EVIDENCE;
  const any = read.reduce((sum, value) => sum + value, 0);
  const likeliest = read.reduce((most, probability) => Math.max(most, probability), 0) / Math.max(any, 1e-6);
  const logOdds = detector * logit(isDigit) + reader * logit(any) + oneAlone * logit(likeliest) + bias;
  return { box, isDigit: sigmoid(logOdds), probabilities: together(probabilities, read, any) };
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

/** Which digit it is, to both. */
function together(detected: Float32Array, read: Float32Array, any: number): Float32Array {
  const { classByReader, classByDetector } = EVIDENCE;
  const least = 1e-5;
  const products = detected.map(
    (value, digit) =>
      Math.max(least, value) ** classByDetector *
      Math.max(least, (read[digit] ?? 0) / Math.max(any, least)) ** classByReader,
  );
  const sum = products.reduce((a, b) => a + b, 0);
  return products.map((product) => product / sum);
}
