import { InkdigitError } from '../../../errors.js';
import { isImageFile } from '../../../image/decode/header.js';
import { decodeBase64 } from '../../bodies/decode-base64.js';
import { tooManyImages } from '../../limits.js';
import type { ImageSource } from '../../classify/jobs.js';
import { readBlobs, type Blob } from '../codec/read-tensor.js';
import { describeShape, tensorFault, type InputTensor } from '../codec/tensor.js';

/**
 * The images of a `BYTES` tensor of shape `[N]` or `[N,1]`: files, or base64 of them.
 * @throws InkdigitError `invalid_request`, `too_many_images`
 */
export function imagesOf(tensor: InputTensor, maxBatch: number): readonly ImageSource[] {
  const { name, datatype, shape } = tensor;
  if (datatype !== 'BYTES')
    throw tensorFault(name, `is to be of the datatype BYTES, got ${datatype.slice(0, 20)}`);
  const [count = 0, width = 1] = shape;
  if (shape.length === 0 || shape.length > 2 || width !== 1)
    throw tensorFault(name, `is to have the shape [N] or [N,1], got ${describeShape(shape)}`);
  if (count > maxBatch) throw tooManyImages(maxBatch, count);
  return readBlobs(tensor).map((blob) => () => fileOf(blob));
}

/**
 * JSON has no bytes, so a text is base64. Bytes that begin as no image file does may be base64 too: some clients send
 * it as an element of `BYTES`.
 */
function fileOf(blob: Blob): Uint8Array {
  if (typeof blob === 'string') return decodeBase64(blob);
  if (blob.length === 0) throw new InkdigitError('not_an_image', 'expected an image file, got 0 bytes');
  if (isImageFile(blob) || !blob.every(isTextByte)) return blob;
  try {
    return decodeBase64(Buffer.from(blob).toString('latin1'));
  } catch (thrown) {
    // What it is instead, the decoder says better.
    if (thrown instanceof InkdigitError) return blob;
    throw thrown;
  }
}

/** Printable ASCII and line breaks. */
function isTextByte(byte: number): boolean {
  return (byte >= 32 && byte < 127) || byte === 10 || byte === 13;
}
