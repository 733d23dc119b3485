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

/** Knowledge distillation: how much the answers of teachers count. */
export interface DistillationSettings {
  /** Share of a target that is the teachers' answer; the rest is the label's. */
  readonly share: number;
  /** Divides the teachers' logits; above 1 it raises the probabilities of classes that are not the most likely. */
  readonly temperature: number;
  /**
   * Whether a teacher counts only for images that it classifies as labelled, so that the student does not learn its
   * errors on handwriting that is new to it.
   */
  readonly onlyWhereRight?: boolean;
}

/** Every setting that the trained model depends on. */
export interface Recipe {
  /** With an output for each digit; the trained one has one more where there are outliers. */
  readonly network: Network;
  readonly epochs: number;
  /** Images per step; at most 32, or a multiple of 32. */
  readonly batchSize: number;
  /** The peak of the schedule. */
  readonly learningRate: number;
  /** Share of all steps in which the learning rate rises. */
  readonly warmUp: number;
  readonly weightDecay: number;
  /** Share of the target that is spread over all outputs. */
  readonly labelSmoothing: number;
  /** Decay per step of the moving average of the weights. */
  readonly averageDecay: number;
  readonly augmentation: Augmentation | null;
  /** Share of the images that are replaced by outliers; 0 for a network without an output for non-digits. */
  readonly outlierShare: number;
  /** Applies where there are teachers. */
  readonly distillation: DistillationSettings;
  /** Pictures per epoch, for networks that are trained on scenes; for the others it is the number of images. */
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

/** A good model in some minutes; a long training adds the last tenths of a percent. */
export const QUICK_RECIPE: Recipe = { ...DEFAULT_RECIPE, epochs: 14 };

/** For networks that read views or overviews: the pictures are distorted as they are drawn, and none comes twice. */
export const SCENE_RECIPE: Recipe = {
  ...DEFAULT_RECIPE,
  network: networkByName('reader'),
  epochs: 60,
  learningRate: 0.004,
  warmUp: 0.05,
  labelSmoothing: 0.03,
  augmentation: null,
};

/** The network of a recipe, with all shapes. */
export function planOf({ network, outlierShare }: Recipe): NetworkPlan {
  if (readsScenes(network)) return planNetwork(network);
  return planNetwork(withOutputs(network, outlierShare > 0 ? NO_DIGIT + 1 : CLASS_COUNT));
}

/** Whether a network is trained on scenes, which are drawn anew, not on frames. */
export function readsScenes({ shown = 'frame' }: Network): boolean {
  return shown !== 'frame';
}

/** The augmentation of a recipe as a function. */
export function augmentOf({ augmentation }: Pick<Recipe, 'augmentation'>): Augment {
  return augmentation ? createAugment(augmentation) : copyFrame;
}

/** Images per run of the training graph: few enough to stay in a core's cache. */
const LARGEST_MICROBATCH = 32;

/** @throws InkdigitError `invalid_option` */
export function microbatchOf(batchSize: number): number {
  if (batchSize <= LARGEST_MICROBATCH) return batchSize;
  if (batchSize % LARGEST_MICROBATCH === 0) return LARGEST_MICROBATCH;
  throw new InkdigitError(
    'invalid_option',
    `The batch size ${batchSize} does not divide into equal parts; expected at most ${LARGEST_MICROBATCH}, or a ` +
      'multiple of it.',
  );
}

/** How many of `threads` have work: each needs one microbatch of a step. */
export function threadsFor({ batchSize }: Recipe, threads: number): number {
  return Math.min(threads, batchSize / microbatchOf(batchSize));
}

/** Fewest steps that an epoch over few images should have, and the smallest batch that batch norms learn from. */
const FEWEST_STEPS = 8;
const SMALLEST_BATCH = 8;

/** The batch size for a number of images: `batchSize`, or the largest power of two that gives an epoch some steps. */
export function batchSizeFor(images: number, batchSize: number): number {
  if (images >= FEWEST_STEPS * batchSize) return batchSize;
  const fitting = 2 ** Math.floor(Math.log2(Math.max(1, images / FEWEST_STEPS)));
  return Math.min(batchSize, Math.max(1, images), Math.max(SMALLEST_BATCH, fitting));
}

/** @throws InkdigitError `invalid_option` where there are fewer images than one batch */
export function requireFullBatch(images: number, batchSize: number): void {
  if (images >= batchSize) return;
  throw new InkdigitError(
    'invalid_option',
    `The batch size ${batchSize} is larger than the ${images} training images; pass --batch-size ` +
      `${batchSizeFor(images, batchSize)}.`,
  );
}

/** The settings of a recipe, named as on the command line. */
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
    augmentation: augmentation ? describeAugmentation(augmentation) : 'none',
    ...(readsScenes(recipe.network)
      ? { scenesPerEpoch: recipe.scenesPerEpoch }
      : { outlierShare: recipe.outlierShare }),
  };
}

function describeAugmentation(augmentation: Augmentation): string {
  const { rotationDegrees, scale, shear, shiftPixels, elasticPixels, strokePixels, corruptionProbability } =
    augmentation;
  return (
    `rotation ${rotationDegrees} degrees, scale ${scale}, shear ${shear}, shift ${shiftPixels} pixels, ` +
    `elastic ${elasticPixels} pixels, strokes ${strokePixels} pixels, corrupted ${corruptionProbability}`
  );
}
