import { accuracyOf, type AccuracyFigures } from './card-figures.js';
import { unmeasured, type ModelCard } from './card.js';
import { sha256Of } from '../../sha256.js';
import type { TrainedModel } from './make-card.js';

/** What only the caller of an OOD head's training knows. */
export interface OodHeadFacts {
  readonly name: string;
  /** The file of the model that the head was added to. */
  readonly from: string;
  /** Of its network, in a few words each. */
  readonly layers: readonly string[];
  /** All that the result depends on. */
  readonly recipe: ModelCard['recipe'];
  readonly seed: number;
  readonly threads: number;
  readonly versions: Readonly<Record<string, string>>;
  /** The exported file. */
  readonly model: Uint8Array;
  readonly finished: Date;
}

/**
 * The card of a model with an OOD head: that of the model it was made from, less what was measured on that one.
 * @param card of the model that it was made from
 */
export function makeOodHeadCard(
  card: ModelCard,
  { plan, best, epochs, seconds, imagesPerSecond }: TrainedModel<AccuracyFigures>,
  facts: OodHeadFacts,
): ModelCard {
  const { name, from, layers, recipe, seed, threads, versions, model, finished } = facts;
  return {
    ...unmeasured(card),
    name,
    network: {
      name: plan.name,
      layers: [...layers],
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
      recipe,
      seed,
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
