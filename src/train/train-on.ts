import { availableParallelism } from 'node:os';
import { splitShare } from '../data/split.js';
import { IMAGES_DIGEST } from '../data/training-data.js';
import { InkdigitError } from '../errors.js';
import { DEFAULT_NORMALIZE, type NormalizeMode } from '../image/normalize-mode.js';
import type { ModelCard } from '../model/card/card.js';
import { makeCard } from '../model/card/make-card.js';
import { env } from '../model/runtime/onnx-runtime.js';
import { describeLayers } from '../network/describe-layers.js';
import { exportModel } from '../network/export.js';
import { encodeWeights } from '../network/weights-file.js';
import { packageVersion } from '../package-info.js';
import { trainingCurves } from '../training/session/curves.js';
import { applySettings, type RecipeSettings } from '../training/recipe-settings.js';
import {
  batchSizeFor,
  DEFAULT_RECIPE,
  describeRecipe,
  QUICK_RECIPE,
  readsScenes,
  requireFullBatch,
  threadsFor,
  type Recipe,
} from '../training/recipe.js';
import type { EpochReport, StepReport, TrainingResult } from '../training/reports.js';
import { train } from '../training/run/trainer.js';
import type { StartWorker } from '../training/threads/workers.js';
import { loadTrainingImages, type TrainingImages } from './training-images.js';
import { onCpu } from '../training/compute.js';

/** Each setting that is left out is as in `inkdigit train`. */
export interface TrainOptions extends RecipeSettings {
  /** Fewer epochs: a good model in minutes. */
  readonly quick?: boolean;
  /** The model does not depend on their number. Default: one per core. */
  readonly threads?: number;
  /** Share of each digit's images, 0..1, that validates instead of being trained on; 0.1 by default. */
  readonly validationShare?: number;
  /** Whether to look for the digit in each picture. Default `auto`: in all but frames like MNIST's. */
  readonly normalize?: NormalizeMode;
  /** What the card calls the model; `mnist` by default. */
  readonly name?: string;
  /** When aborted, the training ends after the current step and gives the best model so far. */
  readonly signal?: AbortSignal;
  /** Called while image files are read. */
  readonly onImage?: (done: number, total: number) => void;
  /** Called after each step, many times a second. */
  readonly onStep?: (report: StepReport) => void;
  readonly onEpoch?: (report: EpochReport) => void | Promise<void>;
}

/** The files that `inkdigit train` writes, as bytes and text. */
export interface TrainedDigits {
  /** An ONNX file, float32 `[N,1,28,28]` -> logits `[N,10]` or `[N,11]`; `name.onnx`. */
  readonly model: Uint8Array;
  /** How it was trained and how good it is; as JSON it lies beside the model as `name.json`. */
  readonly card: ModelCard;
  /** Weights that another training can begin from: `name.weights`. */
  readonly weights: Uint8Array;
  /** Loss and accuracy by epoch, an SVG file. */
  readonly curves: string;
  /** Whether the signal ended it before its last step. */
  readonly interrupted: boolean;
}

/** As `trainDigits`, with another way to start workers. */
export async function trainOn(
  source: TrainingImages,
  options: TrainOptions,
  startWorker: StartWorker,
): Promise<TrainedDigits> {
  const { signal, validationShare = 0.1, normalize = DEFAULT_NORMALIZE, onImage, onStep, onEpoch } = options;
  signal?.throwIfAborted();
  const asked = recipeOf(options);
  const { data, digest } = await loadTrainingImages(source, { normalize, signal, onImage });
  signal?.throwIfAborted();
  const sets = splitShare(data, validationShare);
  const trainImages = sets.training.labels.length;
  const batchSize =
    options.batchSize === undefined ? batchSizeFor(trainImages, asked.batchSize) : asked.batchSize;
  requireFullBatch(trainImages, batchSize);
  const recipe: Recipe = { ...asked, batchSize };
  const threads = threadsFor(recipe, options.threads ?? availableParallelism());
  const result = await train(recipe, sets, onCpu(threads), startWorker, {
    ...(signal && { signal }),
    ...(onStep && { onStep }),
    ...(onEpoch && { onEpoch: (report) => onEpoch(report) }),
  });
  return filesOf(result, recipe, {
    name: options.name ?? 'mnist',
    threads,
    digest,
    recipe: { ...describeRecipe(recipe), trainImages, validationShare, normalize },
  });
}

/** @throws InkdigitError `invalid_option` for an unknown network, or one that does not read frames */
function recipeOf(options: TrainOptions): Recipe {
  const recipe = applySettings(options.quick ? QUICK_RECIPE : DEFAULT_RECIPE, options);
  if (!readsScenes(recipe.network)) return recipe;
  throw new InkdigitError(
    'invalid_option',
    `Expected a network that reads frames, got ${recipe.network.name}, which learns from pictures made anew: ` +
      'inkdigit train trains it.',
  );
}

interface Facts {
  readonly name: string;
  readonly threads: number;
  /** SHA-256 of the images. */
  readonly digest: string;
  readonly recipe: ModelCard['recipe'];
}

function filesOf(result: TrainingResult, { seed }: Recipe, facts: Facts): TrainedDigits {
  const { plan, best, epochs, interrupted } = result;
  const version = packageVersion();
  const layers = describeLayers(plan);
  const model = exportModel(plan, result.weights, {
    producerVersion: version,
    digitThreshold: best.digitThreshold,
  });
  const card = makeCard(result, {
    name: facts.name,
    layers,
    threads: facts.threads,
    seed,
    recipe: facts.recipe,
    data: { [IMAGES_DIGEST]: facts.digest },
    versions: {
      inkdigit: version,
      'onnxruntime-node': env.versions.node ?? 'unknown',
      node: process.versions.node,
    },
    model,
    test: null,
    finished: new Date(),
  });
  const weights = encodeWeights({
    network: plan.name,
    outputs: plan.outputs,
    layers,
    model: card.file.sha256,
    weights: result.weights,
  });
  return { model, card, weights, curves: trainingCurves(epochs, `${plan.name}, seed ${seed}`), interrupted };
}
