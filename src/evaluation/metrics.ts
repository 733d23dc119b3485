import { CLASS_COUNT } from '../model/contract.js';
import { argmaxRow } from '../model/softmax.js';

/** How good a model's answers are on labelled images. */
export interface Metrics {
  readonly count: number;
  readonly correct: number;
  /** Share of right answers, 0..1, and the interval that holds the true share with 95 % probability. */
  readonly accuracy: number;
  readonly interval95: readonly [number, number];
  /** Mean negative log-likelihood (NLL) of the true digit, in nats. */
  readonly negativeLogLikelihood: number;
  /**
   * The same among the ten digits alone, no image counting for more than 2 nats: what it says of digits does not
   * depend on how readily an image is called none, and a handful of wrong labels, confidently contradicted, do not
   * rule it.
   */
  readonly cappedLogLoss: number;
  /** Expected calibration error, 0..1: how far the probability of an answer is from the share that is right. */
  readonly calibrationError: number;
  /** What the calibration error is made of: 15 bins of equal width, from 0 to 1, of the probability of the answer. */
  readonly calibration: readonly CalibrationBin[];
  /** `[truth][answer]`: how many images. */
  readonly confusion: readonly (readonly number[])[];
  /** For each digit, 0..1: of those read as it, the share that is; of those that are, the share read as it. */
  readonly digits: readonly { readonly count: number; readonly precision: number; readonly recall: number }[];
}

/** The images whose answer was given about the same probability. */
export interface CalibrationBin {
  readonly count: number;
  /** Mean probability of the answers, 0..1; 0 where there are none. */
  readonly probability: number;
  /** Share of right answers, 0..1; 0 where there are none. */
  readonly accuracy: number;
}

/** An image that was read as another digit than it shows. */
export interface Misclassified {
  /** Its place in the data. */
  readonly index: number;
  readonly truth: number;
  readonly answer: number;
  /** Of the answer, 0..1. */
  readonly probability: number;
}

/** Bins of the calibration error, as Guo et al. (2017) have them. */
const CALIBRATION_BINS = 15;

/** A probability of zero would make the NLL of one wrong answer infinite. */
const SMALLEST_PROBABILITY = 1e-12;

/** Nats that one image adds to the capped loss at most. */
const LARGEST_CAPPED_LOSS = 2;

/**
 * @param probabilities `[count, 10]`
 * @param labels `[count]`, 0..9
 */
export function measure(probabilities: Float32Array, labels: Uint8Array): Metrics {
  const count = labels.length;
  const confusion = Array.from({ length: CLASS_COUNT }, () => Array.from({ length: CLASS_COUNT }, () => 0));
  const bins = Array.from({ length: CALIBRATION_BINS }, () => ({ count: 0, correct: 0, probability: 0 }));
  let correct = 0;
  let losses = 0;
  let cappedLosses = 0;
  labels.forEach((label, i) => {
    const answer = argmaxRow(probabilities, i, CLASS_COUNT);
    const probability = probabilities[i * CLASS_COUNT + answer]!;
    const right = answer === label ? 1 : 0;
    correct += right;
    confusion[label]![answer]! += 1;
    const loss = -Math.log(Math.max(probabilities[i * CLASS_COUNT + label]!, SMALLEST_PROBABILITY));
    losses += loss;
    const digits = probabilities.subarray(i * CLASS_COUNT, (i + 1) * CLASS_COUNT).reduce((a, b) => a + b, 0);
    const lossAmongDigits = loss + Math.log(Math.max(digits, SMALLEST_PROBABILITY));
    cappedLosses += Math.min(lossAmongDigits, LARGEST_CAPPED_LOSS);
    const bin = bins[Math.min(CALIBRATION_BINS - 1, Math.floor(probability * CALIBRATION_BINS))]!;
    bin.count++;
    bin.correct += right;
    bin.probability += probability;
  });
  const gaps = bins.reduce((sum, bin) => sum + Math.abs(bin.correct - bin.probability), 0);
  return {
    count,
    correct,
    accuracy: share(correct, count),
    interval95: wilsonInterval(correct, count),
    negativeLogLikelihood: share(losses, count),
    cappedLogLoss: share(cappedLosses, count),
    calibrationError: share(gaps, count),
    calibration: bins.map((bin) => ({
      count: bin.count,
      probability: share(bin.probability, bin.count),
      accuracy: share(bin.correct, bin.count),
    })),
    confusion,
    digits: confusion.map((row, digit) => {
      const inAll = row.reduce((a, b) => a + b, 0);
      const read = confusion.reduce((sum, answers) => sum + answers[digit]!, 0);
      return { count: inAll, precision: share(row[digit]!, read), recall: share(row[digit]!, inAll) };
    }),
  };
}

/**
 * The images that were misclassified, those with the most confident answers first.
 * @param probabilities `[count, 10]`
 * @param labels `[count]`, 0..9
 */
export function findMisclassified(probabilities: Float32Array, labels: Uint8Array): Misclassified[] {
  const misclassified: Misclassified[] = [];
  for (const [index, truth] of labels.entries()) {
    const answer = argmaxRow(probabilities, index, CLASS_COUNT);
    if (answer === truth) continue;
    misclassified.push({ index, truth, answer, probability: probabilities[index * CLASS_COUNT + answer]! });
  }
  return misclassified.toSorted((a, b) => b.probability - a.probability);
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** Wilson's score interval for a share, 95 % (Wilson, 1927). */
export function wilsonInterval(correct: number, count: number): [number, number] {
  if (count === 0) return [0, 1];
  const z = 1.959964;
  const p = correct / count;
  const middle = p + (z * z) / (2 * count);
  const half = z * Math.sqrt((p * (1 - p)) / count + (z * z) / (4 * count * count));
  const scale = 1 + (z * z) / count;
  return [Math.max(0, (middle - half) / scale), Math.min(1, (middle + half) / scale)];
}
