import type { Reading } from '../../model/readings.js';

/** What a comparison needs of the first model's answer. */
export type FirstAnswer = Pick<Reading, 'class' | 'probability' | 'digit'>;

/** How two models answered the same images. */
export interface ComparisonFigures {
  readonly compared: number;
  /** Both read the same digit, or both found none. */
  readonly agreed: number;
  /** The sum of |dp|, each the difference of how probable both find the digit that the first one reads. */
  readonly probabilityDifference: number;
  /** `first>second` -> how often; a digit, or `none`. */
  readonly disagreements: Readonly<Record<string, number>>;
}

export const NO_COMPARISON: ComparisonFigures = {
  compared: 0,
  agreed: 0,
  probabilityDifference: 0,
  disagreements: {},
};

/** What a model says of an image: a digit, or `none` for a non-digit. */
export function answerOf({ class: digit, digit: isDigit }: FirstAnswer): string {
  return isDigit ? String(digit) : 'none';
}

/** How far a second model is from the first on one image, 0..1. */
export function probabilityDifference(first: FirstAnswer, second: Reading): number {
  return Math.abs(first.probability - (second.probabilities[first.class] ?? NaN));
}

/** Counts comparisons beside their figures, for good: `ShadowPairMeter` is one. */
export interface ShadowTally {
  compared(agrees: boolean, difference: number): void;
  dropped(): void;
}

/** Adds up comparisons of single images. */
export class Comparison {
  readonly #tally: ShadowTally | undefined;
  #figures = { ...NO_COMPARISON };
  #disagreements: Record<string, number> = {};

  /** @param tally where they are counted too */
  constructor(tally?: ShadowTally) {
    this.#tally = tally;
  }

  get figures(): ComparisonFigures {
    return { ...this.#figures, disagreements: { ...this.#disagreements } };
  }

  add(first: FirstAnswer, second: Reading): void {
    const [one, other] = [answerOf(first), answerOf(second)];
    const difference = probabilityDifference(first, second);
    this.#tally?.compared(one === other, difference);
    const { compared, agreed, probabilityDifference: sum } = this.#figures;
    this.#figures = {
      ...this.#figures,
      compared: compared + 1,
      agreed: agreed + (one === other ? 1 : 0),
      probabilityDifference: sum + difference,
    };
    if (one === other) return;
    const pair = `${one}>${other}`;
    this.#disagreements[pair] = (this.#disagreements[pair] ?? 0) + 1;
  }
}

/** Figures of several processes as one. */
export function sumOfComparisons(all: readonly ComparisonFigures[]): ComparisonFigures {
  const disagreements: Record<string, number> = {};
  for (const one of all) {
    for (const [pair, count] of Object.entries(one.disagreements)) {
      disagreements[pair] = (disagreements[pair] ?? 0) + count;
    }
  }
  const sum = (of: (figures: ComparisonFigures) => number): number =>
    all.reduce((total, figures) => total + of(figures), 0);
  return {
    compared: sum(({ compared }) => compared),
    agreed: sum(({ agreed }) => agreed),
    probabilityDifference: sum((figures) => figures.probabilityDifference),
    disagreements,
  };
}
