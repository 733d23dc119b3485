import { networkByName } from '../network/networks.js';
import type { Recipe } from './recipe.js';

/** The settings of a recipe that users can give. A preset has the others. */
export interface RecipeSettings {
  /** By name. */
  readonly network?: string;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly learningRate?: number;
  readonly weightDecay?: number;
  readonly labelSmoothing?: number;
  /** `false` for none; otherwise that of the preset. */
  readonly augment?: boolean;
  readonly outlierShare?: number;
  readonly scenesPerEpoch?: number;
  readonly seed?: number;
}

/**
 * A preset with the given settings.
 * @throws InkdigitError `invalid_option` for an unknown network
 */
export function applySettings(preset: Recipe, settings: RecipeSettings): Recipe {
  const {
    network,
    augment = true,
    epochs,
    batchSize,
    learningRate,
    weightDecay,
    labelSmoothing,
    outlierShare,
    scenesPerEpoch,
    seed,
  } = settings;
  return {
    ...preset,
    network: network === undefined ? preset.network : networkByName(network),
    epochs: epochs ?? preset.epochs,
    batchSize: batchSize ?? preset.batchSize,
    learningRate: learningRate ?? preset.learningRate,
    weightDecay: weightDecay ?? preset.weightDecay,
    labelSmoothing: labelSmoothing ?? preset.labelSmoothing,
    augmentation: augment ? preset.augmentation : null,
    outlierShare: outlierShare ?? preset.outlierShare,
    scenesPerEpoch: scenesPerEpoch ?? preset.scenesPerEpoch,
    seed: seed ?? preset.seed,
  };
}

/** The settings of a recipe that differ from those given, as flags of the command line. */
export function otherSettings(recipe: Recipe, settings: RecipeSettings): string[] {
  const pairs: readonly [flag: string, has: string | number, given: string | number | undefined][] = [
    ['--network', recipe.network.name, settings.network && networkByName(settings.network).name],
    ['--epochs', recipe.epochs, settings.epochs],
    ['--batch-size', recipe.batchSize, settings.batchSize],
    ['--learning-rate', recipe.learningRate, settings.learningRate],
    ['--weight-decay', recipe.weightDecay, settings.weightDecay],
    ['--label-smoothing', recipe.labelSmoothing, settings.labelSmoothing],
    ['--outlier-share', recipe.outlierShare, settings.outlierShare],
    ['--scenes-per-epoch', recipe.scenesPerEpoch, settings.scenesPerEpoch],
    ['--seed', recipe.seed, settings.seed],
  ];
  const others = pairs
    .filter(([, has, given]) => given !== undefined && given !== has)
    .map(([flag, has]) => `${flag} ${has}`);
  // A missing --no-augment asks for nothing: the flag has no opposite.
  if (settings.augment === false && recipe.augmentation) others.push('no --no-augment');
  return others;
}
