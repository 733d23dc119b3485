import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { findMisclassified, measure, wilsonInterval } from '../../src/evaluation/metrics.js';

/** Rows of ten probabilities: `probability` for `answer`, the rest shared out. */
function answers(...rows: readonly [answer: number, probability: number][]): Float32Array {
  return Float32Array.from(
    rows.flatMap(([answer, probability]) =>
      Array.from({ length: 10 }, (_, i) => (i === answer ? probability : (1 - probability) / 9)),
    ),
  );
}

describe('measure', () => {
  it('counts, by hand', () => {
    const metrics = measure(answers([3, 0.9], [3, 0.8], [5, 0.7], [1, 1]), Uint8Array.of(3, 5, 5, 1));
    expect(metrics.count).toBe(4);
    expect(metrics.correct).toBe(3);
    expect(metrics.accuracy).toBe(0.75);
    expect(metrics.confusion[5]?.[3]).toBe(1);
    expect(metrics.confusion[5]?.[5]).toBe(1);
    expect(metrics.digits[3]).toEqual({ count: 1, precision: 0.5, recall: 1 });
    expect(metrics.digits[5]).toEqual({ count: 2, precision: 1, recall: 0.5 });
    expect(metrics.digits[0]).toEqual({ count: 0, precision: 0, recall: 0 });
    const likelihoods = [0.9, 0.2 / 9, 0.7, 1].map((p) => -Math.log(p));
    expect(metrics.negativeLogLikelihood).toBeCloseTo(likelihoods.reduce((a, b) => a + b) / 4, 5);
    // Bins of 1/15: 0.9 and 0.7 and 0.8 and 1 each alone: |1-.9| + |0-.8| + |1-.7| + |1-1|, over 4.
    expect(metrics.calibrationError).toBeCloseTo((0.1 + 0.8 + 0.3) / 4, 5);
  });

  it('finds answers that are right as often as they say perfectly calibrated', () => {
    const rows = Array.from({ length: 100 }, (): [number, number] => [2, 0.8]);
    const labels = Uint8Array.from({ length: 100 }, (_, i) => (i < 80 ? 2 : 7));
    expect(measure(answers(...rows), labels).calibrationError).toBeCloseTo(0, 5);
  });

  it('caps the loss among the digits, whatever is left for none of them', () => {
    const rows = answers([3, 0.9], [3, 0.8], [5, 0.7], [1, 1]);
    const labels = Uint8Array.of(3, 5, 5, 1);
    const expected = (-Math.log(0.9) + 2 - Math.log(0.7)) / 4;
    expect(measure(rows, labels).cappedLogLoss).toBeCloseTo(expected, 5);
    const unsure = rows.map((probability, i) => probability * [0.9, 0.01, 0.5, 0.2][Math.floor(i / 10)]!);
    expect(measure(unsure, labels).cappedLogLoss).toBeCloseTo(expected, 5);
    expect(measure(unsure, labels).negativeLogLikelihood).toBeGreaterThan(2);
  });

  it('stays finite when a true digit got no probability, and with no images', () => {
    expect(measure(answers([0, 1]), Uint8Array.of(1)).negativeLogLikelihood).toBeLessThan(30);
    expect(measure(new Float32Array(), new Uint8Array())).toMatchObject({ accuracy: 0, interval95: [0, 1] });
  });
});

/** Images with random labels, and the probabilities of a model that is often right. */
const labelledAnswers = fc.array(
  fc.record({
    label: fc.integer({ min: 0, max: 9 }),
    weights: fc.array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: 10, maxLength: 10 }),
  }),
  { minLength: 1, maxLength: 60 },
);

function asArrays(images: readonly { label: number; weights: readonly number[] }[]): {
  probabilities: Float32Array;
  labels: Uint8Array;
} {
  const rows = images.flatMap(({ weights }) => {
    const sum = weights.reduce((a, b) => a + b);
    return weights.map((weight) => weight / sum);
  });
  return {
    probabilities: Float32Array.from(rows),
    labels: Uint8Array.from(images.map(({ label }) => label)),
  };
}

describe('the calibration bins', () => {
  it('hold what a search through all images finds, and add up to the calibration error', () => {
    fc.assert(
      fc.property(labelledAnswers, (images) => {
        const { probabilities, labels } = asArrays(images);
        const metrics = measure(probabilities, labels);
        const answered = [...labels].map((label, i) => {
          const row = [...probabilities.subarray(i * 10, i * 10 + 10)];
          const probability = Math.max(...row);
          return { probability, right: row.indexOf(probability) === label };
        });
        expect(metrics.calibration).toHaveLength(15);
        let error = 0;
        for (const [i, bin] of metrics.calibration.entries()) {
          const inside = answered.filter(
            ({ probability }) => Math.min(14, Math.floor(probability * 15)) === i,
          );
          expect(bin.count).toBe(inside.length);
          if (inside.length === 0) expect(bin).toEqual({ count: 0, probability: 0, accuracy: 0 });
          else {
            const mean = inside.reduce((sum, { probability }) => sum + probability, 0) / inside.length;
            expect(bin.probability).toBeCloseTo(mean, 9);
            expect(bin.accuracy).toBeCloseTo(inside.filter(({ right }) => right).length / inside.length, 9);
          }
          error += (bin.count / labels.length) * Math.abs(bin.accuracy - bin.probability);
        }
        expect(metrics.calibrationError).toBeCloseTo(error, 9);
      }),
    );
  });
});

describe('findMisclassified', () => {
  it('names each wrong answer, the most confident first', () => {
    const probabilities = answers([3, 0.6], [4, 0.9], [5, 0.95], [1, 1]);
    expect(findMisclassified(probabilities, Uint8Array.of(8, 4, 6, 1))).toEqual([
      { index: 2, truth: 6, answer: 5, probability: Math.fround(0.95) },
      { index: 0, truth: 8, answer: 3, probability: Math.fround(0.6) },
    ]);
  });

  it('finds as many as the confusion matrix has beside its diagonal', () => {
    fc.assert(
      fc.property(labelledAnswers, (images) => {
        const { probabilities, labels } = asArrays(images);
        const misclassified = findMisclassified(probabilities, labels);
        const { confusion, count, correct } = measure(probabilities, labels);
        expect(misclassified).toHaveLength(count - correct);
        const counted = Array.from({ length: 10 }, () => Array.from({ length: 10 }, () => 0));
        for (const { index, truth, answer } of misclassified) {
          expect(labels[index]).toBe(truth);
          counted[truth]![answer]! += 1;
        }
        for (let digit = 0; digit < 10; digit++) counted[digit]![digit] = confusion[digit]![digit]!;
        expect(counted).toEqual(confusion);
      }),
    );
  });
});

describe('wilsonInterval', () => {
  it('gives published values', () => {
    // Newcombe (1998), table I: 81 of 263 and 0 of 20.
    const [low, high] = wilsonInterval(81, 263);
    expect(low).toBeCloseTo(0.2553, 4);
    expect(high).toBeCloseTo(0.3662, 4);
    expect(wilsonInterval(0, 20)[1]).toBeCloseTo(0.1611, 4);
  });

  it('holds the measured share and lies within 0 and 1', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (count, part) => {
          const correct = Math.round(part * count);
          const [low, high] = wilsonInterval(correct, count);
          expect(low).toBeGreaterThanOrEqual(0);
          expect(high).toBeLessThanOrEqual(1);
          expect(low).toBeLessThanOrEqual(correct / count + 1e-12);
          expect(high).toBeGreaterThanOrEqual(correct / count - 1e-12);
        },
      ),
    );
  });
});
