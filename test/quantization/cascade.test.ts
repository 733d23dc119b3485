import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createClassifier, type Classifier } from '../../src/model/classifier.js';
import { logitsOf } from '../../src/model/logits-of.js';
import { digitProbabilities } from '../../src/model/softmax.js';
import { asConvNetwork } from '../../src/quantization/conv-network.js';
import { answeredFirst, fitConfidence, type StageAnswers } from '../../src/quantization/cascade.js';
import { exportCascade, exportIntegerModel } from '../../src/quantization/graphs.js';
import { quantizeNetwork, type IntegerNetwork } from '../../src/quantization/integer-network.js';
import { leastSquaresScale } from '../../src/quantization/scales.js';
import { observeActivations } from '../../src/quantization/observe.js';
import { quantizeModel } from '../../src/quantization/quantize.js';
import { exportModel } from '../../src/network/export.js';
import type { NetworkPlan } from '../../src/network/network.js';
import { drawnSet } from '../helpers/data/drawn-set.js';
import { madeUpWeights, smallPlan } from './networks.js';

async function integersOf(plan: NetworkPlan, seed: number): Promise<IntegerNetwork> {
  const { head, ...others } = asConvNetwork(plan, madeUpWeights(plan, seed));
  // Small logits: no network is sure of everything then.
  const network = { ...others, head: { ...head, kernels: head.kernels.map((weight) => 0.3 * weight) } };
  const histograms = await observeActivations(network, drawnSet(50, 3).frames);
  return quantizeNetwork(network, histograms.map(leastSquaresScale));
}

/** Probabilities `[count, 10]` of which one is told a row, the rest sharing what is left. */
function answers(
  ...rows: readonly (readonly [digit: number, probability: number, none?: number])[]
): Float32Array {
  return Float32Array.from(
    rows.flatMap(([digit, probability, none = 0]) =>
      Array.from({ length: 10 }, (_, i) => (i === digit ? probability : (1 - probability - none) / 9)),
    ),
  );
}

const nothing: StageAnswers = { first: new Float32Array(), second: new Float32Array() };

describe('fitConfidence', () => {
  it('asks for more than the first stage is sure of where the second reads otherwise', () => {
    const digits = {
      first: answers([3, 0.99], [4, 0.95105], [5, 0.97], [6, 0.2]),
      second: answers([3, 0.99], [9, 0.6], [5, 0.5], [8, 0.9]),
    };
    expect(fitConfidence(digits, nothing, 0)).toBe(0.9511);
  });

  it('asks for more than a probability that is a step itself', () => {
    const of = (first: number): StageAnswers => ({ first: answers([3, first]), second: answers([8, 0.9]) });
    // As float32 holds it, the first is a little less than what was written, the second a little more.
    expect([fitConfidence(of(0.95), nothing, 0), fitConfidence(of(0.9502), nothing, 0)]).toEqual([
      0.9501, 0.9503,
    ]);
  });

  it('never believes it below nine tenths', () => {
    const digits = { first: answers([3, 0.8]), second: answers([3, 0.9]) };
    expect(fitConfidence(digits, nothing, 0)).toBe(0.9);
  });

  it('leaves one image in twenty thousand out of account', () => {
    const rows = (count: number, odd: number): StageAnswers => ({
      first: answers(...Array.from({ length: count }, () => [1, 0.95005] as const)),
      second: answers(...Array.from({ length: count }, (_, i) => [i < odd ? 2 : 1, 0.9] as const)),
    });
    expect(fitConfidence(rows(19_999, 1), nothing, 0)).toBe(0.9501);
    expect(fitConfidence(rows(20_000, 1), nothing, 0)).toBe(0.9);
    expect(fitConfidence(rows(20_000, 2), nothing, 0)).toBe(0.9501);
  });

  it('asks for more than it is sure of what the second takes for no digit, but for one in a thousand', () => {
    const outliers = (count: number): StageAnswers => ({
      first: answers(
        [1, 0.98005],
        [2, 0.96005],
        ...Array.from({ length: count - 2 }, () => [3, 0.1] as const),
      ),
      second: answers(...Array.from({ length: count }, () => [1, 0.3, 0.6] as const)),
    });
    expect(fitConfidence(nothing, outliers(999), 0.5)).toBe(0.9801);
    expect(fitConfidence(nothing, outliers(1000), 0.5)).toBe(0.9601);
    // At a threshold that the second lets them pass, there is nothing to keep out.
    expect(fitConfidence(nothing, outliers(999), 0.4)).toBe(0.9);
  });

  it('refuses a first stage that is sure of what the second reads otherwise', () => {
    const digits = { first: answers([3, 0.99995]), second: answers([8, 0.9]) };
    expect(() => fitConfidence(digits, nothing, 0)).toThrow(
      expect.objectContaining({ code: 'invalid_model', message: expect.stringMatching(/too sure of what/) }),
    );
  });
});

