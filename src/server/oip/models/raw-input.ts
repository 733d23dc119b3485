import { InkdigitError } from '../../../errors.js';
import { FRAME_PIXELS } from '../../../image/frame.js';
import type { InputTensor } from '../codec/tensor.js';
import type { ModelSpec } from './model-spec.js';

const BYTES_PER_FRAME = 4 * FRAME_PIXELS;

/**
 * A body that has no JSON part: one image file, or frames as FP32.
 * @throws InkdigitError `invalid_request` for a part of a frame
 */
export function rawInputOf({ kind, input: { name, datatype } }: ModelSpec, bytes: Uint8Array): InputTensor {
  if (kind !== 'frames') return { name, datatype, shape: [1], content: { kind: 'blobs', values: [bytes] } };
  const count = bytes.length / BYTES_PER_FRAME;
  if (!Number.isInteger(count)) {
    throw new InkdigitError(
      'invalid_request',
      `Without a JSON part the body is frames of 28x28 FP32, ${BYTES_PER_FRAME} bytes each; got ${bytes.length} bytes.`,
    );
  }
  return { name, datatype, shape: [count, FRAME_PIXELS], content: { kind: 'packed', bytes } };
}
