import { accuracyOf } from '../evaluation/record.js';
import { unmeasured, type ModelCard } from '../model/card.js';
import { sha256Of } from '../sha256.js';
import { describeLayers } from '../network/describe-layers.js';
import { describeRecipe, type Recipe } from './recipe.js';
import type { TrainingResult } from './reports.js';

/** What only the caller of a guard's training knows. */
export interface GuardFacts {
  readonly name: string;
  /** The file of the model that is guarded. */
  readonly from: string;
  readonly threads: number;
  readonly trainImages: number;
  readonly versions: Readonly<Record<string, string>>;
  /** The exported file. */
  readonly model: Uint8Array;
  readonly finished: Date;
}

/**
 * The card of a guarded model: that of the model it was made from, less what was measured on that one.
 * @param card of the model that it was made from
 */
export function makeGuardedCard(
  card: ModelCard,
  recipe: Recipe,
  { plan, best, epochs, seconds, imagesPerSecond }: TrainingResult,
  facts: GuardFacts,
): ModelCard {
  const { name, from, threads, trainImages, versions, model, finished } = facts;
  return {
    ...unmeasured(card),
    name,
    network: {
      name: plan.name,
      layers: describeLayers(plan),
      parameters: plan.parameterCount,
      multiplyAdds: plan.multiplyAdds,
    },
    output: { ...card.output, shape: ['N', plan.outputs] },
    digitThreshold: best.digitThreshold,
    validation: accuracyOf(best.validation),
    test: null,
    guard: {
      from,
      sha256: card.file.sha256,
      recipe: { ...describeRecipe(recipe), trainImages },
      seed: recipe.seed,
      epochs: epochs.length,
      bestEpoch: best.epoch,
      outliersPassing: best.outliersPassing ?? 1,
      seconds: Math.round(seconds),
      imagesPerSecond: Math.round(imagesPerSecond),
      threads,
      finished: finished.toISOString(),
    },
    versions,
    file: { bytes: model.length, sha256: sha256Of(model) },
  };
}
