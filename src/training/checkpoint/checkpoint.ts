import type { DataSource } from '../../data/training-data.js';
import { decodeFloatFile, encodeFloatFile, type FloatFileKind } from '../../network/float-file.js';
import { describeLayers } from '../../network/describe-layers.js';
import { networkByName } from '../../network/networks.js';
import { DEFAULT_AUGMENTATION, type Augmentation } from '../augmentation/augment.js';
import {
  DEFAULT_RECIPE,
  DEFAULT_SCENES_PER_EPOCH,
  planOf,
  type DistillationSettings,
  type Recipe,
} from '../recipe.js';
import type { Snapshot } from '../reports.js';
import type { Validation } from '../../evaluation/measure-grid.js';

/** A teacher, as checkpoints name it. */
export interface TeacherFile {
  readonly file: string;
  readonly sha256: string;
}

/** A training that can be resumed, and its data. */
export interface Checkpoint {
  readonly recipe: Recipe;
  readonly source: DataSource;
  /** Number of training images. */
  readonly trainImages: number;
  /** File name -> SHA-256. */
  readonly data: Readonly<Record<string, string>>;
  /** SHA-256 of the model whose weights it began from, if any. */
  readonly from: string | null;
  readonly teachers: readonly TeacherFile[];
  /** Whether the result is to be measured on the test images. */
  readonly test: boolean;
  readonly snapshot: Snapshot<Validation>;
}

/**
 * Raised with the form of the file, and with what a training draws from random streams: to go on with other numbers
 * would make a model that no version makes in one run.
 */
const CHECKPOINT: FloatFileKind = {
  name: 'checkpoint',
  version: 8,
  description: 'a checkpoint of a training',
};

type WrittenAugmentation = Augmentation & { readonly spoiltShare?: number };

/** A recipe as files have it. Earlier versions had no scenes, and other names for two of the settings. */
interface WrittenRecipe extends Omit<Recipe, 'network' | 'scenesPerEpoch' | 'augmentation' | 'distillation'> {
  readonly network: string;
  readonly scenesPerEpoch?: number;
  readonly augmentation: WrittenAugmentation | null;
  readonly distillation?: DistillationSettings;
  readonly teaching?: DistillationSettings;
}

interface Header extends Omit<Checkpoint, 'recipe' | 'snapshot'> {
  readonly recipe: WrittenRecipe;
  readonly layers: readonly string[];
  readonly progress: Pick<Snapshot<Validation>, 'epochs' | 'trainingMs' | 'elapsedMs'>;
}

/** The bytes of a checkpoint's file. */
export function encodeCheckpoint({ recipe, snapshot, ...rest }: Checkpoint): Uint8Array {
  const { epochs, trainingMs, elapsedMs } = snapshot;
  const header: Header = {
    ...rest,
    recipe: { ...recipe, network: recipe.network.name },
    layers: describeLayers(planOf(recipe)),
    progress: { epochs, trainingMs, elapsedMs },
  };
  return encodeFloatFile(CHECKPOINT, header, arraysOf(snapshot));
}

/**
 * Reads a checkpoint's file.
 * @throws InkdigitError `invalid_data` when it is damaged or of another kind
 */
export function decodeCheckpoint(file: Uint8Array, source: string): Checkpoint {
  const { header, take, requireLayers, requireEnd } = decodeFloatFile(CHECKPOINT, file, source);
  const { recipe: written, layers, progress, ...rest }: Header = JSON.parse(header);
  const recipe = recipeOf(written);
  const { network } = recipe;
  const plan = planOf(recipe);
  requireLayers(network.name, layers, describeLayers(plan));
  const { parameterCount, statisticCount } = plan;
  const snapshot: Snapshot<Validation> = {
    ...progress,
    parameters: take(parameterCount),
    firstMoment: take(parameterCount),
    secondMoment: take(parameterCount),
    average: { parameters: take(parameterCount), statistics: take(statisticCount) },
    best: { parameters: take(parameterCount), statistics: take(statisticCount) },
  };
  requireEnd(network.name);
  return { ...rest, recipe, snapshot };
}

function recipeOf({ teaching, augmentation, ...written }: WrittenRecipe): Recipe {
  const { distillation = teaching ?? DEFAULT_RECIPE.distillation } = written;
  const { spoiltShare, ...settings }: WrittenAugmentation = augmentation ?? DEFAULT_AUGMENTATION;
  return {
    ...written,
    network: networkByName(written.network),
    scenesPerEpoch: written.scenesPerEpoch ?? DEFAULT_SCENES_PER_EPOCH,
    augmentation: augmentation && {
      ...settings,
      corruptionProbability: spoiltShare ?? settings.corruptionProbability,
    },
    distillation,
  };
}

/** In the order of the file. */
function arraysOf({
  parameters,
  firstMoment,
  secondMoment,
  average,
  best,
}: Snapshot<Validation>): Float32Array[] {
  return [
    parameters,
    firstMoment,
    secondMoment,
    average.parameters,
    average.statistics,
    best.parameters,
    best.statistics,
  ];
}
