import { describe, expect, it } from 'vitest';
import { createClassifier } from '../../src/model/classifier.js';
import { asConvNetwork } from '../../src/quantization/conv-network.js';
import { observeActivations } from '../../src/quantization/observe.js';
import { quantizeModel } from '../../src/quantization/quantize.js';
import { fitDigitThreshold } from '../../src/training/calibration.js';
import { exportModel } from '../../src/training/export.js';
import { convBlock, planNetwork } from '../../src/training/network.js';
import { networkByName, networkNames } from '../../src/training/networks.js';
import { drawnSet } from '../helpers/drawn-set.js';
import { madeUpWeights, smallPlan } from './networks.js';

describe('quantizeModel', () => {
  it.each([10, 11])(
    'keeps the logits of a network of %i outputs, and sets its threshold',
    async (outputs) => {
      const plan = smallPlan(outputs);
      const weights = madeUpWeights(plan);
      const reference = await createClassifier(exportModel(plan, weights));
      const validation = drawnSet(500, 2);
      const { frames: calibration } = drawnSet(100, 1);
      const result = await quantizeModel({ plan, weights }, { calibration, validation, reference });
      const classifier = await createClassifier(result.model);
      const floats = await reference.logits(validation.frames);
      const integers = await classifier.logits(validation.frames);
      const power = floats.reduce((sum, value) => sum + value ** 2, 0);
      const error = floats.reduce((sum, value, i) => sum + (value - integers[i]!) ** 2, 0);
      // Of a dozen made-up networks 1 to 9 %: what they tell apart is small beside what they compute with.
      expect(Math.sqrt(error / power)).toBeLessThan(0.1);
      expect(classifier.outputs).toBe(outputs);
      expect(result.digitThreshold).toBe(fitDigitThreshold(1, integers, 500));
      expect(classifier.digitThreshold).toBe(result.digitThreshold);
      expect(result.digitThreshold > 0).toBe(outputs === 11);
      expect(result.validation.count).toBe(500);
      expect(result.agreeing).toBeGreaterThan(450);
      await Promise.all([reference.close(), classifier.close()]);
    },
  );

  it('gives the answers of an image alone within any batch', async () => {
    const plan = smallPlan();
    const weights = madeUpWeights(plan);
    const reference = await createClassifier(exportModel(plan, weights));
    const validation = drawnSet(20, 2);
    const { model } = await quantizeModel(
      { plan, weights },
      {
        calibration: validation.frames,
        validation,
        reference,
      },
    );
    const classifier = await createClassifier(model);
    const together = await classifier.logits(validation.frames);
    for (let i = 0; i < 20; i++) {
      const pixels = validation.frames.pixels.subarray(i * 784, (i + 1) * 784);
      const alone = await classifier.logits({ count: 1, pixels });
      alone.forEach((logit, j) => expect(logit).toBeCloseTo(together[i * 10 + j]!, 5));
    }
    await Promise.all([reference.close(), classifier.close()]);
  });
});

describe('asConvNetwork', () => {
  it.each(networkNames())('has a form for the network %s', (name) => {
    const plan = planNetwork(networkByName(name));
    const { layers, head } = asConvNetwork(plan, madeUpWeights(plan));
    expect(layers.length).toBeGreaterThan(2);
    expect(head.shape[1]).toBe(10);
  });

  it('refuses a network of another form and names the layer', () => {
    const averaging = [
      ...convBlock(8, 3),
      { kind: 'globalAveragePool' },
      { kind: 'dense', units: 10 },
    ] as const;
    const plan = planNetwork({ name: 'averaging', layers: averaging });
    expect(() => asConvNetwork(plan, madeUpWeights(plan))).toThrow(
      expect.objectContaining({
        code: 'invalid_graph',
        message: expect.stringMatching(/averaging cannot be made one of 8 bits: .*3_globalAveragePool/),
      }),
    );
  });

  it('refuses a convolution without a relu', () => {
    const [conv, batchNorm] = convBlock(8, 3);
    const plan = planNetwork({
      name: 'linear',
      layers: [conv!, batchNorm!, { kind: 'maxPool' }, { kind: 'flatten' }, { kind: 'dense', units: 10 }],
    });
    expect(() => asConvNetwork(plan, madeUpWeights(plan))).toThrow(/a relu behind .*0_conv/);
  });
});

describe('observeActivations', () => {
  it('counts what leaves each convolution, as far as it is more than 0', async () => {
    const plan = smallPlan();
    const network = asConvNetwork(plan, madeUpWeights(plan));
    const { frames } = drawnSet(40, 5);
    const histograms = await observeActivations(network, frames);
    expect(histograms.length).toBe(5);
    const sizes = [4 * 144, 8 * 144, 16 * 9, 16, 12];
    histograms.forEach(({ max, counts }, i) => {
      const seen = counts.reduce((a, b) => a + b, 0);
      expect(max).toBeGreaterThan(0);
      expect(counts.at(-1)).toBeGreaterThan(0);
      expect(seen).toBeGreaterThan(0);
      expect(seen).toBeLessThanOrEqual(40 * sizes[i]!);
    });
  });
});
