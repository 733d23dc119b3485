import type { InferResponseBody } from '../../../api/oip.js';
import type { OutputTensor } from './tensor.js';

/** An answer before it is written. */
export interface InferAnswer {
  readonly modelName: string;
  readonly modelVersion: string;
  /** The version of a store that answered all of it; undefined where models are none, or no image came. */
  readonly storeVersion?: number | undefined;
  readonly id: string;
  readonly outputs: readonly OutputTensor[];
}

/** An answer over HTTP. */
export interface EncodedAnswer {
  readonly body: Buffer;
  /** Bytes of the JSON part, where tensors follow it. */
  readonly jsonLength: number | undefined;
}

/** Writes an answer: all as JSON, or some tensors as bytes behind it. */
export function encodeInferResponse(
  { modelName, modelVersion, id, outputs }: InferAnswer,
  isBinary: (output: string) => boolean,
): EncodedAnswer {
  const packed: Uint8Array[] = [];
  const content: InferResponseBody = {
    model_name: modelName,
    model_version: modelVersion,
    id,
    outputs: outputs.map((output) => {
      const { name, datatype, shape, values } = output;
      const described = { name, datatype, shape: [...shape] };
      if (!isBinary(name)) return { ...described, data: [...values] };
      const bytes = packTensor(output);
      packed.push(bytes);
      return { ...described, parameters: { binary_data_size: bytes.length } };
    }),
  };
  const json = Buffer.from(JSON.stringify(content));
  if (packed.length === 0) return { body: json, jsonLength: undefined };
  return { body: Buffer.concat([json, ...packed]), jsonLength: json.length };
}

/** The elements of a tensor, little-endian; those of `BYTES` behind their lengths. */
export function packTensor(output: OutputTensor): Uint8Array {
  switch (output.datatype) {
    case 'BYTES':
      return Buffer.concat(
        output.values.flatMap((text) => {
          const bytes = Buffer.from(text);
          const length = Buffer.alloc(4);
          length.writeUInt32LE(bytes.length);
          return [length, bytes];
        }),
      );
    case 'BOOL':
      return Uint8Array.from(output.values, Number);
    case 'FP32':
      return pack(4, output.values, (view, at, value) => view.setFloat32(at, value, true));
    case 'INT64':
      return pack(8, output.values, (view, at, value) => view.setBigInt64(at, BigInt(value), true));
  }
}

function pack(
  size: number,
  values: readonly number[],
  write: (view: DataView, at: number, value: number) => void,
): Uint8Array {
  const view = new DataView(new ArrayBuffer(size * values.length));
  values.forEach((value, i) => write(view, i * size, value));
  return new Uint8Array(view.buffer);
}
