// Consumers whose `lib` is older know no Symbol.asyncDispose.
/// <reference lib="esnext.disposable" preserve="true" />
import { InkdigitError } from '../errors.js';
import type { ImageContent } from '../image/picture.js';
import { readImageSyncIfSmall } from '../image/read-image.js';
import { resultOf, type ReadOptions, type ReadResult } from '../reading/read-result.js';
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
   * Reads one image file: PNG, JPEG, GIF, BMP, WebP or TIFF.
   * @returns what was read, or the error that says why the image cannot be read
   * @throws the reason of `options.signal` when that is aborted
   */
  read(image: Uint8Array, options?: ReadOptions): Promise<ReadResult>;
  /**
   * One reading for each image file, in their order; for one that cannot be read, the error.
   * @deprecated Use `readAll`, whose results say by `ok` which of the two they are.
   */
  read(images: readonly Uint8Array[], options?: ReadOptions): Promise<(Reading | InkdigitError)[]>;
  /**
   * Reads image files together, which is faster than one after the other. One that cannot be read does not hold up
   * the others.
   * @returns one result for each image, in their order
   * @throws the reason of `options.signal` when that is aborted
   */
  readAll(images: readonly Uint8Array[], options?: ReadOptions): Promise<ReadResult[]>;
  /** Frees the native memory. More than one call does no harm. */
  close(): Promise<void>;
  /** The same as `close`, for `await using reader = await openDigitReader()`. */
  [Symbol.asyncDispose](): Promise<void>;
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
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= models.close());
  const readAll: DigitReader['readAll'] = async (images, readOptions = {}) => {
    return (await readInBatches(models, images, readOptions)).map(resultOf);
  };

  async function read(image: Uint8Array, readOptions?: ReadOptions): Promise<ReadResult>;
  async function read(
    images: readonly Uint8Array[],
    readOptions?: ReadOptions,
  ): Promise<(Reading | InkdigitError)[]>;
  async function read(
    images: Uint8Array | readonly Uint8Array[],
    readOptions: ReadOptions = {},
  ): Promise<ReadResult | (Reading | InkdigitError)[]> {
    if (!(images instanceof Uint8Array)) return readInBatches(models, images, readOptions);
    const [result] = await readAll([images], readOptions);
    if (!result) throw new Error('unreachable: there is a result for every image');
    return result;
  }

  return { card: models.card, read, readAll, close, [Symbol.asyncDispose]: close };
}

/** As many images as one inference takes are in memory at a time. */
async function readInBatches(
  models: DigitModels,
  images: readonly Uint8Array[],
  options: ReadOptions,
): Promise<(Reading | InkdigitError)[]> {
  options.signal?.throwIfAborted();
  const readings: (Reading | InkdigitError)[] = [];
  for (let from = 0; from < images.length; from += INFERENCE_BATCH) {
    readings.push(...(await readSome(models, images.slice(from, from + INFERENCE_BATCH), options)));
  }
  return readings;
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
  { signal, ...options }: ReadOptions,
): Promise<ImageContent | InkdigitError> {
  signal?.throwIfAborted();
  try {
    return await readImageSyncIfSmall(image, { ...options, ...(signal && { signal }) });
  } catch (thrown) {
    signal?.throwIfAborted();
    if (thrown instanceof InkdigitError) return thrown;
    throw thrown;
  }
}
