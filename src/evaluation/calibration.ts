import { measure, type Metrics } from './metrics.js';
import { CLASS_COUNT } from '../model/contract.js';
import { anyDigitProbability, argmaxRow, digitProbabilities } from '../model/softmax.js';
import type { NetworkPlan, Weights } from '../network/network.js';

/** Temperatures that are looked at, as natural logarithms. */
const SEARCH_RANGE: readonly [number, number] = [Math.log(0.05), Math.log(20)];
const SEARCH_PRECISION = 1e-4;

/**
 * How far the logarithm of a temperature strays from 0, before anything was seen. Thousands of images overrule it at
 * once; with a handful, all read right, likelihood alone would want certainty without end.
 */
const PRIOR_DEVIATION = 1;

/**
 * The temperature T for which softmax(logits / T) gives the true digits the highest likelihood (Guo et al., 2017): one
 * number that makes probabilities mean what they say, and changes no answer. With few images it stays near 1.
 * @param logits `[count, outputs]` of images of digits that the network was not trained on
 */
export function fitTemperature(logits: Float32Array, labels: Uint8Array): number {
  const loss = (logTemperature: number): number =>
    measureAt(Math.exp(logTemperature), logits, labels).negativeLogLikelihood +
    (logTemperature / PRIOR_DEVIATION) ** 2 / (2 * labels.length);
  return Math.exp(minimize(loss, SEARCH_RANGE, SEARCH_PRECISION));
}

/** How good softmax(logits / temperature) is. */
export function measureAt(temperature: number, logits: Float32Array, labels: Uint8Array): Metrics {
  return measure(probabilitiesAt(temperature, logits, labels.length), labels);
}

/**
 * Share of all digits, right or wrong, that is to be accepted as digits. Some made views are so faint or broken that
 * nobody
 * could read them: were all of those accepted, most letters would be as well.
 */
const ACCEPTED_SHARE = { frame: 0.998, view: 0.96 } as const;

/** Share of the answers of a first stage, of those that stand, that may be wrong. */
const WRONG_SHARE = 0.02;

/**
 * How probable it must be that an image is a digit, so that `ACCEPTED_SHARE` of these images, all of digits, is
 * accepted. Rounded
 * down to four decimals, as it is written down.
 * @param logits `[count, outputs]`
 * @param shown what the images are
 * @returns 0 for a network that does not know what is no digit
 */
export function fitDigitThreshold(
  temperature: number,
  logits: Float32Array,
  count: number,
  shown: keyof typeof ACCEPTED_SHARE = 'frame',
): number {
  if (logits.length === count * CLASS_COUNT) return 0;
  const probabilities = probabilitiesAt(temperature, logits, count);
  const sorted = Float64Array.from({ length: count }, (_, row) =>
    anyDigitProbability(probabilities, row),
  ).toSorted();
  const failing = Math.floor(count * (1 - ACCEPTED_SHARE[shown]));
  return Math.floor((sorted[failing] ?? 0) * 1e4) / 1e4;
}

/**
 * How probable the likeliest digit must be for the answer of a first stage to stand: the lowest confidence, rounded up
 * to four decimals, that at most `WRONG_SHARE` of the answers that reach it are wrong.
 * @param digits `[count, outputs]`, of images of digits
 * @param labels `[count]` of these, 0-9
 * @param others `[any, outputs]`, of images that show no digit: any answer to them is wrong
 */
export function fitConfidence(
  temperature: number,
  digits: Float32Array,
  labels: Uint8Array,
  others: Float32Array,
): number {
  const outputs = digits.length / labels.length;
  const answersTo = (
    logits: Float32Array,
    isRight: (digit: number, row: number) => boolean,
  ): { confidence: number; right: boolean }[] => {
    const count = logits.length / outputs;
    const probabilities = probabilitiesAt(temperature, logits, count);
    return Array.from({ length: count }, (_, row) => {
      const digit = argmaxRow(probabilities, row, CLASS_COUNT);
      return { confidence: probabilities[row * CLASS_COUNT + digit] ?? 0, right: isRight(digit, row) };
    });
  };
  const answers = [
    ...answersTo(digits, (digit, row) => digit === labels[row]),
    ...answersTo(others, () => false),
  ].toSorted((a, b) => b.confidence - a.confidence);
  let lowest = 1;
  let wrong = 0;
  answers.forEach(({ confidence, right }, i) => {
    if (!right) wrong++;
    if (wrong <= WRONG_SHARE * (i + 1)) lowest = confidence;
  });
  return Math.ceil(lowest * 1e4) / 1e4;
}

/**
 * The threshold of a network that reads digits, on the validation images: `fitDigitThreshold`, or, of one that reads
 * thumbnails, which is a first stage, `fitConfidence`.
 * @param digits logits `[count, outputs]` of images of digits
 * @param labels `[count]` of these
 * @param others logits of images that show no digit
 */
export function fitThreshold(
  { shown }: NetworkPlan,
  temperature: number,
  digits: Float32Array,
  labels: Uint8Array,
  others: Float32Array = new Float32Array(0),
): number {
  if (shown === 'thumbnail') return fitConfidence(temperature, digits, labels, others);
  return fitDigitThreshold(temperature, digits, labels.length, shown === 'view' ? 'view' : 'frame');
}

/** Share of images, 0..1, that pass as digits at a threshold. @param logits `[count, outputs]` */
export function passingShare(
  temperature: number,
  logits: Float32Array,
  count: number,
  threshold: number,
): number {
  const probabilities = probabilitiesAt(temperature, logits, count);
  let passing = 0;
  for (let row = 0; row < count; row++) {
    passing += Number(anyDigitProbability(probabilities, row) >= threshold);
  }
  return passing / count;
}

/** The digits' probabilities `[count, 10]`. */
function probabilitiesAt(temperature: number, logits: Float32Array, count: number): Float32Array {
  return digitProbabilities(scaled(logits, 1 / temperature), logits.length / count);
}

/** The network whose logits are those of `weights`, divided by `temperature`. */
export function divideLogits(plan: NetworkPlan, weights: Weights, temperature: number): Weights {
  const last = plan.layers.at(-1);
  const parameters = Float32Array.from(weights.parameters);
  for (const { offset, size } of last?.parameters ?? []) {
    parameters.set(scaled(parameters.subarray(offset, offset + size), 1 / temperature), offset);
  }
  return { parameters, statistics: weights.statistics };
}

function scaled(values: Float32Array, factor: number): Float32Array {
  return values.map((value) => value * factor);
}

/** Where a function that falls and then rises is smallest: golden-section search (Kiefer, 1953). */
function minimize(
  f: (x: number) => number,
  [from, to]: readonly [number, number],
  precision: number,
): number {
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [from, to];
  let [left, right] = [high - golden * (high - low), low + golden * (high - low)];
  let [atLeft, atRight] = [f(left), f(right)];
  while (high - low > precision) {
    if (atLeft < atRight) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - golden * (high - low);
      atLeft = f(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + golden * (high - low);
      atRight = f(right);
    }
  }
  return (low + high) / 2;
}
