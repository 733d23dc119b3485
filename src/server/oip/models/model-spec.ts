import type { ModelMetadataResponse, TensorMetadata } from '../../../api/oip.js';
import { InkdigitError } from '../../../errors.js';
import { quoted, type InferRequest, type InputTensor, type RequestedOutput } from '../codec/tensor.js';

/** What can be asked for: the digit in each image file, the digit on each frame, the number in each image file. */
export type ModelKind = 'digits' | 'frames' | 'numbers';

/** A model as clients see it. */
export interface ModelSpec {
  readonly kind: ModelKind;
  readonly input: TensorMetadata;
  /** All outputs; -1 stands for the number of images. */
  readonly outputs: readonly TensorMetadata[];
  /** Those that are given where a request names none. */
  readonly defaultOutputs: readonly string[];
}

const N = -1;
/** Probabilities of the digits 0-9. */
const CLASSES = 10;

const DIGIT_OUTPUTS: readonly TensorMetadata[] = [
  { name: 'class', datatype: 'INT64', shape: [N] },
  { name: 'probability', datatype: 'FP32', shape: [N] },
  { name: 'probabilities', datatype: 'FP32', shape: [N, CLASSES] },
  { name: 'digit', datatype: 'BOOL', shape: [N] },
  { name: 'label', datatype: 'BYTES', shape: [N] },
];

/** The models, by their names. */
export const MODEL_SPECS: Readonly<Record<ModelKind, ModelSpec>> = {
  digits: {
    kind: 'digits',
    input: { name: 'image', datatype: 'BYTES', shape: [N] },
    outputs: DIGIT_OUTPUTS,
    defaultOutputs: ['class', 'probability'],
  },
  frames: {
    kind: 'frames',
    input: { name: 'frame', datatype: 'FP32', shape: [N, 28, 28] },
    outputs: DIGIT_OUTPUTS,
    defaultOutputs: ['class', 'probability'],
  },
  numbers: {
    kind: 'numbers',
    input: { name: 'image', datatype: 'BYTES', shape: [N] },
    outputs: [
      { name: 'text', datatype: 'BYTES', shape: [N] },
      { name: 'probability', datatype: 'FP32', shape: [N] },
      { name: 'accepted', datatype: 'BOOL', shape: [N] },
    ],
    defaultOutputs: ['text', 'probability', 'accepted'],
  },
};

/** The graphs are ONNX, whatever runs them. */
export const PLATFORM = 'onnx_onnxv1';

/** @param name as it was asked for: the model's own, or another that it goes by */
export function metadataOf(
  { input, outputs }: ModelSpec,
  name: string,
  version: string,
): ModelMetadataResponse {
  return { name, versions: [version], platform: PLATFORM, inputs: [input], outputs: [...outputs] };
}

/**
 * The one input of a request.
 * @throws InkdigitError `invalid_request` where it has none, several, or one of another name
 */
export function inputOf({ kind, input }: ModelSpec, { inputs }: InferRequest): InputTensor {
  const [first] = inputs;
  if (first && inputs.length === 1 && first.name === input.name) return first;
  const found = inputs.length === 0 ? 'none' : inputs.map(({ name }) => quoted(name)).join(', ');
  throw new InkdigitError(
    'invalid_request',
    `The model "${kind}" has one input, "${input.name}" (${input.datatype}); got ${found}.`,
  );
}

/**
 * The outputs that a request is to be given, in its order.
 * @throws InkdigitError `invalid_request` for one that the model has not, or one that is named twice
 */
export function outputsOf(spec: ModelSpec, { outputs }: InferRequest): readonly RequestedOutput[] {
  if (!outputs || outputs.length === 0) return spec.defaultOutputs.map((name) => ({ name, parameters: {} }));
  const known = spec.outputs.map(({ name }) => name);
  const names = new Set<string>();
  for (const { name } of outputs) {
    if (!known.includes(name) || names.has(name)) {
      const fault = names.has(name) ? 'is asked for twice' : 'is none of this model';
      throw new InkdigitError(
        'invalid_request',
        `The output ${quoted(name)} ${fault}; there are ${known.map((one) => `"${one}"`).join(', ')}.`,
      );
    }
    names.add(name);
  }
  return outputs;
}
