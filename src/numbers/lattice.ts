import type { NumberRules } from './rules.js';

/** What may stand at a place of a line: a digit or a separator. */
export interface Choice {
  /** `0` to `9`, or one of `SEPARATORS`. */
  readonly sign: string;
  /** Logarithm of its odds against nothing that belongs to the number. */
  readonly weight: number;
}

/** Something on a line that may be a digit or a separator. */
export interface LatticePlace {
  /** The part of the line that it keeps to itself. */
  readonly start: number;
  readonly end: number;
  /** Digits, whose odds add up to no more than `digitOdds`, and separators. */
  readonly choices: readonly Choice[];
  /** Of any digit. */
  readonly digitOdds: number;
}

/** A number that a line may be. */
export interface NumberPath {
  /** Its places, from left to right, and what each is read as. */
  readonly places: readonly number[];
  readonly signs: readonly string[];
  /** Its digits. */
  readonly text: string;
  /** Of all that the line may be, 0..1; what else would give the same digits is counted in. */
  readonly probability: number;
}

const SEARCH = {
  /** Ways to read the beginning of a line that are followed; and for each length, where that matters. */
  beam: 16,
  beamOfLength: 12,
  /** How probable it is that what the caller says of a number does not hold for it. */
  wrongRules: 0.1,
} as const;

/** The beginning of a number: a list from its last sign. */
interface Beginning {
  readonly before: Beginning | undefined;
  readonly place: number;
  readonly sign: string;
  /** Digits. */
  readonly length: number;
  readonly value: number;
  /** Logarithm of the odds against an empty line. */
  readonly weight: number;
}

const EMPTY: Beginning = { before: undefined, place: -1, sign: '', length: 0, value: 0, weight: 0 };

/**
 * Reads a line: which of its places are digits or separators, and which. Places that overlap exclude each other, two
 * separators stand beside each other only where one is a bracket, and each set of others weighs the product of its
 * odds. Weighted interval scheduling by dynamic programming, with the best few at each place; the same recursion over
 * sums tells how probable each is.
 * @param places of one line, in any order
 * @param weightOf what is written, separators among it: the logarithm of how much likelier such a number is than others
 * @returns the likeliest first; none where no number fits the rules
 */
export function numberPaths(
  places: readonly LatticePlace[],
  rules: NumberRules,
  weightOf: (written: string) => number = () => 0,
): NumberPath[] {
  const order = places
    .map((place, at) => ({ place, at }))
    .toSorted((a, b) => a.place.end - b.place.end || a.place.start - b.place.start || a.at - b.at);
  const sums = createSums(rules);
  const marks: PossibleMark[] = [];
  const best: Buckets[] = [new Map([[0, [EMPTY]]])];
  for (const [i, { place, at }] of order.entries()) {
    let before = i;
    while (before > 0 && (order[before - 1]?.place.end ?? 0) > place.start) before--;
    const odds = markOddsOf(place);
    if (odds > 0) marks.push({ start: place.start, end: place.end, odds });
    sums.take(before, place.digitOdds, odds);
    best.push(extended(best[i] ?? new Map(), best[before] ?? new Map(), at, place.choices, rules));
  }
  const { minLength } = rules;
  const finished = [...(best.at(-1)?.values() ?? [])].flat().filter(({ length }) => length >= minLength);
  return ranked(finished.map(pathOf), { places, marks, logTotal: sums.logTotal(), weightOf });
}

/** A place that may be a separator. */
interface PossibleMark {
  readonly start: number;
  readonly end: number;
  /** Of any. */
  readonly odds: number;
}

interface Ranking {
  readonly places: readonly LatticePlace[];
  /** In the order in which they end. */
  readonly marks: readonly PossibleMark[];
  readonly logTotal: number;
  readonly weightOf: (written: string) => number;
}

/** The same digits at the same places, whatever separators are between them. */
interface DigitPath {
  /** Of all that the line may be, before forms count. */
  readonly share: number;
  /** How much likelier forms make it: the mean of those that were followed, as their odds are. */
  readonly form: number;
  /** The likeliest of them. */
  readonly best: WeightedPath;
}

