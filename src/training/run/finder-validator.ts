import { exportModel } from '../../network/export.js';
import type { Validator } from './validators.js';
import type { NetworkPlan } from '../../network/network.js';
import {
  findAll,
  measureFinder,
  openFinder,
  type FinderMetrics,
  type Overviews,
} from '../../evaluation/measure-finder.js';

/** Measures a finder on overviews: its loss, and how often it points to the right cell. */
export function finderValidator(plan: NetworkPlan, overviews: Overviews): Validator<FinderMetrics> {
  return async (weights, threads) => {
    const finder = await openFinder(exportModel(plan, weights), { threads });
    try {
      const found = await findAll(finder, overviews);
      if (!found.every(Number.isFinite)) return null;
      return {
        validation: measureFinder(found, overviews),
        temperature: 1,
        digitThreshold: 0,
        whole: weights,
      };
    } finally {
      await finder.close();
    }
  };
}
