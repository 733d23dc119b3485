import type { ModelConfigResponse, TensorMetadata } from '../../../api/oip.js';
import { PLATFORM, type ModelSpec } from './model-spec.js';

/** What Triton calls the datatypes in configurations. */
const CONFIG_TYPES: Readonly<Record<string, string>> = { BYTES: 'TYPE_STRING' };

/**
 * A model as Triton would configure it; the number of images comes first in each shape, and is left out here.
 * @param maxBatch images in one request
 */
export function configOf({ input, outputs }: ModelSpec, name: string, maxBatch: number): ModelConfigResponse {
  return {
    name,
    platform: PLATFORM,
    backend: 'onnxruntime',
    max_batch_size: maxBatch,
    input: [tensorOf(input)],
    output: outputs.map(tensorOf),
  };
}

/** A tensor of one value an image has the shape `[1]`. */
function tensorOf({ name, datatype, shape }: TensorMetadata): ModelConfigResponse['input'][number] {
  const dims = shape.slice(1);
  return {
    name,
    data_type: CONFIG_TYPES[datatype] ?? `TYPE_${datatype}`,
    dims: dims.length > 0 ? dims : [1],
  };
}