/** Paths with their probabilities, the likeliest first. */
function ranked(paths: readonly WeightedPath[], ranking: Ranking): NumberPath[] {
  const { weightOf } = ranking;
  const byDigits = new Map<string, WeightedPath[]>();
  for (const path of paths) {
    const key = `${path.digitPlaces.join()} ${path.text}`;
    const alike = byDigits.get(key);
    if (alike) alike.push(path);
    else byDigits.set(key, [path]);
  }
  const all = [...byDigits.values()].map((alike): DigitPath => {
    const most = Math.max(...alike.map(({ weight }) => weight));
    const odds = alike.map(({ weight }) => Math.exp(weight - most));
    const withForm = alike.map(({ signs }, i) => (odds[i] ?? 0) * Math.exp(weightOf(signs.join(''))));
    const form = sumOf(withForm) / sumOf(odds);
    const best = alike[withForm.indexOf(Math.max(...withForm))] ?? alike[0];
    if (!best) throw new Error('unreachable: a group has a path');
    return { share: shareOf(best, ranking), form, best };
  });
  // What is likelier takes from all others, those that were not followed as well.
  const left = Math.max(0, 1 - sumOf(all.map(({ share }) => share)));
  const total = left + sumOf(all.map(({ share, form }) => share * form));
  const byText = new Map<string, NumberPath>();
  for (const { share, form, best } of all.toSorted((a, b) => b.share * b.form - a.share * a.form)) {
    const own = (share * form) / total;
    const known = byText.get(best.text);
    const { places, signs, text } = best;
    byText.set(
      text,
      known ? { ...known, probability: known.probability + own } : { places, signs, text, probability: own },
    );
  }
  return [...byText.values()].toSorted((a, b) => b.probability - a.probability);
}

/** How probable digits are at their places, with any separators between them: one a gap, or none. */
function shareOf({ digitPlaces, digitWeight }: WeightedPath, { places, marks, logTotal }: Ranking): number {
  // Digits do not overlap, so that they begin and end in one order.
  let [weight, next, odds] = [digitWeight, 0, 1];
  const digitAt = (place: number): LatticePlace | undefined => places[digitPlaces[place] ?? -1];
  for (const mark of marks) {
    for (let digit = digitAt(next); digit && digit.end <= mark.end; digit = digitAt(++next)) {
      weight += Math.log(odds);
      odds = 1;
    }
    const [before, behind] = [digitAt(next - 1), digitAt(next)];
    const isFree = (!before || before.end <= mark.start) && (!behind || mark.end <= behind.start);
    if (isFree) odds += mark.odds;
  }
  return Math.exp(weight + Math.log(odds) - logTotal);
}

function markOddsOf({ choices }: LatticePlace): number {
  return choices.reduce(
    (sum, { sign, weight }) => (digitOf(sign) === undefined ? sum + Math.exp(weight) : sum),
    0,
  );
}

/** Beginnings by their length; all in one where the length does not matter. */
type Buckets = ReadonlyMap<number, readonly Beginning[]>;

/** The best beginnings without a place and with it. */
function extended(
  without: Buckets,
  before: Buckets,
  place: number,
  choices: readonly Choice[],
  rules: NumberRules,
): Buckets {
  const all = new Map<number, Beginning[]>();
  for (const [key, beginnings] of without) all.set(key, [...beginnings]);
  for (const beginnings of before.values()) {
    for (const beginning of beginnings) {
      for (const { sign, weight } of choices) {
        const digit = digitOf(sign);
        if (digit === undefined && !mayFollow(beginning.sign, sign)) continue;
        const length = beginning.length + (digit === undefined ? 0 : 1);
        if (length > rules.maxLength) continue;
        const value =
          rules.max < Infinity && digit !== undefined ? 10 * beginning.value + digit : beginning.value;
        if (value > rules.max) continue;
        const key = rules.hasLength ? length : 0;
        const bucket = all.get(key) ?? [];
        if (bucket.length === 0) all.set(key, bucket);
        bucket.push({ before: beginning, place, sign, length, value, weight: beginning.weight + weight });
      }
    }
  }
  const most = rules.hasLength ? SEARCH.beamOfLength : SEARCH.beam;
  for (const bucket of all.values()) {
    bucket.sort((a, b) => b.weight - a.weight);
    bucket.length = Math.min(bucket.length, most);
  }
  return all;
}

