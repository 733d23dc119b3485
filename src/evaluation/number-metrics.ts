import type { CalibrationBin } from './metrics.js';

/** A number that was read, and what it is. */
export interface ReadNumber {
  readonly file: string;
  readonly truth: string;
  readonly text: string;
  readonly probability: number;
}

/** How well numbers were read. Shares are 0..1. */
export interface NumberMetrics {
  readonly count: number;
  /** Numbers of which every digit is right, and none is missing or invented. */
  readonly right: number;
  readonly accuracy: number;
  /** Digits to change, to add and to take away, over all true digits: the normalised Levenshtein distance. */
  readonly digitErrorRate: number;
  readonly missedDigits: number;
  readonly inventedDigits: number;
  readonly wrongDigits: number;
  /** Expected calibration error of the probabilities of whole numbers, of 10 bins. */
  readonly calibrationError: number;
  /** What it is made of: bins of equal width, from 0 to 1, of the probability of whole numbers. */
  readonly calibration: readonly CalibrationBin[];
  /** True length -> numbers of it, and those that are right. */
  readonly lengths: readonly { readonly length: number; readonly count: number; readonly right: number }[];
}

const BINS = 10;

/** @param numbers one at least */
export function measureNumbers(numbers: readonly ReadNumber[]): NumberMetrics {
  const edits = { missed: 0, invented: 0, wrong: 0 };
  const lengths = new Map<number, { count: number; right: number }>();
  let right = 0;
  let digits = 0;
  for (const { truth, text } of numbers) {
    const isRight = truth === text ? 1 : 0;
    const own = editsBetween(truth, text);
    edits.missed += own.missed;
    edits.invented += own.invented;
    edits.wrong += own.wrong;
    const length = truth.replaceAll(/\D/g, '').length;
    digits += length;
    right += isRight;
    const ofLength = lengths.get(length) ?? { count: 0, right: 0 };
    lengths.set(length, { count: ofLength.count + 1, right: ofLength.right + isRight });
  }
  const calibration = calibrationOf(numbers);
  const off = calibration.reduce(
    (sum, { count, probability, accuracy }) => sum + count * Math.abs(probability - accuracy),
    0,
  );
  return {
    count: numbers.length,
    right,
    accuracy: right / numbers.length,
    digitErrorRate: (edits.missed + edits.invented + edits.wrong) / Math.max(1, digits),
    missedDigits: edits.missed,
    inventedDigits: edits.invented,
    wrongDigits: edits.wrong,
    calibrationError: off / numbers.length,
    calibration,
    lengths: [...lengths]
      .toSorted(([a], [b]) => a - b)
      .map(([length, ofLength]) => ({ length, ...ofLength })),
  };
}

function calibrationOf(numbers: readonly ReadNumber[]): CalibrationBin[] {
  const bins = Array.from({ length: BINS }, () => ({ count: 0, probability: 0, right: 0 }));
  for (const { truth, text, probability } of numbers) {
    const bin = bins[Math.min(BINS - 1, Math.floor(BINS * probability))];
    if (!bin) continue;
    bin.count += 1;
    bin.probability += probability;
    bin.right += truth === text ? 1 : 0;
  }
  return bins.map(({ count, probability, right }) => ({
    count,
    probability: count === 0 ? 0 : probability / count,
    accuracy: count === 0 ? 0 : right / count,
  }));
}

interface Edits {
  readonly missed: number;
  readonly invented: number;
  readonly wrong: number;
}

/** One digit of the truth beside one that was read; empty on one side where it is missed or invented. */
type Pair = readonly [truth: string, text: string];

/** The fewest edits from what was read to the truth: https://en.wikipedia.org/wiki/Levenshtein_distance. */
export function editsBetween(truth: string, text: string): Edits {
  const pairs = pairsOf(truth, text).filter(([a, b]) => a !== b);
  return {
    missed: pairs.filter(([, read]) => read === '').length,
    invented: pairs.filter(([digit]) => digit === '').length,
    wrong: pairs.filter(([digit, read]) => digit !== '' && read !== '').length,
  };
}

/** A digit, or where one is missing nothing, and whether it differs from the other text. */
interface Mark {
  readonly mark: string;
  readonly differs: boolean;
}

/** Truth and what was read, digit beside digit. */
export function digitsApart(truth: string, text: string): [truth: Mark[], text: Mark[]] {
  const pairs = pairsOf(truth, text);
  const markedAs = (mark: string, other: string): Mark => ({ mark, differs: mark !== other });
  return [pairs.map(([a, b]) => markedAs(a, b)), pairs.map(([a, b]) => markedAs(b, a))];
}

interface Alignment {
  readonly cost: number;
  readonly before: Alignment | null;
  readonly pair: Pair;
}

/** The pairs of an alignment with the fewest edits. */
function pairsOf(truth: string, text: string): Pair[] {
  const after = (before: Alignment | undefined, pair: Pair): Alignment => ({
    cost: (before?.cost ?? 0) + (pair[0] === pair[1] ? 0 : 1),
    before: before ?? null,
    pair,
  });
  const start: Alignment = { cost: 0, before: null, pair: ['', ''] };
  let row: Alignment[] = [start];
  for (const read of text) row.push(after(row.at(-1), ['', read]));
  for (const digit of truth) {
    const next: Alignment[] = [after(row[0], [digit, ''])];
    Array.from(text).forEach((read, i) => {
      const choices = [
        after(row[i], [digit, read]),
        after(row[i + 1], [digit, '']),
        after(next[i], ['', read]),
      ];
      next.push(choices.reduce((best, choice) => (choice.cost < best.cost ? choice : best)));
    });
    row = next;
  }
  const pairs: Pair[] = [];
  for (let at = row.at(-1) ?? start; at.before; at = at.before) pairs.push(at.pair);
  return pairs.toReversed();
}

/** As text, for people. */
export function numbersReport(metrics: NumberMetrics): string {
  const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
  return [
    `numbers right     ${metrics.right} of ${metrics.count} (${percent(metrics.accuracy)})`,
    `digit error rate  ${percent(metrics.digitErrorRate)}: ${metrics.missedDigits} missed, ` +
      `${metrics.inventedDigits} invented, ${metrics.wrongDigits} wrong`,
    `calibration       ${percent(metrics.calibrationError)} expected calibration error (ECE)`,
    ...metrics.lengths.map(
      ({ length, count, right }) => `  ${String(length).padStart(2)} digits       ${right} of ${count}`,
    ),
  ].join('\n');
}
