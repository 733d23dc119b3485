import { readFile } from 'node:fs/promises';
import { InkdigitError } from '../errors.js';
import { faultAndAdvice } from '../files/file-fault.js';
import { FRAME_SIDE } from '../image/frame.js';
import { classifierOf, type Classifier } from '../reading/network-classifier.js';
import { thresholdIn } from '../reading/threshold.js';
import { sha256Of } from '../sha256.js';
import { parseModelCard, type ModelCard } from './card/card.js';
import { OUTPUT_COUNTS } from './contract.js';
import { readMetadata } from './runtime/metadata.js';
import { cardPath } from './model-paths.js';
import { openPixelNetwork } from './runtime/pixel-network.js';

export type { Classifier } from '../reading/network-classifier.js';

export interface ClassifierOptions {
  /** Threads one inference may use. One a process serves best: processes, not threads, use the cores. */
  readonly threads?: number;
  /** Side of the pictures that the model is to read; that of a frame if unsaid. */
  readonly side?: number | undefined;
}

/** A classifier and what its file says of itself. */
export interface Model {
  readonly classifier: Classifier;
  readonly card: ModelCard;
}

/**
 * Opens a model and the card beside it.
 * @throws InkdigitError `missing_file`, or `invalid_model` when the file is not a model of this contract
 * or is not the one that its card describes.
 */
export async function openModel(modelPath: string, options: ClassifierOptions = {}): Promise<Model> {
  const { bytes, card } = await readModelFiles(modelPath);
  return { classifier: await createClassifier(bytes, options, modelPath), card };
}

/**
 * Reads a model's file and the card beside it.
 * @throws InkdigitError `missing_file`, or `invalid_model` when the file is not the one that its card describes.
 */
export async function readModelFiles(
  modelPath: string,
): Promise<{ readonly bytes: Uint8Array; readonly card: ModelCard }> {
  const bytes = await readModelFile(modelPath);
  const card = await readModelCard(modelPath);
  const sha256 = sha256Of(bytes);
  if (sha256 === card.file.sha256) return { bytes, card };
  throw new InkdigitError(
    'invalid_model',
    `${modelPath} is not the model that ${cardPath(modelPath)} describes: expected SHA-256 ` +
      `${card.file.sha256}, got ${sha256} (${bytes.length} bytes). Restore the file, or train it again with ` +
      'inkdigit train.',
  );
}

/**
 * Reads the card beside a model.
 * @throws InkdigitError `missing_file` or `invalid_model`
 */
export async function readModelCard(modelPath: string): Promise<ModelCard> {
  const path = cardPath(modelPath);
  return parseModelCard(new TextDecoder().decode(await readModelFile(path)), path);
}

/**
 * Makes a classifier from the bytes of an ONNX file.
 * @throws InkdigitError `invalid_model` when they are no model, or not one with the input
 * `image` float32 [N,1,28,28] (or another side, as the options say) and the output `logits` [N,10] or [N,11].
 */
export async function createClassifier(
  bytes: Uint8Array,
  options: ClassifierOptions = {},
  source = 'the model',
): Promise<Classifier> {
  const { side = FRAME_SIDE } = options;
  const contract = { side, outputs: OUTPUT_COUNTS };
  const network = await openPixelNetwork(bytes, contract, options, source);
  let digitThreshold: number;
  try {
    digitThreshold = thresholdOf(bytes, source);
  } catch (thrown) {
    await network.close();
    throw thrown;
  }
  return classifierOf(network, digitThreshold, side, source);
}

/**
 * How probable it has to be to a model that an image is a digit: what its file says, 0 where it says nothing.
 * @throws InkdigitError `invalid_model`
 */
export function thresholdOf(bytes: Uint8Array, source: string): number {
  return thresholdIn(readMetadata(bytes), source);
}

/** @throws InkdigitError `missing_file` */
export async function readModelFile(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    const message = `Cannot read the model's file ${path}: ${faultAndAdvice(cause)}`;
    throw new InkdigitError('missing_file', message, { cause });
  }
}
