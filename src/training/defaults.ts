import { DEFAULT_AUGMENTATION } from './augmentation.js';
import { DEFAULT_NETWORK, networkByName } from './networks.js';
import type { Recipe } from './trainer.js';

/** The recipe of the shipped model. */
export const DEFAULT_RECIPE: Recipe = {
  network: networkByName(DEFAULT_NETWORK),
  epochs: 30,
  batchSize: 128,
  learningRate: 0.004,
  warmUp: 0.1,
  weightDecay: 0.02,
  labelSmoothing: 0.02,
  averageDecay: 0.999,
  augmentation: DEFAULT_AUGMENTATION,
  seed: 1,
};
