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
  let checked: { readonly outputs: number; readonly takesWidths: boolean };
  try {
    checked = checkContract(session, contract, source);
  } catch (thrown) {
    await session.release();
    throw thrown;
  }

  const { side } = contract;
  const { outputs, takesWidths } = checked;
  // A run takes its memory from here and gives it back: kilobytes an image, anew for each run, would pile up
  // outside the heap until it is collected. Runs that overlap have their own.
  let spare = new Float32Array(0);
  const run: PixelNetwork['run'] = async (count, fill, width = side) => {
    if (count === 0) return new Float32Array(0);
    const size = count * side * width;
    const expected = (outputs * width) / side;
    const memory = spare.length >= size ? spare : new Float32Array(size);
    spare = new Float32Array(0);
    const input = memory.subarray(0, size);
    fill(input);
    const feeds = { [MODEL_INPUT]: new Tensor('float32', input, [count, 1, side, width]) };
    const output = (await session.run(feeds))[MODEL_OUTPUT];
    spare = memory;
    if (!(output?.data instanceof Float32Array) || output.data.length !== count * expected) {
      throw new InkdigitError(
        'invalid_model',
        `${source} answered ${output?.type} [${output?.dims.join(',')}]; expected float32 [${count},${expected}].`,
      );
    }
    return output.data;
  };
  return { outputs, takesWidths, run, close: () => session.release() };
}

/** @returns how many outputs the model has, of squares, and whether it takes others */
function checkContract(
  session: InferenceSession,
  contract: NetworkContract,
  source: string,
): { readonly outputs: number; readonly takesWidths: boolean } {
  const { side } = contract;
  const [input, ...moreInputs] = session.inputMetadata;
  const output = session.outputMetadata.find((o) => o.name === MODEL_OUTPUT);
  const takesWidths =
    contract.takesWidths === true && input?.isTensor === true && typeof input.shape[3] === 'string';
  const fits =
    moreInputs.length === 0 &&
    input?.isTensor === true &&
    input.name === MODEL_INPUT &&
    input.type === 'float32' &&
    input.shape.length === 4 &&
    typeof input.shape[0] === 'string' &&
    input.shape.slice(1).join() === `1,${side},${takesWidths ? input.shape[3] : side}` &&
    output?.isTensor === true &&
    output.type === 'float32' &&
    output.shape.length === 2;
  const ofSquares = output?.isTensor === true && (takesWidths ? contract.outputs[0] : output.shape[1]);
  const outputs = contract.outputs.find((count) => count === ofSquares);
  if (fits && outputs !== undefined) return { outputs, takesWidths };
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
