import { readFile } from 'node:fs/promises';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { InkdigitError, messageOf } from '../errors.js';
import { FRAME_PIXELS, FRAME_SIDE, type FrameBatch } from '../image/frame.js';
import { sha256Of } from '../sha256.js';
import { parseModelCard, type ModelCard } from './card.js';
import { CLASS_COUNT, MODEL_INPUT, MODEL_OUTPUT } from './contract.js';
import { cardPath } from './model-paths.js';
import { softmaxRows } from './softmax.js';

/** A model to use. */
export interface Classifier {
  /** @returns logits `[count, 10]` of frames `[count, 28, 28]`. */
  logits(frames: FrameBatch): Promise<Float32Array>;
  /** @returns softmax probabilities `[count, 10]`, each row adding up to 1. */
  probabilities(frames: FrameBatch): Promise<Float32Array>;
  /** Frees the native memory; the classifier cannot be used after it. */
  close(): Promise<void>;
}

export interface ClassifierOptions {
  /** Threads one inference may use. One a process serves best: processes, not threads, use the cores. */
  readonly threads?: number;
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
  return parseModelCard((await readModelFile(path)).toString('utf8'), path);
}

/**
 * Makes a classifier from the bytes of an ONNX file.
 * @throws InkdigitError `invalid_model` when they are no model, or not one with the input
 * `image` float32 [N,1,28,28] and the output `logits` [N,10].
 */
export async function createClassifier(
  bytes: Uint8Array,
  options: ClassifierOptions = {},
  source = 'the model',
): Promise<Classifier> {
  let session: InferenceSession;
  try {
    session = await InferenceSession.create(bytes, {
      intraOpNumThreads: options.threads ?? 1,
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
  try {
    checkContract(session, source);
  } catch (thrown) {
    await session.release();
    throw thrown;
  }

  const logits = async (frames: FrameBatch): Promise<Float32Array> => {
    if (frames.count === 0) return new Float32Array(0);
    const input = new Float32Array(frames.count * FRAME_PIXELS);
    for (let i = 0; i < input.length; i++) input[i] = frames.pixels[i]! / 255;
    const feeds = { [MODEL_INPUT]: new Tensor('float32', input, [frames.count, 1, FRAME_SIDE, FRAME_SIDE]) };
    const output = (await session.run(feeds))[MODEL_OUTPUT];
    if (!(output?.data instanceof Float32Array) || output.data.length !== frames.count * CLASS_COUNT) {
      throw new InkdigitError(
        'invalid_model',
        `${source} answered ${output?.type} [${output?.dims.join(',')}]; expected float32 [${frames.count},${CLASS_COUNT}].`,
      );
    }
    return output.data;
  };
  return {
    logits,
    probabilities: async (frames) => softmaxRows(await logits(frames), CLASS_COUNT),
    close: () => session.release(),
  };
}

function checkContract(session: InferenceSession, source: string): void {
  const [input, ...moreInputs] = session.inputMetadata;
  const output = session.outputMetadata.find((o) => o.name === MODEL_OUTPUT);
  const describe = (values: readonly InferenceSession.ValueMetadata[]): string =>
    values.map((v) => (v.isTensor ? `${v.name} ${v.type} [${v.shape.join(',')}]` : v.name)).join(', ') ||
    'none';
  const fits =
    moreInputs.length === 0 &&
    input?.isTensor === true &&
    input.name === MODEL_INPUT &&
    input.type === 'float32' &&
    input.shape.length === 4 &&
    typeof input.shape[0] === 'string' &&
    input.shape.slice(1).join() === `1,${FRAME_SIDE},${FRAME_SIDE}` &&
    output?.isTensor === true &&
    output.type === 'float32' &&
    output.shape.length === 2 &&
    output.shape[1] === CLASS_COUNT;
  if (fits) return;
  throw new InkdigitError(
    'invalid_model',
    `${source} is an ONNX model of another kind: expected the input ${MODEL_INPUT} float32 [N,1,${FRAME_SIDE},${FRAME_SIDE}] ` +
      `and the output ${MODEL_OUTPUT} float32 [N,${CLASS_COUNT}]; it has the input ${describe(session.inputMetadata)} ` +
      `and the output ${describe(session.outputMetadata)}.`,
  );
}

/** @throws InkdigitError `missing_file` */
export async function readModelFile(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new InkdigitError('missing_file', `Cannot read the model's file ${path}: ${messageOf(cause)}`, {
      cause,
    });
  }
}
