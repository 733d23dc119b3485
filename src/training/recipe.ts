import { InkdigitError } from '../errors.js';
import type { ModelCard } from '../model/card/card.js';
import {
  copyFrame,
  createAugment,
  DEFAULT_AUGMENTATION,
  type Augment,
  type Augmentation,
} from './augmentation/augment.js';
import { CLASS_COUNT, NO_DIGIT } from '../model/contract.js';
import { planNetwork, withOutputs, type Network, type NetworkPlan } from '../network/network.js';
import { DEFAULT_NETWORK, networkByName } from '../network/networks.js';

/** How other models' answers are learned from. */
export interface DistillationSettings {
  /** How much of a target is the teachers' answer; the rest is the label's. */
  readonly share: number;
  /** What the teachers' logits are divided by: above 1, their second thoughts count for more. */
  readonly temperature: number;
  /**
   * Whether a teacher is heard only where its likeliest answer is the label: of hands that it misreads, a student is to
   * learn what they wrote.
   */
  readonly onlyWhereRight?: boolean;
}

/** Every setting that the trained model depends on. */
export interface Recipe {
  /** With an output for each digit; what is trained has one more where there are outliers. */
  readonly network: Network;
  readonly epochs: number;
  /** Images a step; at most 32, or a multiple of it. */
  readonly batchSize: number;
  /** The highest of the schedule. */
  readonly learningRate: number;
  /** Share of all steps in which the learning rate rises. */
  readonly warmUp: number;
  readonly weightDecay: number;
  /** Share of the target that is spread over all outputs. */
  readonly labelSmoothing: number;
  /** Of the moving average of the weights, a step. */
  readonly averageDecay: number;
  readonly augmentation: Augmentation | null;
  /** Share of the images in whose place something is shown that is no digit; 0 for a network that knows digits alone. */
  readonly outlierShare: number;
  /** How much teachers count, where there are any. */
  readonly distillation: DistillationSettings;
  /**
   * Pictures of an epoch, for a network that learns from scenes made anew; the others have as many as there are images.
   */
  readonly scenesPerEpoch: number;
  readonly seed: number;
}

/** 500 steps of 128. */
export const DEFAULT_SCENES_PER_EPOCH = 64_000;

/** The recipe of the shipped model. */
export const DEFAULT_RECIPE: Recipe = {
  network: networkByName(DEFAULT_NETWORK),
  epochs: 40,
  batchSize: 128,
  learningRate: 0.006,
  warmUp: 0.1,
  weightDecay: 0.02,
  labelSmoothing: 0.02,
  averageDecay: 0.999,
  augmentation: DEFAULT_AUGMENTATION,
  outlierShare: 0,
  distillation: { share: 0.8, temperature: 2 },
  scenesPerEpoch: DEFAULT_SCENES_PER_EPOCH,
  seed: 1,
};

/** A good model in some minutes: what a long training brings beyond it are the last tenths of a percent. */
export const QUICK_RECIPE: Recipe = { ...DEFAULT_RECIPE, epochs: 14 };

/** For networks that read views or overviews: the pictures are bent as they are made, and none comes twice. */
export const SCENE_RECIPE: Recipe = {
  ...DEFAULT_RECIPE,
  network: networkByName('reader'),
  epochs: 60,
  learningRate: 0.004,
  warmUp: 0.05,
  labelSmoothing: 0.03,
  augmentation: null,
};

/** The network of a recipe, with every shape worked out. */
export function planOf({ network, outlierShare }: Recipe): NetworkPlan {
  if (readsScenes(network)) return planNetwork(network);
  return planNetwork(withOutputs(network, outlierShare > 0 ? NO_DIGIT + 1 : CLASS_COUNT));
}

/** Whether a network learns from scenes that are made anew, not from frames. */
export function readsScenes({ shown = 'frame' }: Network): boolean {
  return shown !== 'frame';
}

/** What its images are changed with. */
export function augmentOf({ augmentation }: Pick<Recipe, 'augmentation'>): Augment {
  return augmentation ? createAugment(augmentation) : copyFrame;
}

/** Images of one run of the training graph: few enough to stay in a core's cache. */
const LARGEST_MICROBATCH = 32;

/** @throws InkdigitError `invalid_option` */
export function microbatchOf(batchSize: number): number {
  if (batchSize <= LARGEST_MICROBATCH) return batchSize;
  if (batchSize % LARGEST_MICROBATCH === 0) return LARGEST_MICROBATCH;
  throw new InkdigitError(
    'invalid_option',
    `The batch size ${batchSize} does not divide into equal parts; expected at most ${LARGEST_MICROBATCH}, or a multiple of it.`,
  );
}

/** How many of `threads` have work: one microbatch of a step is the least that a thread can take. */
export function threadsFor({ batchSize }: Recipe, threads: number): number {
  return Math.min(threads, batchSize / microbatchOf(batchSize));
}

/** Steps that an epoch over few images should have at least, and the smallest batch that batch norms learn from. */
const FEWEST_STEPS = 8;
const SMALLEST_BATCH = 8;

/** The batch size for so many images: `batchSize`, or the largest power of two that gives an epoch some steps. */
export function batchSizeFor(images: number, batchSize: number): number {
  if (images >= FEWEST_STEPS * batchSize) return batchSize;
  const fitting = 2 ** Math.floor(Math.log2(Math.max(1, images / FEWEST_STEPS)));
  return Math.min(batchSize, Math.max(1, images), Math.max(SMALLEST_BATCH, fitting));
}

/** @throws InkdigitError `invalid_option` where there are not enough images for one batch */
export function requireFullBatch(images: number, batchSize: number): void {
  if (images >= batchSize) return;
  throw new InkdigitError(
    'invalid_option',
    `The batch size ${batchSize} is larger than the ${images} training images; pass --batch-size ${batchSizeFor(images, batchSize)}.`,
  );
}

/** The settings of a recipe under the names of the command line. */
export function describeRecipe(recipe: Recipe): ModelCard['recipe'] {
  const { augmentation } = recipe;
  return {
    optimizer: 'AdamW',
    schedule: 'warm-up, cosine',
    epochs: recipe.epochs,
    batchSize: recipe.batchSize,
    learningRate: recipe.learningRate,
    warmUp: recipe.warmUp,
    weightDecay: recipe.weightDecay,
    labelSmoothing: recipe.labelSmoothing,
    averageDecay: recipe.averageDecay,
    augmentation: augmentation
      ? `rotation ${augmentation.rotationDegrees} degrees, scale ${augmentation.scale}, shear ${augmentation.shear}, shift ${augmentation.shiftPixels} pixels, elastic ${augmentation.elasticPixels} pixels, strokes ${augmentation.strokePixels} pixels, spoilt ${augmentation.corruptionProbability}`
      : 'none',
    ...(readsScenes(recipe.network)
      ? { scenesPerEpoch: recipe.scenesPerEpoch }
      : { outlierShare: recipe.outlierShare }),
  };
}
