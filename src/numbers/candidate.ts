import type { BoundingBox } from '../image/view/bounding-box.js';

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
   * How much logits count: of the finder, of the reader that there is a digit, and that it is one digit alone; and what
   * is added. Chosen on numbers painted of validation glyphs.
   */
  finder: 0.8,
  reader: 0.3,
  oneAlone: 0.3,
  bias: -0.3,
  /** Neither is believed to be surer than this. */
  surest: 0.9995,
} as const;

/**
 * What finder and reader say together of a place.
 * @param seen how probable a digit is to the finder
 * @param read `[10]` of the reader; what they lack to 1 is that there is none
 */
export function candidateOf(box: BoundingBox, seen: number, read: Float32Array): ReadCandidate {
  const any = read.reduce((sum, value) => sum + value, 0);
  const probabilities =
    any > 0
      ? read.map((probability) => probability / any)
      : new Float32Array(read.length).fill(1 / read.length);
  const likeliest = probabilities.reduce((most, probability) => Math.max(most, probability), 0);
  const { finder, reader, oneAlone, bias } = EVIDENCE;
  const logOdds = finder * logit(seen) + reader * logit(any) + oneAlone * logit(likeliest) + bias;
  return { box, isDigit: sigmoid(logOdds), probabilities };
}

/** The logarithm of the odds, kept within what is believed. */
export function logit(probability: number): number {
  const { surest } = EVIDENCE;
  const believed = Math.min(surest, Math.max(1 - surest, probability));
  return Math.log(believed / (1 - believed));
}

export function sigmoid(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}
