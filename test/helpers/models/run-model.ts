import { InferenceSession, Tensor } from '../../../src/model/runtime/onnx-runtime.js';

export interface Input {
  readonly shape: readonly number[];
  readonly data: Float32Array | readonly number[];
}

/** Opens an ONNX file, runs it once and gives its outputs as plain numbers. */
export async function runModel(
  model: Uint8Array,
  inputs: Readonly<Record<string, Input>>,
): Promise<Record<string, Float32Array>> {
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, data }]) => [
      name,
      new Tensor('float32', Float32Array.from(data), shape),
    ]),
  );
  const results = await session.run(feeds);
  const outputs = Object.fromEntries(
    Object.entries(results).map(([name, tensor]) => {
      if (!(tensor.data instanceof Float32Array)) throw new Error(`${name} is ${tensor.type}`);
      return [name, Float32Array.from(tensor.data)];
    }),
  );
  await session.release();
  return outputs;
}
