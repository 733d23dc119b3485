import type { Metrics } from '../evaluation/metrics.js';
import { accuracyOf } from '../evaluation/record.js';
import type { ModelCard } from '../model/card.js';
import { MODEL_INPUT, MODEL_OUTPUT } from '../model/contract.js';
import { sha256Of } from '../sha256.js';
import { describeLayers } from './describe-layers.js';
import { describeRecipe, type Recipe } from './recipe.js';
import type { TrainingResult, Validation } from './reports.js';

/** What only the caller of a training knows. */
export interface CardFacts {
  readonly name: string;
  readonly threads: number;
  /** What the result depends on beside the recipe, as the number of training images. */
  readonly settings: ModelCard['recipe'];
  /** File name -> SHA-256. */
  readonly data: Readonly<Record<string, string>>;
  /** What the data sets are that it learned from. */
  readonly datasets?: ModelCard['datasets'];
  readonly versions: Readonly<Record<string, string>>;
  /** The exported file. */
  readonly model: Uint8Array;
  /** On the validation images, by data set, of that file, where they are of several. */
  readonly validationSets?: Readonly<Record<string, Metrics>>;
  /** On the test images, of that file; `null` if it was not evaluated. */
  readonly test: Metrics | null;
  readonly finished: Date;
}

/** Writes down what a trained model is and what it was made from. */
export function makeCard(recipe: Recipe, result: TrainingResult<Validation>, facts: CardFacts): ModelCard {
  const { plan, best } = result;
  return {
    name: facts.name,
    network: {
      name: plan.name,
      layers: describeLayers(plan),
      parameters: plan.parameterCount,
      multiplyAdds: plan.multiplyAdds,
    },
    input: { name: MODEL_INPUT, shape: ['N', ...plan.input] },
    output: { name: MODEL_OUTPUT, shape: ['N', plan.outputs] },
    recipe: { ...describeRecipe(recipe), ...facts.settings },
    ...(best.digitThreshold > 0 && { digitThreshold: best.digitThreshold }),
    seed: recipe.seed,
    epochs: result.epochs.length,
    bestEpoch: best.epoch,
    data: facts.data,
    ...(facts.datasets && { datasets: facts.datasets }),
    validation: validationOf(best.validation),
    ...(facts.validationSets && {
      validationSets: Object.fromEntries(
        Object.entries(facts.validationSets).map(([name, metrics]) => [name, accuracyOf(metrics)]),
      ),
    }),
    test: facts.test && accuracyOf(facts.test),
    training: {
      seconds: Math.round(result.seconds),
      imagesPerSecond: Math.round(result.imagesPerSecond),
      threads: facts.threads,
      temperature: best.temperature,
      finished: facts.finished.toISOString(),
    },
    versions: facts.versions,
    file: {
      bytes: facts.model.length,
      sha256: sha256Of(facts.model),
    },
  };
}

/** Of a finder, the share of pictures in which it points to the right cell. */
export function validationOf(validation: Validation): ModelCard['validation'] {
  if (!('loss' in validation)) return accuracyOf(validation);
  const { accuracy, correct, count } = validation;
  return { accuracy, correct, count };
}
