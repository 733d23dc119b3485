import { describe, expect, it } from 'vitest';
import { createProgressBar } from '../../../src/cli/terminal/progress-bar.js';
import {
  quantizeGridModel,
  quantizeReaderModel,
  type QuantizeJob,
} from '../../../src/cli/quantize/quantized-models.js';
import { exportModel } from '../../../src/network/export.js';
import type { NetworkPlan } from '../../../src/network/network.js';
import { fakeCard } from '../../helpers/models/fake-classifier.js';
import { fakePainter } from '../../helpers/models/fake-painter.js';
import { madeUpWeights, smallFinderPlan, smallReaderPlan } from '../../quantization/networks.js';
import { testIo } from '../test-io.js';

const painters = { training: fakePainter(), validation: fakePainter() };

function jobOf(plan: NetworkPlan): QuantizeJob {
  const weights = madeUpWeights(plan);
  return {
    from: 'x.onnx',
    bytes: exportModel(plan, weights),
    trained: { plan, weights },
    calibrationImages: 10,
    producerVersion: '1.2.3',
    bar: createProgressBar(testIo().stderr),
  };
}

describe('quantizeReaderModel', () => {
  it('says how it reads views of digits, and how many others pass', async () => {
    const { result, describe: lines } = await quantizeReaderModel(
      jobOf(smallReaderPlan()),
      'view',
      painters,
      60,
    );
    expect(result.digitThreshold).toBeGreaterThan(0);
    expect(lines(fakeCard()).join('\n')).toMatch(
      new RegExp(
        '^On 5\\d validation views of digits, \\d+ of which both classify alike:\n' +
          'floats  [\\d.]+ % correctly classified, log loss .*; [\\d.]+ % of the non-digits accepted\n' +
          'int8  [\\d.]+ % correctly classified, log loss .*; [\\d.]+ % of the non-digits accepted$',
      ),
    );
  });
});

describe('quantizeGridModel', () => {
  it('says how often it finds the digit, and how far its boxes are from those of floats', async () => {
    const { result, describe: lines } = await quantizeGridModel(
      jobOf(smallFinderPlan()),
      'overview',
      painters,
      20,
    );
    expect(result).toHaveProperty('boxShift');
    expect(lines(fakeCard()).join('\n')).toMatch(
      new RegExp(
        '^On 20 validation overviews with a digit; in \\d+ pictures both are surest of the same cell:\n' +
          'floats  [\\d.]+ % found, loss [\\d.]+\nint8  [\\d.]+ % found, loss [\\d.]+\n' +
          'The edges of its boxes lie \\d+\\.\\d\\d pixels from the others on average$',
      ),
    );
  });
});
