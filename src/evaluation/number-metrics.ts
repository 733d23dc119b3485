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
  /** True length -> numbers of it, and those that are right. */
  readonly lengths: readonly { readonly length: number; readonly count: number; readonly right: number }[];
}

const BINS = 10;

/** @param numbers one at least */
export function measureNumbers(numbers: readonly ReadNumber[]): NumberMetrics {
  const edits = { missed: 0, invented: 0, wrong: 0 };
  const lengths = new Map<number, { count: number; right: number }>();
  const bins = Array.from({ length: BINS }, () => ({ probability: 0, right: 0 }));
  let right = 0;
  let digits = 0;
  for (const { truth, text, probability } of numbers) {
    const isRight = truth === text ? 1 : 0;
    const own = editsBetween(truth, text);
    edits.missed += own.missed;
    edits.invented += own.invented;
    edits.wrong += own.wrong;
    digits += truth.length;
    right += isRight;
    const ofLength = lengths.get(truth.length) ?? { count: 0, right: 0 };
    lengths.set(truth.length, { count: ofLength.count + 1, right: ofLength.right + isRight });
    const bin = bins[Math.min(BINS - 1, Math.floor(BINS * probability))];
    if (!bin) continue;
    bin.probability += probability;
    bin.right += isRight;
  }
  const off = bins.reduce((sum, bin) => sum + Math.abs(bin.probability - bin.right), 0);
  return {
    count: numbers.length,
    right,
    accuracy: right / numbers.length,
    digitErrorRate: (edits.missed + edits.invented + edits.wrong) / Math.max(1, digits),
    missedDigits: edits.missed,
    inventedDigits: edits.invented,
    wrongDigits: edits.wrong,
    calibrationError: off / numbers.length,
    lengths: [...lengths]
      .toSorted(([a], [b]) => a - b)
      .map(([length, ofLength]) => ({ length, ...ofLength })),
  };
}

interface Edits {
  readonly missed: number;
  readonly invented: number;
  readonly wrong: number;
}

/** The fewest edits from what was read to the truth: https://en.wikipedia.org/wiki/Levenshtein_distance. */
export function editsBetween(truth: string, text: string): Edits {
  const add = (edits: Edits, kind: keyof Edits): Edits => ({ ...edits, [kind]: edits[kind] + 1 });
  const count = ({ missed, invented, wrong }: Edits): number => missed + invented + wrong;
  const none: Edits = { missed: 0, invented: 0, wrong: 0 };
  let row: Edits[] = [none];
  for (let i = 0; i < text.length; i++) row.push(add(row[i] ?? none, 'invented'));
  for (const digit of truth) {
    const next: Edits[] = [add(row[0] ?? none, 'missed')];
    for (let i = 0; i < text.length; i++) {
      const diagonal = row[i] ?? none;
      const choices = [
        text[i] === digit ? diagonal : add(diagonal, 'wrong'),
        add(row[i + 1] ?? none, 'missed'),
        add(next[i] ?? none, 'invented'),
      ];
      next.push(choices.reduce((best, choice) => (count(choice) < count(best) ? choice : best)));
    }
    row = next;
  }
  return row.at(-1) ?? none;
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
