import { viewReaderOf, VIEW_CONTRACT, type ViewReader } from '../../reading/view-reading.js';
import { thresholdOf } from '../classifier.js';
import { openPixelNetwork, type InferenceOptions } from '../runtime/pixel-network.js';

/**
 * Makes a reader of views from the bytes of an ONNX file.
 * @param bytes `image` float32 [N,1,64,64] -> `logits` [N,10] or [N,11]
 * @throws InkdigitError `invalid_model`
 */
export async function createViewReader(
  bytes: Uint8Array,
  options: InferenceOptions = {},
  source = 'the reader',
): Promise<ViewReader> {
  const threshold = thresholdOf(bytes, source);
  return viewReaderOf(await openPixelNetwork(bytes, VIEW_CONTRACT, options, source), threshold);
}
