import { readFile } from 'node:fs/promises';
import { InkdigitError, messageOf } from '../errors.js';
import { faultAndAdvice } from '../file-fault.js';
import { FRAME_SIDE, sideOf, type FrameBatch } from '../image/frame.js';
import { sha256Of } from '../sha256.js';
import { parseModelCard, type ModelCard } from './card.js';
import { MODEL_INPUT, MODEL_OUTPUT, OUTPUT_COUNTS, THRESHOLD_KEY } from './contract.js';
import { readMetadata } from './metadata.js';
import { cardPath } from './model-paths.js';
import { InferenceSession, Tensor } from './onnx-runtime.js';
import { digitProbabilities } from './softmax.js';

/** A model to use. */
export interface Classifier {
  /** Logits of an image: 10, one a digit, or 11, where the last one stands for what is no digit. */
  readonly outputs: number;
  /** How probable, 0..1, it must be that an image is a digit; 0 where the model does not know what is none. */
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

/** What a model reads for each grey level: 0..1. Looked up, as a division a pixel takes longer than all else on the way to the model. */
const LEVELS = Float32Array.from({ length: 256 }, (_, level) => level / 255);

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
  const bytes = await readModelFile(modelPath);
  const card = await readModelCard(modelPath);
  const sha256 = sha256Of(bytes);
  if (sha256 !== card.file.sha256) {
    throw new InkdigitError(
      'invalid_model',
      `${modelPath} is not the model that ${cardPath(modelPath)} describes: expected SHA-256 ` +
        `${card.file.sha256}, got ${sha256} (${bytes.length} bytes). Restore the file, or train it again with inkdigit train.`,
    );
  }
  return { classifier: await createClassifier(bytes, options, modelPath), card };
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
  const { threads = 1, side = FRAME_SIDE } = options;
  let session: InferenceSession;
  try {
    session = await InferenceSession.create(bytes, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'all',
    });
  } catch (cause) {
    throw new InkdigitError(
      'invalid_model',
      `${source} cannot be opened as an ONNX model (${bytes.length} bytes): ${messageOf(cause)}`,
      { cause },
    );
  }
  let outputs: number;
  let digitThreshold: number;
  try {
    outputs = checkContract(session, side, source);
    digitThreshold = thresholdOf(bytes, source);
  } catch (thrown) {
    await session.release();
    throw thrown;
  }

  // A run takes its memory from here and gives it back: three kilobytes an image, anew for each run, would pile up
  // outside the heap until it is collected. Runs that overlap have their own.
  let spare = new Float32Array(0);
  const logits = async (frames: FrameBatch): Promise<Float32Array> => {
    if (frames.count === 0) return new Float32Array(0);
    if (sideOf(frames) !== side) {
      throw new RangeError(
        `Expected pictures of side ${side}, as ${source} reads them; got ${sideOf(frames)}.`,
      );
    }
    const size = frames.count * side ** 2;
    const memory = spare.length >= size ? spare : new Float32Array(size);
    spare = new Float32Array(0);
    const input = memory.subarray(0, size);
    for (let i = 0; i < size; i++) input[i] = LEVELS[frames.pixels[i]!]!;
    const feeds = { [MODEL_INPUT]: new Tensor('float32', input, [frames.count, 1, side, side]) };
    const output = (await session.run(feeds))[MODEL_OUTPUT];
    spare = memory;
    if (!(output?.data instanceof Float32Array) || output.data.length !== frames.count * outputs) {
      throw new InkdigitError(
        'invalid_model',
        `${source} answered ${output?.type} [${output?.dims.join(',')}]; expected float32 [${frames.count},${outputs}].`,
      );
    }
    return output.data;
  };
  return {
    outputs,
    digitThreshold,
    logits,
    probabilities: async (frames) => digitProbabilities(await logits(frames), outputs),
    close: () => session.release(),
  };
}

/** @returns how many outputs the model has */
function checkContract(session: InferenceSession, side: number, source: string): number {
  const [input, ...moreInputs] = session.inputMetadata;
  const output = session.outputMetadata.find((o) => o.name === MODEL_OUTPUT);
  const describe = (values: InferenceSession['inputMetadata']): string =>
    values.map((v) => (v.isTensor ? `${v.name} ${v.type} [${v.shape.join(',')}]` : v.name)).join(', ') ||
    'none';
  const fits =
    moreInputs.length === 0 &&
    input?.isTensor === true &&
    input.name === MODEL_INPUT &&
    input.type === 'float32' &&
    input.shape.length === 4 &&
    typeof input.shape[0] === 'string' &&
    input.shape.slice(1).join() === `1,${side},${side}` &&
    output?.isTensor === true &&
    output.type === 'float32' &&
    output.shape.length === 2;
  const outputs =
    output?.isTensor === true ? OUTPUT_COUNTS.find((count) => count === output.shape[1]) : undefined;
  if (fits && outputs !== undefined) return outputs;
  throw new InkdigitError(
    'invalid_model',
    `${source} is an ONNX model of another kind: expected the input ${MODEL_INPUT} float32 [N,1,${side},${side}] ` +
      `and the output ${MODEL_OUTPUT} float32 [N,${OUTPUT_COUNTS.join(' or ')}]; it has the input ${describe(session.inputMetadata)} ` +
      `and the output ${describe(session.outputMetadata)}.`,
  );
}

function thresholdOf(bytes: Uint8Array, source: string): number {
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
