import { FRAME_PIXELS } from '../../../src/image/frame.js';
import { CLASS_COUNT } from '../../../src/model/contract.js';
import type { Classifier } from '../../../src/model/classifier.js';
import type { ModelCard } from '../../../src/model/card/card.js';
import { softmaxRows } from '../../../src/model/softmax.js';

/**
 * A classifier that is sure of the digit which is the first pixel's grey level modulo 10.
 * @param anyDigit how probable it finds it that an image is a digit at all
 */
export function fakeClassifier(digitThreshold = 0, anyDigit = 1): Classifier {
  const logits: Classifier['logits'] = async ({ count, pixels }) => {
    const rows = new Float32Array(count * CLASS_COUNT);
    for (let i = 0; i < count; i++) rows[i * CLASS_COUNT + (pixels[i * FRAME_PIXELS]! % CLASS_COUNT)] = 5;
    return rows;
  };
  return {
    outputs: CLASS_COUNT,
    digitThreshold,
    logits,
    probabilities: async (frames) =>
      softmaxRows(await logits(frames), CLASS_COUNT).map((probability) => probability * anyDigit),
    close: async () => {},
  };
}

/** The card of a model that never was trained. */
export function fakeCard(file: ModelCard['file'] = { bytes: 0, sha256: '0'.repeat(64) }): ModelCard {
  return {
    name: 'fake',
    network: { name: 'fake', layers: ['dense 10'], parameters: 0, multiplyAdds: 0 },
    input: { name: 'image', shape: ['N', 1, 28, 28] },
    output: { name: 'logits', shape: ['N', 10] },
    recipe: { optimizer: 'none' },
    seed: 1,
    epochs: 0,
    bestEpoch: 0,
    data: {},
    validation: { accuracy: 0.1, correct: 1, count: 10 },
    test: null,
    training: {
      seconds: 0,
      imagesPerSecond: 0,
      threads: 1,
      temperature: 1,
      finished: '2025-01-01T00:00:00Z',
    },
    versions: {},
    file,
  };
}
