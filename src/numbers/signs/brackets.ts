import type { ReadCandidate } from '../candidate.js';
import { logit, sigmoid } from '../odds.js';
import { digitOf, reachOf, type FoundSigns, type LineDigit } from './found-signs.js';
import { isBetween } from './marks-between.js';

const BRACKETS = {
  /** Digits of a line, brackets among them, that are looked at. */
  most: 16,
  /** Digits that brackets stand around. */
  inside: [1, 5],
  /** Of a phone number that brackets stand in, those within and those behind them. */
  phone: { inside: 3, behind: 7 },
  /**
   * In logarithms of odds: for two brackets, before they are looked at, of a phone number and elsewhere; for one that
   * is nowhere seen; and how much counts for each that it may be no digit, and that it reaches above and below the
   * digits, in their heights. A logistic regression on brackets and ones of numbers that validate.
   */
  phonePrior: 6,
  prior: -4,
  missingOpen: -5,
  /** Less probable, as a 1 begins many phone numbers. */
  missingClosed: -6,
  noDigit: 0.55,
  above: 14,
  below: 12,
  mostReach: 0.3,
  leastReach: -0.1,
} as const;

/** What may be a bracket, and how many digits of the line stand before it. */
interface Bracket {
  readonly candidate: ReadCandidate | undefined;
  readonly isDigit: boolean;
  readonly before: number;
  readonly evidence: number;
}

/**
 * Round brackets look like ones, above all to those who write ones that are bent. But a line that would be a phone
 * number if two of its ones were brackets, as (212) 555-0100, is one more often than not.
 * @param digits of a line, from left to right
 * @param others candidates of the line that were not read
 */
export function findBrackets(
  digits: readonly LineDigit[],
  others: readonly ReadCandidate[],
): FoundSigns | undefined {
  if (digits.length > BRACKETS.most) return undefined;
  const strokes = possibleBrackets(digits, others);
  let best: FoundSigns | undefined;
  for (const open of [...strokes, nowhere(0, BRACKETS.missingOpen)]) {
    const end = open.before + (open.isDigit ? 1 : 0) + BRACKETS.phone.inside;
    for (const closed of [...strokes, nowhere(end, BRACKETS.missingClosed)]) {
      const found = pairOf(open, closed, digits);
      if (found && found.probability > (best?.probability ?? 0)) best = found;
    }
  }
  return best;
}

function pairOf(open: Bracket, closed: Bracket, digits: readonly LineDigit[]): FoundSigns | undefined {
  if (!open.candidate && !closed.candidate) return undefined;
  if (open.candidate && closed.candidate && open.candidate.box.x >= closed.candidate.box.x) return undefined;
  const inside = closed.before - open.before - (open.isDigit ? 1 : 0);
  const behind = digits.length - closed.before - (closed.isDigit ? 1 : 0);
  const [least, most] = BRACKETS.inside;
  if (inside < least || inside > most) return undefined;
  const { phone, phonePrior, prior } = BRACKETS;
  const isPhone = inside === phone.inside && behind === phone.behind && open.before <= 1;
  // Elsewhere both have to be seen.
  if (!isPhone && (!open.candidate || !closed.candidate)) return undefined;
  const both = [open, closed];
  return {
    digits: both.flatMap(({ candidate, isDigit }) => (candidate && isDigit ? [candidate] : [])),
    marks: both.flatMap(({ candidate }, i) =>
      candidate ? [{ mark: i === 0 ? '(' : ')', box: candidate.box }] : [],
    ),
    probability: sigmoid((isPhone ? phonePrior : prior) + open.evidence + closed.evidence),
  };
}

/** One that was not even seen as a stroke. */
function nowhere(before: number, evidence: number): Bracket {
  return { candidate: undefined, isDigit: false, before, evidence };
}

function possibleBrackets(digits: readonly LineDigit[], others: readonly ReadCandidate[]): Bracket[] {
  const strokes = digits.flatMap(({ candidate, class: digit }, before): Bracket[] =>
    digit === 1 ? [{ candidate, isDigit: true, before, evidence: evidenceOf(candidate, digits) }] : [],
  );
  const boxes = digits.map(({ candidate }) => candidate.box);
  for (const candidate of others) {
    if (digitOf(candidate) !== 1) continue;
    const before = placeOf(candidate, boxes);
    if (before === undefined) continue;
    strokes.push({ candidate, isDigit: false, before, evidence: evidenceOf(candidate, digits) });
  }
  return strokes;
}

/** How many digits stand before a stroke that lies on none of them. */
function placeOf({ box }: ReadCandidate, boxes: readonly ReadCandidate['box'][]): number | undefined {
  const [first] = boxes;
  if (first && box.x + box.width / 2 < first.x) return 0;
  const place = boxes.findIndex((behind, i) => {
    const before = boxes[i - 1];
    return before !== undefined && isBetween(box, before, behind);
  });
  return place < 0 ? undefined : place;
}

function evidenceOf({ box, isDigit }: ReadCandidate, digits: readonly LineDigit[]): number {
  const { noDigit, above, below, mostReach, leastReach } = BRACKETS;
  const reach = reachOf(box, digits);
  const bounded = (value: number): number => Math.max(leastReach, Math.min(mostReach, value));
  return -noDigit * logit(isDigit) + above * bounded(reach.above) + below * bounded(reach.below);
}
