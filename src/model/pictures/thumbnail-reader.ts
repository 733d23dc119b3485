import {
  thumbnailReaderOf,
  THUMBNAIL_CONTRACT,
  type ThumbnailReader,
} from '../../reading/thumbnail-reading.js';
import { thresholdOf } from '../classifier.js';
import { openPixelNetwork, type InferenceOptions } from '../runtime/pixel-network.js';

/**
 * Makes a reader of thumbnails from the bytes of an ONNX file, whose threshold is what the probability of the most
 * probable digit has to reach for an answer to stand.
 * @param bytes `image` float32 [N,1,32,32] -> `logits` [N,11]
 * @param digitThreshold of the reader that is asked where this one is not sure; for the readings
 * @throws InkdigitError `invalid_model`
 */
export async function createThumbnailReader(
  bytes: Uint8Array,
  digitThreshold: number,
  options: InferenceOptions = {},
  source = 'the thumbnail reader',
): Promise<ThumbnailReader> {
  const confidence = thresholdOf(bytes, source);
  const network = await openPixelNetwork(bytes, THUMBNAIL_CONTRACT, options, source);
  return thumbnailReaderOf(network, confidence, digitThreshold);
}
