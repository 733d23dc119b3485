import { accuracyOf, validationOf, type AccuracyFigures, type ValidationFigures } from './card-figures.js';
import type { ModelCard } from './card.js';
import { MODEL_INPUT, MODEL_OUTPUT } from '../contract.js';
import { sha256Of } from '../../sha256.js';

/** What a training made. */
export interface TrainedModel<V extends ValidationFigures = ValidationFigures> {
  readonly plan: {
    readonly name: string;
    readonly parameterCount: number;
    readonly multiplyAdds: number;
    /** `[C,H,W]` */
    readonly input: readonly number[];
    readonly outputs: number;
  };
  /** The epoch that was kept. */
  readonly best: {
    readonly epoch: number;
    readonly validation: V;
    /** What the logits were divided by. */
    readonly temperature: number;
    /** 0 where the model has no output for non-digits. */
    readonly digitThreshold: number;
    readonly outliersPassing?: number;
  };
  readonly epochs: readonly unknown[];
  readonly seconds: number;
  readonly imagesPerSecond: number;
}

/** What only the caller of a training knows. */
export interface CardFacts {
  readonly name: string;
  /** In a few words each. */
  readonly layers: readonly string[];
  readonly threads: number;
  /** All that the result depends on, as the number of training images. */
  readonly recipe: ModelCard['recipe'];
  readonly seed: number;
  /** File name -> SHA-256. */
  readonly data: Readonly<Record<string, string>>;
  /** What the data sets are that it learned from. */
  readonly datasets?: ModelCard['datasets'];
  readonly versions: Readonly<Record<string, string>>;
  /** The exported file. */
  readonly model: Uint8Array;
  /** On the validation images, by data set, of that file, where they are of several. */
  readonly validationSets?: Readonly<Record<string, AccuracyFigures>>;
  /** On the test images, of that file; `null` if it was not evaluated. */
  readonly test: AccuracyFigures | null;
  readonly finished: Date;
}

/** Writes down what a trained model is and what it was made from. */
export function makeCard(result: TrainedModel, facts: CardFacts): ModelCard {
  const { plan, best } = result;
  return {
    name: facts.name,
    network: {
      name: plan.name,
      layers: [...facts.layers],
      parameters: plan.parameterCount,
      multiplyAdds: plan.multiplyAdds,
    },
    input: { name: MODEL_INPUT, shape: ['N', ...plan.input] },
    output: { name: MODEL_OUTPUT, shape: ['N', plan.outputs] },
    recipe: facts.recipe,
    ...(best.digitThreshold > 0 && { digitThreshold: best.digitThreshold }),
    seed: facts.seed,
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
