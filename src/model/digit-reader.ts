import { InkdigitError } from '../errors.js';
import { packFrames, type Frame } from '../image/frame.js';
import type { NormalizeMode } from '../image/normalize-mode.js';
import { readFrame } from '../image/read-frame.js';
import type { ModelCard } from './card.js';
import { openModel, type ClassifierOptions } from './classifier.js';
import { readingsOf, type Reading } from './readings.js';
import { logitsOf } from './logits-of.js';
import { digitProbabilities } from './softmax.js';
import { shippedModelPath } from './model-paths.js';

/** Reads digits in this process, without a server. */
export interface DigitReader {
  /** What the model says of itself. */
  readonly card: ModelCard;
  /**
   * One reading for each image file (PNG, JPEG, GIF, BMP, WebP or TIFF), in their order; for one that is no image,
   * the error that says so, so that it does not hold up the others.
   */
  read(images: readonly Uint8Array[], options?: ReadOptions): Promise<(Reading | InkdigitError)[]>;
  /** Frees the native memory. */
  close(): Promise<void>;
}

export interface ReadOptions {
  /** Whether to look for the digit in each picture. Default `auto`: unless it is a frame as MNIST's are. */
  readonly normalize?: NormalizeMode;
}

/**
 * Opens the shipped model, or another.
 * @throws InkdigitError `missing_file` or `invalid_model`
 */
export async function openDigitReader(
  modelPath = shippedModelPath(),
  options: ClassifierOptions = {},
): Promise<DigitReader> {
  const { classifier, card } = await openModel(modelPath, options);
  return {
    card,
    async read(images, readOptions = {}) {
      const results: (Frame | InkdigitError)[] = [];
      // One after the other, so that one decoded picture is in memory at a time.
      for (const image of images) results.push(await frameOrError(image, readOptions));
      const frames = results.filter((result): result is Frame => !(result instanceof InkdigitError));
      const batch = packFrames(frames);
      const probabilities = digitProbabilities(await logitsOf(classifier, batch), classifier.outputs);
      const readings = readingsOf(batch, probabilities, classifier.digitThreshold).values();
      return results.map((result) => {
        if (result instanceof InkdigitError) return result;
        const { done, value } = readings.next();
        if (done) throw new Error('unreachable: there is a reading for every frame');
        return value;
      });
    },
    close: () => classifier.close(),
  };
}

async function frameOrError(image: Uint8Array, options: ReadOptions): Promise<Frame | InkdigitError> {
  try {
    return await readFrame(image, options);
  } catch (thrown) {
    if (thrown instanceof InkdigitError) return thrown;
    throw thrown;
  }
}
