import { InkdigitError, messageOf } from '../../errors.js';
import { MODEL_INPUT, MODEL_OUTPUT, type NetworkContract, type PixelNetwork } from '../contract.js';
import { InferenceSession, Tensor } from './onnx-runtime.js';

export interface InferenceOptions {
  /** Threads one inference may use; one if unsaid. */
  readonly threads?: number;
}

/**
 * Opens an ONNX file.
 * @throws InkdigitError `invalid_model` when the bytes are no model, or one of another contract
 */
export async function openPixelNetwork(
  bytes: Uint8Array,
  contract: NetworkContract,
  { threads = 1 }: InferenceOptions,
  source: string,
): Promise<PixelNetwork> {
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
  try {
    outputs = checkContract(session, contract, source);
  } catch (thrown) {
    await session.release();
    throw thrown;
  }

  const { side } = contract;
  // A run takes its memory from here and gives it back: kilobytes an image, anew for each run, would pile up
  // outside the heap until it is collected. Runs that overlap have their own.
  let spare = new Float32Array(0);
  const run = async (count: number, fill: (input: Float32Array) => void): Promise<Float32Array> => {
    if (count === 0) return new Float32Array(0);
    const size = count * side * side;
    const memory = spare.length >= size ? spare : new Float32Array(size);
    spare = new Float32Array(0);
    const input = memory.subarray(0, size);
    fill(input);
    const feeds = { [MODEL_INPUT]: new Tensor('float32', input, [count, 1, side, side]) };
    const output = (await session.run(feeds))[MODEL_OUTPUT];
    spare = memory;
    if (!(output?.data instanceof Float32Array) || output.data.length !== count * outputs) {
      throw new InkdigitError(
        'invalid_model',
        `${source} answered ${output?.type} [${output?.dims.join(',')}]; expected float32 [${count},${outputs}].`,
      );
    }
    return output.data;
  };
  return { outputs, run, close: () => session.release() };
}

/** @returns how many outputs the model has */
function checkContract(session: InferenceSession, contract: NetworkContract, source: string): number {
  const { side } = contract;
  const [input, ...moreInputs] = session.inputMetadata;
  const output = session.outputMetadata.find((o) => o.name === MODEL_OUTPUT);
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
    output?.isTensor === true ? contract.outputs.find((count) => count === output.shape[1]) : undefined;
  if (fits && outputs !== undefined) return outputs;
  throw new InkdigitError(
    'invalid_model',
    `${source} is an ONNX model of another kind: expected the input ${MODEL_INPUT} float32 [N,1,${side},${side}] ` +
      `and the output ${MODEL_OUTPUT} float32 [N,${contract.outputs.join(' or ')}]; it has the input ` +
      `${describe(session.inputMetadata)} ` +
      `and the output ${describe(session.outputMetadata)}.`,
  );
}

function describe(values: InferenceSession['inputMetadata']): string {
  const all = values.map((value) =>
    value.isTensor ? `${value.name} ${value.type} [${value.shape.join(',')}]` : value.name,
  );
  return all.join(', ') || 'none';
}
