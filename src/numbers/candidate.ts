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
  /** How much logits of the finder and of the reader count, and what is added. */
  finder: 0.5,
  reader: 0.9,
  bias: 0,
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
  const logOdds = EVIDENCE.finder * logit(seen) + EVIDENCE.reader * logit(any) + EVIDENCE.bias;
  const scale = any > 0 ? 1 / any : 0;
  const probabilities = any > 0 ? read.map((value) => value * scale) : new Float32Array(10).fill(0.1);
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
