import { describe, expect, it } from 'vitest';
import { measure } from '../../src/evaluation/metrics.js';
import { createClassifier } from '../../src/model/classifier.js';
import { softmaxRows } from '../../src/model/softmax.js';
import {
  divideLogits,
  fitConfidence,
  fitDigitThreshold,
  fitTemperature,
  measureAt,
  passingShare,
} from '../../src/evaluation/calibration.js';
import { exportModel } from '../../src/network/export.js';
import { planNetwork } from '../../src/network/network.js';
import { networkByName } from '../../src/network/networks.js';
import { createRandom, normal } from '../../src/random.js';

/** Logits whose softmax, divided by `temperature`, is the true chance of each label. */
function sample(count: number, temperature: number): { logits: Float32Array; labels: Uint8Array } {
  const random = createRandom(17);
  const logits = Float32Array.from({ length: count * 10 }, () => 3 * temperature * normal(random));
  const chances = softmaxRows(
    logits.map((logit) => logit / temperature),
    10,
  );
  const labels = Uint8Array.from({ length: count }, (_, row) => {
    let left = random();
    for (let digit = 0; digit < 9; digit++) {
      left -= chances[row * 10 + digit]!;
      if (left < 0) return digit;
    }
    return 9;
  });
  return { logits, labels };
}

describe('fitTemperature', () => {
  it.each([0.4, 1, 2.5])('finds the temperature %d that the labels were drawn with', (temperature) => {
    const { logits, labels } = sample(20_000, temperature);
    const fitted = fitTemperature(logits, labels);
    expect(fitted / temperature).toBeGreaterThan(0.96);
    expect(fitted / temperature).toBeLessThan(1.04);
    expect(measureAt(fitted, logits, labels).calibrationError).toBeLessThan(0.015);
  });

  it('is no worse than any other on a grid', () => {
    const { logits, labels } = sample(2_000, 1.7);
    const best = measureAt(fitTemperature(logits, labels), logits, labels).negativeLogLikelihood;
    for (let t = 0.1; t < 15; t *= 1.2) {
      expect(measureAt(t, logits, labels).negativeLogLikelihood).toBeGreaterThanOrEqual(best - 1e-7);
    }
  });

  it('makes little of a handful of right answers', () => {
    const logits = Float32Array.from({ length: 30 }, (_, i) => (i % 10 === 3 ? 5 : 0));
    const fitted = fitTemperature(logits, Uint8Array.of(3, 3, 3));
    expect(fitted).toBeGreaterThan(0.7);
    expect(fitted).toBeLessThan(1);
  });
});

describe('fitTemperature with few images', () => {
  it('weighs the likelihood of all against one normal prior of the logarithm', () => {
    const count = 5;
    const logits = Float32Array.from({ length: count * 10 }, (_, i) => (i % 10 === 3 ? 3 : 0));
    const labels = new Uint8Array(count).fill(3);
    /** Minus the logarithm of what is to be highest, less what is constant, by definition. */
    const cost = (temperature: number): number =>
      count * Math.log(1 + 9 * Math.exp(-3 / temperature)) + Math.log(temperature) ** 2 / 2;
    const fitted = fitTemperature(logits, labels);
    const grid = Array.from({ length: 2000 }, (_, i) => 0.1 * 1.002 ** i);
    const best = grid.reduce((a, b) => (cost(b) < cost(a) ? b : a));
    expect(fitted / best).toBeGreaterThan(0.997);
    expect(fitted / best).toBeLessThan(1.003);
  });
});

