import type { ReadCandidate } from './candidate.js';
import type { NumberRules } from './rules.js';

/** A number that a line may be. */
export interface NumberPath {
  /** Places of its candidates, from left to right, and the digit that each is read as. */
  readonly candidates: readonly number[];
  readonly classes: readonly number[];
  readonly text: string;
  /** Of all that the line may be, 0..1; what else would give the same text is counted in. */
  readonly probability: number;
}

const SEARCH = {
  /** Ways to read the beginning of a line that are followed, for each length where that matters. */
  beam: 12,
  /** Digits that one candidate may be read as: of sure ones too there is another, if it is improbable. */
  classes: 4,
  leastClass: 1e-9,
  /** Of its width each side of a box may be shared with a neighbour. */
  shared: 0.2,
  /** How probable it is that what the caller says of a number does not hold for it. */
  wrongRules: 0.1,
} as const;

/** The beginning of a number: a list from its last digit. */
interface Beginning {
  readonly before: Beginning | undefined;
  readonly candidate: number;
  readonly digit: number;
  readonly length: number;
  readonly value: number;
  /** Logarithm of the odds against an empty line. */
  readonly weight: number;
}

const EMPTY: Beginning = { before: undefined, candidate: -1, digit: -1, length: 0, value: 0, weight: 0 };

/**
 * Reads a line: which of its candidates are digits, and which. Candidates that overlap exclude each other, and each set
 * of others weighs the product of its odds. Weighted interval scheduling by dynamic programming, with the best few at
 * each place; the same recursion over sums tells how probable each is.
 * @param candidates of one line, in any order
 * @returns the likeliest first; none where no number fits the rules
 */
export function numberPaths(candidates: readonly ReadCandidate[], rules: NumberRules): NumberPath[] {
  const order = candidates
    .map((candidate, place) => ({ candidate, place, ...spanOf(candidate) }))
    .toSorted((a, b) => a.end - b.end || a.start - b.start || a.place - b.place);
  const sums = createSums(rules);
  const best: Buckets[] = [new Map([[0, [EMPTY]]])];
  for (const [i, { candidate, place, start }] of order.entries()) {
    let before = i;
    while (before > 0 && (order[before - 1]?.end ?? 0) > start) before--;
    const odds = candidate.isDigit / (1 - candidate.isDigit);
    sums.take(before, odds);
    const choices = choicesOf(candidate, Math.log(odds));
    best.push(extended(best[i] ?? new Map(), best[before] ?? new Map(), place, choices, rules));
  }
  const { minLength } = rules;
  const finished = [...(best.at(-1)?.values() ?? [])].flat().filter(({ length }) => length >= minLength);
  const logTotal = sums.logTotal();
  const paths = new Map<string, NumberPath>();
  for (const beginning of finished.toSorted((a, b) => b.weight - a.weight)) {
    const path = pathOf(beginning, Math.exp(beginning.weight - logTotal));
    const known = paths.get(path.text);
    paths.set(path.text, known ? { ...known, probability: known.probability + path.probability } : path);
  }
  return [...paths.values()].toSorted((a, b) => b.probability - a.probability);
}

/** The part of a line that a digit keeps to itself. */
function spanOf({ box }: ReadCandidate): { readonly start: number; readonly end: number } {
  const shared = SEARCH.shared * box.width;
  return { start: box.x + shared, end: box.x + box.width - shared };
}

/** Beginnings by their length; all in one where the length does not matter. */
type Buckets = ReadonlyMap<number, readonly Beginning[]>;

interface Choice {
  readonly digit: number;
  readonly weight: number;
}

function choicesOf({ probabilities }: ReadCandidate, logOdds: number): Choice[] {
  return Array.from(probabilities, (probability, digit) => ({ digit, probability }))
    .filter(({ probability }) => probability >= SEARCH.leastClass)
    .toSorted((a, b) => b.probability - a.probability)
    .slice(0, SEARCH.classes)
    .map(({ digit, probability }) => ({ digit, weight: logOdds + Math.log(probability) }));
}

/** The best beginnings without a candidate and with it. */
function extended(
  without: Buckets,
  before: Buckets,
  candidate: number,
  choices: readonly Choice[],
  rules: NumberRules,
): Buckets {
  const all = new Map<number, Beginning[]>();
  for (const [key, beginnings] of without) all.set(key, [...beginnings]);
  for (const beginnings of before.values()) {
    for (const beginning of beginnings) {
      const length = beginning.length + 1;
      if (length > rules.maxLength) continue;
      for (const { digit, weight } of choices) {
        const value = rules.max < Infinity ? 10 * beginning.value + digit : 0;
        if (value > rules.max) continue;
        const key = rules.hasLength ? length : 0;
        const bucket = all.get(key) ?? [];
        if (bucket.length === 0) all.set(key, bucket);
        bucket.push({
          before: beginning,
          candidate,
          digit,
          length,
          value,
          weight: beginning.weight + weight,
        });
      }
    }
  }
  for (const bucket of all.values()) {
    bucket.sort((a, b) => b.weight - a.weight);
    bucket.length = Math.min(bucket.length, SEARCH.beam);
  }
  return all;
}

function pathOf(last: Beginning, probability: number): NumberPath {
  const candidates: number[] = [];
  const classes: number[] = [];
  for (let at: Beginning | undefined = last; at?.before; at = at.before) {
    candidates.unshift(at.candidate);
    classes.unshift(at.digit);
  }
  return { candidates, classes, text: classes.join(''), probability };
}

/** Sums of the odds of all sets of candidates, by length where that matters; as logarithms. */
function createSums({ hasLength, minLength, maxLength }: NumberRules): {
  take(before: number, odds: number): void;
  logTotal(): number;
} {
  /** `[candidates so far][length]`, over `exp(scale)`. */
  const sums: Float64Array[] = [Float64Array.of(1)];
  let logScale = 0;
  return {
    take(before, odds) {
      const without = sums.at(-1) ?? Float64Array.of(1);
      const taken = sums[before] ?? without;
      const lengths = hasLength ? without.length + 1 : 1;
      const next = new Float64Array(lengths);
      for (let length = 0; length < lengths; length++) {
        const taking = hasLength ? (taken[length - 1] ?? 0) : (taken[0] ?? 0);
        next[length] = (without[length] ?? 0) + odds * taking;
      }
      sums.push(next);
      // Odds of some hundred digits multiply to more than a number holds.
      const largest = next.reduce((most, value) => Math.max(most, value), 0);
      if (largest < 1e100) return;
      for (const sum of sums) for (let i = 0; i < sum.length; i++) sum[i]! /= largest;
      logScale += Math.log(largest);
    },
    logTotal() {
      const last = sums.at(-1) ?? Float64Array.of(1);
      let all = 0;
      let allowed = 0;
      last.forEach((sum, length) => {
        all += sum;
        if (!hasLength || (length >= minLength && length <= maxLength)) allowed += sum;
      });
      return Math.log(hasLength ? allowed + SEARCH.wrongRules * (all - allowed) : all) + logScale;
    },
  };
}
