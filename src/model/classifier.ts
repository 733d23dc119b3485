import { readFile } from 'node:fs/promises';
import { InkdigitError } from '../errors.js';
import { faultAndAdvice } from '../files/file-fault.js';
import { FRAME_SIDE, sideOf, type FrameBatch } from '../image/frame.js';
import { sha256Of } from '../sha256.js';
import { parseModelCard, type ModelCard } from './card/card.js';
import { OUTPUT_COUNTS, THRESHOLD_KEY } from './contract.js';
import { readMetadata } from './runtime/metadata.js';
import { cardPath } from './model-paths.js';
import { openPixelNetwork } from './runtime/pixel-network.js';
import { digitProbabilities } from './softmax.js';

/** A model to use. */
export interface Classifier {
  /** Logits of an image: 10, one a digit, or 11, where the last one stands for non-digits. */
  readonly outputs: number;
  /** How probable, 0..1, it must be that an image is a digit; 0 where the model has no output for non-digits. */
  readonly digitThreshold: number;
  /**
   * @returns logits `[count, outputs]` of frames `[count, 28, 28]`, or of pictures of the side that the model reads.
   */
  logits(frames: FrameBatch): Promise<Float32Array>;
  /** @returns the digits' probabilities `[count, 10]`; what a row lacks to 1 is the probability that it is no digit. */
  probabilities(frames: FrameBatch): Promise<Float32Array>;
  /** Frees the native memory; the classifier cannot be used after it. */
  close(): Promise<void>;
}

export interface ClassifierOptions {
  /** Threads one inference may use. One a process serves best: processes, not threads, use the cores. */
  readonly threads?: number;
  /** Side of the pictures that the model is to read; that of a frame if unsaid. */
  readonly side?: number | undefined;
}

/**
 * What a model reads for each grey level: 0..1. Looked up, as a division a pixel takes longer than all else on the
 * way to the model.
 */
const LEVELS = Float32Array.from({ length: 256 }, (_, level) => level / 255);

/** Four pixels are looked at together where they can be: most of a frame is empty. */
function fillLevels(input: Float32Array, pixels: Uint8Array): void {
  const from = pixels.byteOffset % 4 === 0 ? input.length & ~3 : 0;
  if (from > 0) {
    input.fill(0);
    const words = new Uint32Array(pixels.buffer, pixels.byteOffset, from >> 2);
    for (let word = 0, i = 0; i < from; word++, i += 4) {
      if (words[word] === 0) continue;
      input[i] = LEVELS[pixels[i]!]!;
      input[i + 1] = LEVELS[pixels[i + 1]!]!;
      input[i + 2] = LEVELS[pixels[i + 2]!]!;
      input[i + 3] = LEVELS[pixels[i + 3]!]!;
    }
  }
  for (let i = from; i < input.length; i++) input[i] = LEVELS[pixels[i]!]!;
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
  const logits = async (frames: FrameBatch): Promise<Float32Array> => {
    if (frames.count > 0 && sideOf(frames) !== side) {
      throw new RangeError(
        `Expected pictures of side ${side}, as ${source} reads them; got ${sideOf(frames)}.`,
      );
    }
    return network.run(frames.count, (input) => fillLevels(input, frames.pixels));
  };
  return {
    outputs: network.outputs,
    digitThreshold,
    logits,
    probabilities: async (frames) => digitProbabilities(await logits(frames), network.outputs),
    close: () => network.close(),
  };
}

/**
 * How probable it has to be to a model that an image is a digit: what its file says, 0 where it says nothing.
 * @throws InkdigitError `invalid_model`
 */
export function thresholdOf(bytes: Uint8Array, source: string): number {
  const written = readMetadata(bytes).get(THRESHOLD_KEY) ?? '0';
  const threshold = Number(written);
  if (written.trim() !== '' && threshold >= 0 && threshold <= 1) return threshold;
  throw new InkdigitError(
    'invalid_model',
    `${source} says ${JSON.stringify(written)} for its ${THRESHOLD_KEY}; expected a number from 0 to 1.`,
  );
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
