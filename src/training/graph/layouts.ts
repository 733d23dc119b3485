import type { NetworkPlan } from '../../network/network.js';
import { phasesOf } from './parameter-layouts.js';

/** How a layer is done: in blocks of so many channels (`onnx/blocked-ops.ts`), or `null`: plainly. */
export type Layout = number | null;

/**
 * Which layers of a network are done in blocks: pictures go into blocks with the first convolution that has a blocked
 * form, and come out of them before a layer that has none.
 * @param block channels a block, or `null` where there are no blocked operators
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
        // Into blocks only from the image, whose gradient is never asked for. Back through a stride only by its phases.
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
