import { open } from 'node:fs/promises';
import { InkdigitError } from '../../errors.js';
import { faultOf } from '../../files/file-fault.js';
import type { Fault } from '../plan/found-image.js';
import { isS3Address, type ObjectStore } from './object-store.js';

/** More than any picture that is decoded: 25 megapixels with four samples of 16 bits, uncompressed, are 200 MB. */
export const MAX_IMAGE_BYTES = 256 * 1024 * 1024;

/**
 * The bytes of an image file or object, or why they cannot be read.
 * @throws InkdigitError `download_failed` where the store cannot be reached: no fault of the image
 */
export async function loadImage(path: string, objects: ObjectStore): Promise<Uint8Array | Fault> {
  if (isS3Address(path)) {
    try {
      return await objects.get(path, MAX_IMAGE_BYTES);
    } catch (thrown) {
      if (!(thrown instanceof InkdigitError) || thrown.code === 'download_failed') throw thrown;
      return { code: thrown.code, message: thrown.message };
    }
  }
  try {
    await using file = await open(path);
    const { size } = await file.stat();
    if (size > MAX_IMAGE_BYTES) {
      return { code: 'invalid_data', message: `it has ${size} bytes, more than any image that is read` };
    }
    return await file.readFile();
  } catch (thrown) {
    return { code: 'missing_file', message: `the file cannot be read: ${faultOf(thrown)}` };
  }
}
