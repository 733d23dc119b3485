import { GRIDS, isGridShown } from '../../src/model/contract.js';
import { describe, expect, it } from 'vitest';
import { createClassifier } from '../../src/model/classifier.js';
import { asConvNetwork } from '../../src/quantization/conv-network.js';
import { observeActivations } from '../../src/quantization/observe.js';
import { quantizeModel } from '../../src/quantization/quantize.js';
import { fitDigitThreshold, passingShare } from '../../src/evaluation/calibration.js';
import { exportModel } from '../../src/network/export.js';
import { withAndWithoutDigits } from '../../src/training/run/validators.js';
import { conv, convBlock, planNetwork } from '../../src/network/network.js';
import { networkByName, networkNames } from '../../src/network/networks.js';
import { scenesToCalibrateOn, scenesToChooseBy } from '../../src/training/scenes/scene-sets.js';
import { drawnSet } from '../helpers/data/drawn-set.js';
import { fakePainter } from '../helpers/models/fake-painter.js';
import { madeUpWeights, smallPlan, smallReaderPlan } from './networks.js';

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
      // The same images, the same file.
      const again = await quantizeModel({ plan, weights }, { calibration, validation, reference });
      expect(Buffer.from(again.model).equals(result.model)).toBe(true);
      await Promise.all([reference.close(), classifier.close()]);
    },
  );

  it('quantizes a network that reads views to int8, and measures its false accept rate', async () => {
    const plan = smallReaderPlan();
    const weights = madeUpWeights(plan);
    const side = 64;
    const reference = await createClassifier(exportModel(plan, weights), { side });
    const { digits, others } = withAndWithoutDigits(scenesToChooseBy(fakePainter(), 'view', 80));
    const result = await quantizeModel(
      { plan, weights },
      {
        calibration: scenesToCalibrateOn(fakePainter(), 'view', 20),
        validation: digits,
        outliers: others,
        reference,
      },
    );
    const classifier = await createClassifier(result.model, { side });
    const integers = await classifier.logits(digits.frames);
    const threshold = fitDigitThreshold(1, integers, digits.labels.length, 'view');
    const floats = await reference.logits(digits.frames);
    const thresholdOfFloats = fitDigitThreshold(1, floats, digits.labels.length, 'view');
    expect(result).toMatchObject({
      digitThreshold: threshold,
      validation: { count: digits.labels.length },
      reference: { count: digits.labels.length },
      passing: {
        validation: passingShare(1, await classifier.logits(others), others.count, threshold),
        reference: passingShare(1, await reference.logits(others), others.count, thresholdOfFloats),
      },
    });
    expect(classifier.digitThreshold).toBe(threshold);
    expect(result.agreeing).toBeGreaterThan(0.9 * digits.labels.length);
    await Promise.all([reference.close(), classifier.close()]);
  });

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
    const { input, layers, head } = asConvNetwork(plan, madeUpWeights(plan));
    expect(input).toEqual(plan.input);
    expect(layers.length).toBeGreaterThan(2);
    if (isGridShown(plan.shown)) {
      expect(head).toMatchObject({
        kind: 'conv',
        shape: [GRIDS[plan.shown].planes, expect.any(Number), 3, 3],
      });
    } else expect(head.shape[1]).toBe(plan.outputs);
  });

  it('refuses a finder that is one convolution', () => {
    const plan = planNetwork({
      name: 'single',
      shown: 'overview',
      layers: [conv(6, 16, { stride: 16, padding: 0 }), { kind: 'flatten' }],
    });
    expect(() => asConvNetwork(plan, madeUpWeights(plan))).toThrow(
      expect.objectContaining({
        code: 'invalid_graph',
        message: expect.stringMatching(/single .* a convolution with a relu before the last layer; .*0_conv/),
      }),
    );
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
        message: expect.stringMatching(/averaging cannot be quantized to int8: .*3_globalAveragePool/),
      }),
    );
  });

  it('refuses a convolution without a relu', () => {
    const [convolution, batchNorm] = convBlock(8, 3);
    const plan = planNetwork({
      name: 'linear',
      layers: [
        convolution!,
        batchNorm!,
        { kind: 'maxPool' },
        { kind: 'flatten' },
        { kind: 'dense', units: 10 },
      ],
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
