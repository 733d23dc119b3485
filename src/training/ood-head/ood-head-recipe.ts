import { DEFAULT_RECIPE, type Recipe } from '../recipe.js';

/** The recipe of an OOD head; its network is the one that gets the head. */
export const OOD_HEAD_RECIPE: Recipe = {
  ...DEFAULT_RECIPE,
  epochs: 8,
  learningRate: 0.006,
  labelSmoothing: 0,
  outlierShare: 0.4,
};
