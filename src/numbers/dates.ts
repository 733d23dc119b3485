import type { BoundingBox } from '../image/view/bounding-box.js';
import type { ReadCandidate } from './candidate.js';
import { logit, sigmoid } from './odds.js';

/** A digit of a line, as it was read, and the separator that is seen before it, or nothing. */
export interface LineDigit {
  readonly candidate: ReadCandidate;
  readonly class: number;
  readonly mark: string;
}

/** Digits of a line that are the slashes of a date. */
export interface DateSlashes {
  readonly slashes: readonly ReadCandidate[];
  /** 0..1: that it is one. */
  readonly probability: number;
}

const DATE = {
  /** Digits of day and month, and of the year. */
  short: [1, 2],
  year: [2, 4],
  /**
   * In logarithms of odds: for a date, before its slashes are looked at; for each of them, and how much counts that it
   * may be no digit, that it may be a separator, and that it reaches above the digits, in their heights. A logistic
   * regression on slashes and ones of numbers that validate.
   */
  prior: 2,
  slash: 2.9,
  noDigit: 1,
  separator: 0.5,
  above: 6,
  /** For a slash that is seen as one. */
  seen: 1,
} as const;

/** A digit, or a place that is a slash or may be one. */
interface Token {
  readonly candidate: ReadCandidate | null;
  readonly evidence: number;
}

/**
 * Slashes look like ones, and in most places are rarer. But a line that would be a date if two of its ones were slashes
 * is one more often than not.
 * @param digits of a line, from left to right
 */
export function dateSlashes(digits: readonly LineDigit[]): DateSlashes | undefined {
  const tokens = digits.flatMap(({ candidate, class: digit, mark }): Token[] => {
    const own = {
      candidate,
      evidence: digit === 1 ? evidenceOf(candidate.box, candidate, digits) : -Infinity,
    };
    return mark === '/' ? [{ candidate: null, evidence: DATE.seen }, own] : [own];
  });
  let best: DateSlashes | undefined;
  const prior: number = DATE.prior;
  for (const day of DATE.short) {
    for (const month of DATE.short) {
      for (const year of DATE.year) {
        const places = [day, day + 1 + month];
        if (day + month + year + 2 !== tokens.length) continue;
        const isWritten = tokens.some(({ candidate }, i) => candidate === null && !places.includes(i));
        const slashes = places.flatMap((place) => tokens[place] ?? []);
        const probability = sigmoid(slashes.reduce((sum, { evidence }) => sum + evidence, prior));
        if (isWritten || probability <= (best?.probability ?? 0)) continue;
        best = { slashes: slashes.flatMap(({ candidate }) => candidate ?? []), probability };
      }
    }
  }
  return best && best.slashes.length > 0 ? best : undefined;
}

/** How much speaks for a slash where a one was read. */
function evidenceOf(
  box: BoundingBox,
  { isDigit, separator }: ReadCandidate,
  digits: readonly LineDigit[],
): number {
  const others = digits.filter(({ class: digit }) => digit !== 1).map(({ candidate }) => candidate.box);
  const top = middleOf(others.map(({ y }) => y)) ?? box.y;
  const height = middleOf(others.map((other) => other.height)) ?? box.height;
  const above = Math.max(-0.1, Math.min(0.2, (top - box.y) / height));
  return DATE.slash - DATE.noDigit * logit(isDigit) + DATE.separator * logit(separator) + DATE.above * above;
}

function middleOf(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
