import type { NetworkPlan } from '../../network/network.js';
import { phasesOf } from './parameter-layouts.js';

/** The channels per block of a layer (`onnx/blocked-ops.ts`), or `null` for the plain layout. */
export type Layout = number | null;

/**
 * Chooses the layout of each layer. Activations enter blocks at the first convolution that supports them, and leave
 * them before a layer that does not.
 * @param block channels per block, or `null` without blocked operators
 */
export function planLayouts(plan: NetworkPlan, block: number | null): Layout[] {
  let isInBlocks = false;
  let isImage = true;
  return plan.layers.map(({ layer, input, output, parameters }) => {
    const [channels = 0] = input;
    const readsImage = isImage;
    isImage &&= parameters.length === 0;
    switch (layer.kind) {
      case 'conv': {
        // Only the image may enter blocks, as its gradient is not needed. A stride needs phases for its gradient.
        const fits = isInBlocks
          ? layer.stride === 1 || phasesOf(layer, input, output) !== null
          : readsImage && channels < (block ?? 0);
        isInBlocks = block !== null && fits && layer.channels % block === 0;
        break;
      }
      case 'batchNorm':
      case 'relu':
      case 'maxPool':
        break;
      case 'globalAveragePool': {
        const layout = isInBlocks ? block : null;
        isInBlocks = false;
        return layout;
      }
      case 'flatten':
      case 'dropout':
      case 'dense':
        isInBlocks = false;
    }
    return isInBlocks ? block : null;
  });
}