describe('answeredFirst', () => {
  it('is the share of the images whose most probable digit is probable enough', () => {
    expect(answeredFirst(answers([3, 0.95], [4, 0.9], [5, 0.89], [6, 0.2]), 0.9)).toBe(0.5);
  });
});

describe.each([10, 11])('exportCascade, of networks of %i outputs', (outputs) => {
  const { frames } = drawnSet(60, 5);
  let first: IntegerNetwork;
  let second: IntegerNetwork;
  let alone: { readonly first: Float32Array; readonly second: Float32Array };
  /** How probable each image's most probable digit is to the first, the lowest first. */
  let confidences: number[];
  const readAll = async (model: Uint8Array): Promise<Float32Array> => {
    const classifier = await createClassifier(model);
    const logits = await logitsOf(classifier, frames);
    await classifier.close();
    return logits;
  };
  const confidenceOf = (row: number): number =>
    Math.max(...digitProbabilities(alone.first, outputs).subarray(row * 10, (row + 1) * 10));
  /**
   * Well between the confidences of two images, so that about this share of the images is below it; and how many
   * those are.
   */
  const confidenceBelow = (share: number): { readonly confidence: number; readonly below: number } => {
    const limits = [0, ...confidences, 2];
    const wide = Array.from(confidences, (_, below) => below)
      .concat(frames.count)
      .filter((below) => limits[below + 1]! - limits[below]! > 2e-6)
      .toSorted((a, b) => Math.abs(a - share * frames.count) - Math.abs(b - share * frames.count));
    const below = wide[0] ?? NaN;
    return { confidence: (limits[below]! + limits[below + 1]!) / 2, below };
  };
  beforeAll(async () => {
    // Their layers have the same names.
    first = await integersOf(smallPlan(outputs, 0), 1);
    second = await integersOf(smallPlan(outputs), 2);
    alone = {
      first: await readAll(exportIntegerModel(first)),
      second: await readAll(exportIntegerModel(second)),
    };
    confidences = Array.from({ length: frames.count }, (_, row) => confidenceOf(row)).toSorted(
      (a, b) => a - b,
    );
  });

  it.each([0, 0.3, 0.7, 1])(
    'gives the first logits or the second, the second to the share %d',
    async (share) => {
      const { confidence, below } = confidenceBelow(share);
      const both = await readAll(exportCascade({ first, second, confidence }));
      let seconds = 0;
      for (let row = 0; row < frames.count; row++) {
        const isSure = confidenceOf(row) >= confidence;
        seconds += Number(!isSure);
        const from = isSure ? alone.first : alone.second;
        const of = (logits: Float32Array): number[] => [
          ...logits.subarray(row * outputs, (row + 1) * outputs),
        ];
        expect(of(both)).toEqual(of(from));
      }
      expect(seconds).toBe(below);
      expect([below > 0, below < frames.count]).toEqual([share > 0, share < 1]);
    },
  );

  it('gives an image the same logits in any batch', async () => {
    const classifier: Classifier = await createClassifier(
      exportCascade({ first, second, confidence: confidenceBelow(0.5).confidence }),
    );
    const all = await classifier.logits(frames);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(frames.count - 1), { minLength: 1, maxLength: 40 }), async (rows) => {
        const pixels = new Uint8Array(rows.length * 784);
        rows.forEach((row, i) => pixels.set(frames.pixels.subarray(row * 784, (row + 1) * 784), i * 784));
        const logits = await classifier.logits({ count: rows.length, pixels });
        expect([...logits]).toEqual(
          rows.flatMap((row) => [...all.subarray(row * outputs, (row + 1) * outputs)]),
        );
      }),
      { numRuns: 30 },
    );
    await classifier.close();
  });
});

describe('quantizeModel with a first network', () => {
  it('writes both into one file, with the threshold of what they say together', async () => {
    // The first is the second itself, so that nothing speaks against it.
    const plan = smallPlan(11);
    const weights = madeUpWeights(plan);
    const reference = await createClassifier(exportModel(plan, weights));
    const validation = drawnSet(40, 2);
    const { frames: calibration } = drawnSet(40, 1);
    const settings = { calibration, validation, reference };
    const stages: string[] = [];
    const result = await quantizeModel(
      { plan, weights },
      { ...settings, first: { plan, weights }, onProgress: (stage) => stages.push(stage) },
    );
    const plain = await quantizeModel({ plan, weights }, settings);
    expect(result.cascade?.confidence).toBe(0.9);
    expect(plain).not.toHaveProperty('cascade');
    expect([...new Set(stages)]).toEqual(['calibrating', 'comparing', 'validating']);
    expect(result.model.length).toBeGreaterThan(1.8 * plain.model.length);
    const classifier = await createClassifier(result.model);
    expect(classifier).toMatchObject({ outputs: 11, digitThreshold: plain.digitThreshold });
    await Promise.all([reference.close(), classifier.close()]);
  });
});
