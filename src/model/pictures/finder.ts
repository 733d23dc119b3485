import { finderOf, FINDER_CONTRACT, type Finder } from '../../reading/finding.js';
import { openPixelNetwork, type InferenceOptions } from '../runtime/pixel-network.js';

/**
 * Makes a finder from the bytes of an ONNX file.
 * @param bytes `image` float32 [N,1,96,96] -> `logits` [N,216], as `view/finder-cells.ts` has it
 * @throws InkdigitError `invalid_model`
 */
export async function createFinder(
  bytes: Uint8Array,
  options: InferenceOptions = {},
  source = 'the finder',
): Promise<Finder> {
  return finderOf(await openPixelNetwork(bytes, FINDER_CONTRACT, options, source));
}