describe('fitDigitThreshold', () => {
  const random = createRandom(23);
  const logits = Float32Array.from({ length: 2_000 * 11 }, () => 2 * normal(random));

  /** How many of the images reach a threshold, by the definition of softmax. */
  function passing(threshold: number, temperature: number): number {
    let count = 0;
    for (let row = 0; row < 2_000; row++) {
      const powers = [...logits.subarray(row * 11, row * 11 + 11)].map((logit) =>
        Math.exp(logit / temperature),
      );
      const sum = powers.reduce((a, b) => a + b, 0);
      if (1 - powers[10]! / sum >= threshold) count++;
    }
    return count;
  }

  it.each([0.5, 1, 3])('lets 99.8 %% of the images pass, and is no lower than that takes', (temperature) => {
    const threshold = fitDigitThreshold(temperature, logits, 2_000);
    expect(passing(threshold, temperature)).toBeGreaterThanOrEqual(1_996);
    expect(passing(threshold + 0.0002, temperature)).toBeLessThanOrEqual(1_996);
    expect(passingShare(temperature, logits, 2_000, threshold)).toBe(passing(threshold, temperature) / 2_000);
    expect(passingShare(temperature, logits, 2_000, 0.5)).toBe(passing(0.5, temperature) / 2_000);
    expect(String(threshold).length).toBeLessThanOrEqual('0.1234'.length);
  });

  it('lets all of a few images pass', () => {
    const few = logits.subarray(0, 30 * 11);
    const threshold = fitDigitThreshold(1, few, 30);
    for (let row = 0; row < 30; row++) {
      const powers = [...few.subarray(row * 11, row * 11 + 11)].map(Math.exp);
      const sum = powers.reduce((a, b) => a + b, 0);
      expect(1 - powers[10]! / sum).toBeGreaterThanOrEqual(threshold);
    }
  });

  it('lets no digit be lost below 500, and one of 500', () => {
    // Told apart by one image that is no digit, nearly.
    const thresholdOf = (count: number): number => {
      const of = new Float32Array(count * 11);
      of[10] = 9;
      return fitDigitThreshold(1, of, count);
    };
    expect(thresholdOf(499)).toBeCloseTo(10 / (10 + Math.exp(9)), 4);
    expect([500, 5_000].map(thresholdOf)).toEqual([0.909, 0.909]);
  });

  it('lets a digit pass that is as probable as the threshold asks', () => {
    const certain = Float32Array.from({ length: 11 }, (_, i) => (i === 0 ? 1000 : 0));
    expect(passingShare(1, certain, 1, 1)).toBe(1);
  });

  it('is 0 for a network of ten outputs', () => {
    expect(fitDigitThreshold(1, sample(50, 1).logits, 50)).toBe(0);
  });
});

describe('divideLogits', () => {
  it('divides the logits of the exported model and changes no answer', async () => {
    const plan = planNetwork(networkByName('compact'));
    const random = createRandom(3);
    const weights = {
      parameters: Float32Array.from({ length: plan.parameterCount }, () => 0.1 * normal(random)),
      statistics: new Float32Array(plan.statisticCount).fill(1),
    };
    const frames = {
      count: 3,
      pixels: Uint8Array.from({ length: 3 * 784 }, () => Math.floor(256 * random())),
    };
    const run = async (temperature: number): Promise<Float32Array> => {
      const classifier = await createClassifier(exportModel(plan, divideLogits(plan, weights, temperature)));
      const logits = await classifier.logits(frames);
      await classifier.close();
      return logits;
    };
    const [plain, divided] = [await run(1), await run(2.5)];
    divided.forEach((logit, i) => expect(logit).toBeCloseTo(plain[i]! / 2.5, 5));
    const labels = new Uint8Array(3);
    expect(measure(divided, labels).confusion).toEqual(measure(plain, labels).confusion);
  });
});

describe('fitConfidence', () => {
  /** Logits of two outputs that count: the first digit's, and that of non-digits. */
  const logitsOf = (zeros: readonly number[]): Float32Array =>
    Float32Array.from(zeros.flatMap((logit) => [logit, ...Array.from({ length: 9 }, () => -50), 0]));
  const confidenceOf = (logit: number): number => 1 / (1 + Math.exp(-logit));

  it('is the lowest at which hardly an answer that stands is wrong', () => {
    // A thousand right answers, 18 wrong ones that are surer, and more below.
    const digits = logitsOf([
      ...Array.from({ length: 1000 }, (_, i) => 2 + i / 1000),
      ...Array<number>(18).fill(4),
    ]);
    const labels = new Uint8Array(1018).fill(1, 1000);
    const others = logitsOf([1.5, 1.4, 1.3, 1.2]);
    const confidence = fitConfidence(1, digits, labels, others);
    expect(confidence).toBeGreaterThanOrEqual(confidenceOf(1.4));
    expect(confidence).toBeLessThan(confidenceOf(1.4) + 2e-4);
  });

  it('lets nothing stand where the surest answers are wrong', () => {
    expect(fitConfidence(1, logitsOf([1, 2, 3]), Uint8Array.of(0, 0, 5), logitsOf([]))).toBe(1);
    expect(fitConfidence(1, logitsOf([1, 2]), Uint8Array.of(0, 0), logitsOf([3]))).toBe(1);
  });

  it('looks at the temperature that answers are given with', () => {
    const digits = logitsOf([3, 2, 1]);
    const others = logitsOf([0.5]);
    const confidence = fitConfidence(2, digits, Uint8Array.of(0, 0, 0), others);
    expect(confidence).toBeCloseTo(confidenceOf(0.5), 3);
  });
});
