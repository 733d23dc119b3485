import { intersectionOverUnion, type BoundingBox } from '../../image/view/bounding-box.js';
import type { ReadCandidate } from '../candidate.js';
import type { DetectedSeparator } from '../detections.js';
import { digitOf, reachOf, type FoundSigns, type LineDigit } from './found-signs.js';
import { isBetween } from './marks-between.js';
import { logit, sigmoid } from '../odds.js';

const DATE = {
  /** Digits of day and month, and of the year. */
  short: [1, 2] as readonly number[],
  year: [2, 4] as readonly number[],
  /** Digits of all of it, both slashes among them. */
  most: 10,
  /** Years of four digits. */
  years: [1000, 2199],
  /**
   * In logarithms of odds: for a date, before its slashes are looked at, that is of a calendar and that is not; for
   * each slash, and how much counts that it may be no digit, that it may be a separator, and that it reaches above the
   * digits, in their heights. A logistic regression on slashes and ones of numbers that validate.
   */
  prior: 4,
  priorOfOther: 0,
  slash: 3.5,
  noDigit: 1,
  separator: 0.8,
  above: 6,
  /** For a slash that is seen where nothing was read. */
  seen: 1,
  /** A slash as probable is not passed over. */
  surely: 0.8,
  /** Boxes that overlap more are of the same stroke. */
  sameStroke: 0.4,
} as const;

/** What may be a slash of a date, and how many digits of the line stand before it. */
interface Slash {
  readonly digit: ReadCandidate | undefined;
  readonly box: BoundingBox;
  readonly before: number;
  readonly evidence: number;
  /** Whether one is surely there, and was read as nothing else. */
  readonly isWritten: boolean;
}

/**
 * Slashes look like ones, and in most places are rarer. But a line that would be a date if two of its strokes were
 * slashes is one more often than not.
 * @param digits of a line, from left to right
 * @param others candidates of the line that were not read
 */
export function findDate(
  digits: readonly LineDigit[],
  others: readonly ReadCandidate[],
  separators: readonly DetectedSeparator[],
): FoundSigns | undefined {
  // Beyond that nothing of the line is looked at: it may be hundreds of digits long.
  if (digits.length > DATE.most) return undefined;
  const possible = possibleSlashes(
    digits,
    others,
    separators.filter(({ mark }) => mark === '/'),
  );
  let best: FoundSigns | undefined;
  for (const first of possible) {
    for (const second of possible) {
      if (second === first || second.box.x <= first.box.x) continue;
      const places = new Set([first.before, second.before]);
      if (possible.some(({ isWritten, before }) => isWritten && !places.has(before))) continue;
      const left = digits.filter(({ candidate }) => candidate !== first.digit && candidate !== second.digit);
      const day = first.before;
      const month = second.before - day - (first.digit ? 1 : 0);
      const parts = [left.slice(0, day), left.slice(day, day + month), left.slice(day + month)];
      if (!isOfLengths(parts.map((part) => part.length))) continue;
      const prior = isOfCalendar(parts.map(valueOf)) ? DATE.prior : DATE.priorOfOther;
      const probability = sigmoid(prior + first.evidence + second.evidence);
      if (probability <= (best?.probability ?? 0)) continue;
      const slashes = [first, second];
      best = {
        digits: slashes.flatMap(({ digit }) => digit ?? []),
        marks: slashes.map(({ box }) => ({ mark: '/', box })),
        probability,
      };
    }
  }
  return best;
}

function possibleSlashes(
  digits: readonly LineDigit[],
  others: readonly ReadCandidate[],
  separators: readonly DetectedSeparator[],
): Slash[] {
  const boxes = digits.map(({ candidate }) => candidate.box);
  const slashes: Slash[] = [];
  digits.forEach(({ candidate, class: digit }, i) => {
    const before = boxes[i - 1];
    if (digit === 1) {
      const evidence = evidenceOf(candidate, digits, separators);
      slashes.push({ digit: candidate, box: candidate.box, before: i, evidence, isWritten: false });
    }
    if (!before) return;
    const isHere = (box: BoundingBox): boolean => isBetween(box, before, candidate.box);
    const unread = others
      .filter((other) => digitOf(other) === 1 && isHere(other.box))
      .map((other) => ({ box: other.box, evidence: evidenceOf(other, digits, separators) }));
    const written = separators.filter(({ box }) => isHere(box));
    const seen = written.map(({ box }) => ({ box, evidence: DATE.seen }));
    // One of each gap: the likeliest.
    const [likeliest] = [...unread, ...seen].toSorted((a, b) => b.evidence - a.evidence);
    if (!likeliest) return;
    const isWritten = written.some(({ probability }) => probability >= DATE.surely);
    slashes.push({ ...likeliest, digit: undefined, before: i, isWritten });
  });
  return slashes;
}

function isOfLengths([day = 0, month = 0, year = 0]: readonly number[]): boolean {
  return DATE.short.includes(day) && DATE.short.includes(month) && DATE.year.includes(year);
}

/** Day, month and year, or month, day and year, or the year first. */
export function isOfCalendar([first = 0, second = 0, third = 0]: readonly number[]): boolean {
  if (first > 99) return isOfCalendar([second, third, first]);
  const [least, most, year] = [Math.min(first, second), Math.max(first, second), third];
  const [from, to] = DATE.years;
  return least >= 1 && least <= 12 && most <= 31 && (year < 100 || (year >= from && year <= to));
}

function valueOf(digits: readonly LineDigit[]): number {
  return digits.reduce((value, { class: digit }) => 10 * value + digit, 0);
}

/** How much speaks for a slash where a one was read, or might have been. */
function evidenceOf(
  { box, isDigit, separator }: ReadCandidate,
  digits: readonly LineDigit[],
  separators: readonly DetectedSeparator[],
): number {
  const above = Math.max(-0.1, Math.min(0.2, reachOf(box, digits).above));
  const seen = separators.reduce(
    (most, other) =>
      intersectionOverUnion(other.box, box) > DATE.sameStroke ? Math.max(most, other.probability) : most,
    separator,
  );
  return DATE.slash - DATE.noDigit * logit(isDigit) + DATE.separator * logit(seen) + DATE.above * above;
}