/** Whether a separator may follow a sign: as in (212)-555 there may be two in a row. */
function mayFollow(before: string, mark: string): boolean {
  if (before === '' || digitOf(before) !== undefined) return true;
  return (before === ')' && mark !== ')') || (mark === '(' && before !== '(');
}

/** The digit that a sign is, if it is one. */
export function digitOf(sign: string): number | undefined {
  return sign >= '0' && sign <= '9' ? Number(sign) : undefined;
}

interface WeightedPath {
  readonly places: readonly number[];
  readonly signs: readonly string[];
  readonly text: string;
  readonly weight: number;
  /** Those of its digits alone. */
  readonly digitPlaces: readonly number[];
  readonly digitWeight: number;
}

function pathOf(last: Beginning): WeightedPath {
  const all: Beginning[] = [];
  for (let at: Beginning | undefined = last; at?.before; at = at.before) all.push(at);
  all.reverse();
  const digits = all.filter(({ sign }) => digitOf(sign) !== undefined);
  const own = ({ weight, before }: Beginning): number => weight - (before?.weight ?? 0);
  return {
    places: all.map(({ place }) => place),
    signs: all.map(({ sign }) => sign),
    text: digits.map(({ sign }) => sign).join(''),
    weight: last.weight,
    digitPlaces: digits.map(({ place }) => place),
    digitWeight: sumOf(digits.map(own)),
  };
}

/**
 * Sums of the odds of all sets of places, by length where that matters; as logarithms. Sets that end with a separator
 * are summed apart: another one does not follow it.
 */
function createSums({ hasLength, minLength, maxLength }: NumberRules): {
  take(before: number, digitOdds: number, markOdds: number): void;
  logTotal(): number;
} {
  /** `[places so far][length]`, over `exp(scale)`. */
  const sums: { readonly any: Float64Array; readonly behindDigit: Float64Array }[] = [
    { any: Float64Array.of(1), behindDigit: Float64Array.of(1) },
  ];
  let logScale = 0;
  return {
    take(before, digitOdds, markOdds) {
      const without = sums.at(-1);
      const taken = sums[before];
      if (!without || !taken) throw new Error('unreachable: a place follows those before it');
      const lengths = without.any.length + (hasLength && digitOdds > 0 ? 1 : 0);
      const [any, behindDigit] = [new Float64Array(lengths), new Float64Array(lengths)];
      for (let length = 0; length < lengths; length++) {
        const digit = digitOdds * (taken.any[hasLength ? length - 1 : 0] ?? 0);
        const mark = markOdds * (taken.behindDigit[length] ?? 0);
        behindDigit[length] = (without.behindDigit[length] ?? 0) + digit;
        any[length] = (without.any[length] ?? 0) + digit + mark;
      }
      sums.push({ any, behindDigit });
      // Odds of some hundred digits multiply to more than a number holds.
      const largest = any.reduce((most, value) => Math.max(most, value), 0);
      if (largest < 1e100) return;
      for (const sum of sums) {
        for (let i = 0; i < sum.any.length; i++) {
          sum.any[i]! /= largest;
          sum.behindDigit[i]! /= largest;
        }
      }
      logScale += Math.log(largest);
    },
    logTotal() {
      let all = 0;
      let allowed = 0;
      sums.at(-1)?.any.forEach((sum, length) => {
        all += sum;
        if (!hasLength || (length >= minLength && length <= maxLength)) allowed += sum;
      });
      return Math.log(hasLength ? allowed + SEARCH.wrongRules * (all - allowed) : all) + logScale;
    },
  };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
