/** How well digits and non-digits are told apart, whatever the threshold. */
export interface Separation {
  /** Probability, 0..1, that a digit gets the higher score of any digit and any outlier; equal scores count half. */
  readonly auroc: number;
  /** Area under the curve of precision and recall of finding the outliers, 0..1: average precision. */
  readonly aupr: number;
  /** Share of the outliers that pass where the threshold lets 95 % of the digits pass, 0..1. */
  readonly falsePositiveRate: number;
}

/** Share of the digits that pass at the threshold of the false positive rate (Hendrycks and Gimpel, 2017). */
const TRUE_POSITIVE_RATE = 0.95;

/**
 * @param digits scores of images of digits: the higher, the more a digit
 * @param outliers scores of images of non-digits; as of the digits, there is one at least
 */
export function separate(digits: Float32Array, outliers: Float32Array): Separation {
  const levels = countByScore(digits, outliers);
  return {
    auroc: areaUnderRoc(levels, digits.length, outliers.length),
    aupr: averagePrecision(levels, outliers.length),
    falsePositiveRate: passing(outliers, thresholdOf(digits)),
  };
}

/** Share of the scores that reach a threshold. */
function passing(scores: Float32Array, threshold: number): number {
  return scores.reduce((count, score) => count + Number(score >= threshold), 0) / scores.length;
}

/** How many have one score. */
interface Level {
  digits: number;
  outliers: number;
}

/** From the lowest score to the highest. */
function countByScore(digits: Float32Array, outliers: Float32Array): Level[] {
  const levels = new Map<number, Level>();
  const count = (scores: Float32Array, kind: keyof Level): void => {
    for (const score of scores) {
      const level = levels.get(score) ?? { digits: 0, outliers: 0 };
      level[kind]++;
      levels.set(score, level);
    }
  };
  count(digits, 'digits');
  count(outliers, 'outliers');
  return [...levels].toSorted(([a], [b]) => a - b).map(([, level]) => level);
}

/** As Mann and Whitney (1947) count it. */
function areaUnderRoc(levels: readonly Level[], digits: number, outliers: number): number {
  let below = 0;
  let won = 0;
  for (const level of levels) {
    won += level.digits * (below + level.outliers / 2);
    below += level.outliers;
  }
  return won / (digits * outliers);
}

/**
 * The outliers are what is looked for, so the lowest scores come first: sum of precision times the recall that it
 * adds. Counted in outliers and divided once: shares add up to a little more than 1, which no card may say.
 */
function averagePrecision(levels: readonly Level[], outliers: number): number {
  let found = 0;
  let taken = 0;
  let sum = 0;
  for (const level of levels) {
    found += level.outliers;
    taken += level.outliers + level.digits;
    sum += level.outliers * (found / taken);
  }
  return sum / outliers;
}

/** The highest score that this share of the digits reaches. */
function thresholdOf(digits: Float32Array): number {
  const sorted = digits.toSorted();
  const wanted = Math.ceil(TRUE_POSITIVE_RATE * digits.length);
  return sorted[digits.length - wanted] ?? 0;
}
