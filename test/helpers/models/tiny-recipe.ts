import { convBlock } from '../../../src/network/network.js';
import { DEFAULT_RECIPE, type Recipe } from '../../../src/training/recipe.js';

/** Trains a network of a few weights for two epochs. */
export function tinyRecipe(batchSize: number): Recipe {
  return {
    ...DEFAULT_RECIPE,
    network: {
      name: 'tiny',
      layers: [...convBlock(4, 5, { stride: 2 }), { kind: 'flatten' }, { kind: 'dense', units: 10 }],
    },
    epochs: 2,
    batchSize,
  };
}
