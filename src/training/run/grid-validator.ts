import { exportModel } from '../../network/export.js';
import type { Validator } from './validators.js';
import type { NetworkPlan } from '../../network/network.js';
import {
  answersTo,
  measureGrid,
  openGridNetwork,
  type GridMetrics,
  type GridPictures,
} from '../../evaluation/measure-grid.js';

/** Measures a network that answers in cells: its loss, and how often it points to the right one. */
export function gridValidator(plan: NetworkPlan, pictures: GridPictures): Validator<GridMetrics> {
  return async (weights, threads) => {
    const network = await openGridNetwork(pictures.grid, exportModel(plan, weights), { threads });
    try {
      const answers = await answersTo(network, pictures);
      if (!answers.every(Number.isFinite)) return null;
      return {
        validation: measureGrid(answers, pictures),
        temperature: 1,
        digitThreshold: 0,
        whole: weights,
      };
    } finally {
      await network.close();
    }
  };
}
