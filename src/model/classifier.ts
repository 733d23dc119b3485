import { FRAME_SIDE } from '../image/frame.js';
import { classifierOf, type Classifier } from '../reading/network-classifier.js';
import { thresholdIn } from '../reading/threshold.js';
import type { ModelCard } from './card/card.js';
import { OUTPUT_COUNTS } from './contract.js';
import { readModelFiles } from './read-model-files.js';
import { readMetadata } from './runtime/metadata.js';
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
