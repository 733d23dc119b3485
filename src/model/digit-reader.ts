import { InkdigitError } from '../errors.js';
import type { NormalizeMode } from '../image/normalize-mode.js';
import type { ImageContent } from '../image/picture.js';
import { readImageSyncIfSmall } from '../image/read-image.js';
import type { ModelCard } from './card/card.js';
import type { ClassifierOptions } from './classifier.js';
import { openDigitModels, readContents, type DigitModels } from './digit-models.js';
import { INFERENCE_BATCH } from './logits-of.js';
import { shippedModelPath } from './model-paths.js';
import type { Reading } from './readings.js';

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
  /** Which images the digit is to be found in. Default `auto`: those that are no frames as MNIST's are. */
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
  const models = await openDigitModels(modelPath, options);
  return {
    card: models.card,
    async read(images, readOptions = {}) {
      const readings: (Reading | InkdigitError)[] = [];
      // As many as one inference takes are in memory at a time.
      for (let from = 0; from < images.length; from += INFERENCE_BATCH) {
        const some = images.slice(from, from + INFERENCE_BATCH);
        readings.push(...(await readSome(models, some, readOptions)));
      }
      return readings;
    },
    close: () => models.close(),
  };
}

async function readSome(
  models: DigitModels,
  images: readonly Uint8Array[],
  options: ReadOptions,
): Promise<(Reading | InkdigitError)[]> {
  const contents: (ImageContent | InkdigitError)[] = [];
  // One after the other, so that one decoded picture is in memory at a time.
  for (const image of images) contents.push(await contentOrError(image, options));
  const readable = contents.flatMap((content) => (content instanceof InkdigitError ? [] : [content]));
  const readings = (await readContents(models, readable)).values();
  return contents.map((content) => {
    if (content instanceof InkdigitError) return content;
    const { done, value } = readings.next();
    if (done) throw new Error('unreachable: there is a reading for every image');
    return value.reading;
  });
}

async function contentOrError(
  image: Uint8Array,
  options: ReadOptions,
): Promise<ImageContent | InkdigitError> {
  try {
    return await readImageSyncIfSmall(image, options);
  } catch (thrown) {
    if (thrown instanceof InkdigitError) return thrown;
    throw thrown;
  }
}
