import { detectorOf, DETECTOR_CONTRACT, type Detector } from '../../reading/numbers/detecting.js';
import { openPixelNetwork, type InferenceOptions } from '../runtime/pixel-network.js';

/**
 * Makes a detector from the bytes of an ONNX file.
 * @param bytes `image` float32 [N,1,96,96] -> `logits` [N,2736], as `view/detector-cells.ts` has it
 * @throws InkdigitError `invalid_model`
 */
export async function createDetector(
  bytes: Uint8Array,
  options: InferenceOptions = {},
  source = 'the detector',
): Promise<Detector> {
  return detectorOf(await openPixelNetwork(bytes, DETECTOR_CONTRACT, options, source));
}
