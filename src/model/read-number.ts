import { InkdigitError } from '../errors.js';
import type { ImageContent } from '../image/picture.js';
import { readImageSyncIfSmall } from '../image/read-image.js';
import {
  numberInContent,
  NUMBER_LARGEST_SIDE,
  numberQuestionOf,
  type NumberQuestion,
  type ReadNumberOptions,
} from '../reading/number-in-content.js';
import { openDigitModels, type DigitModels, type OpenedModels } from './digit-models.js';
import type { NumberReading } from './number-reading.js';
import { shippedModelPath } from './model-paths.js';
import { framePictures } from './pictures/frame-pictures.js';

/**
 * Reads every digit in what was decoded. A frame as MNIST has them is one digit; where there is no detector, so
 * is all else.
 */
export async function readNumberIn(
  models: DigitModels,
  content: ImageContent,
  question: NumberQuestion,
): Promise<NumberReading> {
  return numberInContent({ framePictures, ...models }, content, question);
}

/** Reads numbers in this process, without a server. */
export interface NumberReaderOfFiles {
  /**
   * One number for each image file (PNG, JPEG, GIF, BMP, WebP or TIFF), in their order; for one that is no image, the
   * error that says so.
   * @throws InkdigitError `invalid_option`
   */
  read(
    images: readonly Uint8Array[],
    options?: ReadNumberOptions,
  ): Promise<(NumberReading | InkdigitError)[]>;
  /** Frees the native memory. */
  close(): Promise<void>;
}

/**
 * Opens the shipped networks, or others.
 * @throws InkdigitError `missing_file` or `invalid_model`
 */
export async function openNumberReader(modelPath = shippedModelPath()): Promise<NumberReaderOfFiles> {
  const models = await openDigitModels(modelPath);
  return {
    read: (images, options = {}) => readAll(models, images, numberQuestionOf(options)),
    close: () => models.close(),
  };
}

async function readAll(
  models: DigitModels,
  images: readonly Uint8Array[],
  question: NumberQuestion,
): Promise<(NumberReading | InkdigitError)[]> {
  const readings: (NumberReading | InkdigitError)[] = [];
  for (const image of images) {
    try {
      const content = await readImageSyncIfSmall(image, { largestSide: NUMBER_LARGEST_SIDE });
      readings.push(await readNumberIn(models, content, question));
    } catch (thrown) {
      if (!(thrown instanceof InkdigitError)) throw thrown;
      readings.push(thrown);
    }
  }
  return readings;
}

let opening: Promise<OpenedModels> | undefined;

/**
 * Reads every digit in an image file, by the shipped networks, which are opened when they are first needed and stay
 * open.
 * @throws InkdigitError `not_an_image`, `truncated_image`, `corrupt_image`, `too_many_pixels` or `invalid_option`;
 * `missing_file` or `invalid_model` where the networks cannot be opened
 */
export async function readNumber(image: Uint8Array, options: ReadNumberOptions = {}): Promise<NumberReading> {
  const question = numberQuestionOf(options);
  const content = await readImageSyncIfSmall(image, { largestSide: NUMBER_LARGEST_SIDE });
  opening ??= openDigitModels(shippedModelPath()).catch((thrown: unknown) => {
    opening = undefined;
    throw thrown;
  });
  return readNumberIn(await opening, content, question);
}
