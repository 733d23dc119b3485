import { resolve } from 'node:path';
import type { TrainingRequest } from './training-request.js';
import {
  IMAGES_DIGEST,
  type DataSource,
  type ImageSource,
  type TrainingData,
} from '../../data/training-data.js';
import { InkdigitError } from '../../errors.js';
import { DEFAULT_NORMALIZE, type NormalizeMode } from '../../image/normalize-mode.js';
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import type { Network, Weights } from '../../network/network.js';
import { DEFAULT_NETWORK, networkByName } from '../../network/networks.js';
import {
  batchSizeFor,
  DEFAULT_RECIPE,
  microbatchOf,
  planOf,
  QUICK_RECIPE,
  readsScenes,
  requireFullBatch,
  SCENE_RECIPE,
  type Recipe,
} from '../recipe.js';
import { applySettings, otherSettings, type RecipeSettings } from '../recipe-settings.js';
import type { Snapshot } from '../reports.js';
import type { Validation } from '../../evaluation/measure-grid.js';
import { fitOutputs } from '../../network/weights-file.js';
import type { CheckpointStore } from '../checkpoint/checkpoint-store.js';
import { sceneSource } from './scene-source.js';
import { loadSameTeachers, loadTeachers, type LoadedTeachers } from './teacher-files.js';
import { loadWeights } from '../../network/load-weights.js';
import { isWiderForm, widened } from '../../network/widen.js';
import { randomStream } from '../../random-streams.js';
import { frameSource } from './scene-source.js';
import { namesOfSource } from './scene-source.js';

/** What is trained, on which data, and from which weights: as asked, or from the checkpoint. */
export interface Start {
  readonly recipe: Recipe;
  readonly source: DataSource;
  /** `undefined` for all there are. */
  readonly trainImages: number | undefined;
  /** SHA-256 of the model whose weights it began from, if any. */
  readonly from: string | null;
  readonly teachers: LoadedTeachers;
  /** Whether to measure the result on the test images. */
  readonly test: boolean;
  readonly begin: Snapshot<Validation> | Weights | null;
  /** Digests that the data must have, where a training is resumed. */
  readonly data: Checkpoint['data'] | null;
}

const DEFAULT_VALIDATION_SHARE = 0.1;

/**
 * Fine-tuning starts at a lower rate: the rate of a training from scratch destroys what the weights have learned
 * within the first epoch.
 */
const FROM_LEARNING_RATE_SHARE = 0.1;

/**
 * @throws InkdigitError `invalid_option` where options do not go together, `missing_file` or `invalid_data` for
 * `from`
 */
export async function freshStart(request: TrainingRequest): Promise<Start> {
  const { images, withMnist, skipBad = false, normalize, validationShare, trainImages, test } = request;
  const lacksFolder = [
    withMnist === true && '--with-mnist',
    skipBad && '--skip-bad',
    normalize !== undefined && '--normalize',
    validationShare !== undefined && '--validation-share',
  ].find((flag) => flag !== false);
  if (images === undefined && lacksFolder !== undefined) {
    throw new InkdigitError(
      'invalid_option',
      `${lacksFolder} goes with --images DIR, a folder of your own digits; without one MNIST alone is trained on.`,
    );
  }
  const known = request.from === undefined ? null : await loadWeights(request.from);
  const name = request.network ?? known?.network ?? DEFAULT_NETWORK;
  const isOfScenes = readsScenes(networkByName(name));
  const source: DataSource = isOfScenes
    ? sceneSource(request, name)
    : {
        ...frameSource(request, name),
        images:
          images === undefined
            ? null
            : {
                folder: resolve(images),
                skipBad,
                normalize: normalize ?? DEFAULT_NORMALIZE,
                validationShare: validationShare ?? DEFAULT_VALIDATION_SHARE,
              },
      };
  const preset = isOfScenes ? SCENE_RECIPE : request.quick ? QUICK_RECIPE : DEFAULT_RECIPE;
  const asked = distillationFor(source, applySettings(preset, { ...request, network: name }));
  microbatchOf(asked.batchSize);
  const teachers = await loadTeachers(request.teachers ?? [], planOf(asked).input[1]);
  if (known === null) {
    return { recipe: asked, source, trainImages, from: null, teachers, test, begin: null, data: null };
  }
  const { network, model } = known;
  const asIs = haveSameLayers(networkByName(name), networkByName(network));
  if (!asIs && !isWiderForm(networkByName(name), networkByName(network))) {
    throw new InkdigitError(
      'invalid_option',
      `--from ${request.from} has the weights of the network ${network}, not of ${name}: leave --network ` +
        `out, or begin from a model of ${name}, or of a narrower form of it.`,
    );
  }
  // Rounded to what a person would write: 0.0006, not 0.0006000000000000001.
  const learningRate = Number((preset.learningRate * FROM_LEARNING_RATE_SHARE).toPrecision(6));
  const recipe = applySettings({ ...asked, learningRate }, { ...request, network: name });
  return {
    recipe,
    source,
    trainImages,
    from: model,
    teachers,
    test,
    begin: asIs
      ? fitOutputs(known, planOf(recipe))
      : widened(
          networkByName(network),
          known.weights,
          networkByName(name),
          randomStream('addedChannels', recipe.seed),
        ),
    data: null,
  };
}

/** Whether one network can go on with the weights of the other, whatever each is shown. */
function haveSameLayers(a: Network, b: Network): boolean {
  return JSON.stringify(a.layers) === JSON.stringify(b.layers);
}

/** Teachers know the handwriting of MNIST: for other data sets they count only where they are right. */
function distillationFor({ datasets }: DataSource, recipe: Recipe): Recipe {
  if (!datasets || readsScenes(recipe.network)) return recipe;
  return { ...recipe, distillation: { ...recipe.distillation, onlyWhereRight: true } };
}

/**
 * A training resumes with its own settings, except for the learning rate, which may have been too high, and the test
 * images, which may now be left out.
 * @throws InkdigitError when there is no whole checkpoint, or other settings are asked for
 */
export async function resumedStart(
  request: TrainingRequest,
  store: CheckpointStore,
  warn: (line: string) => void,
): Promise<Start> {
  if (request.quick) {
    throw new InkdigitError(
      'invalid_option',
      '--resume continues with the settings that the training was started with: leave --quick out.',
    );
  }
  const { recipe, source, trainImages, data, from, teachers, test, snapshot } = await store.load(warn);
  const { learningRate = recipe.learningRate } = request;
  const others = [...otherSettings({ ...recipe, learningRate }, request), ...otherSources(source, request)];
  if (request.trainImages !== undefined && request.trainImages !== trainImages) {
    others.push(`--train-images ${trainImages}`);
  }
  if (others.length > 0) {
    throw new InkdigitError(
      'invalid_option',
      `--resume continues with the settings that the training was started with, here ${others.join(', ')}. ` +
        'Leave other ones out (only --learning-rate may change), or start over with --force.',
    );
  }
  const folder = request.images === undefined ? source.images?.folder : resolve(request.images);
  const images = source.images && {
    ...source.images,
    folder: folder ?? '',
    normalize: normalizeOf(source.images),
  };
  return {
    recipe: { ...recipe, learningRate },
    source: {
      ...source,
      images,
      ...(source.datasets !== undefined &&
        request.datasetsDir !== undefined && {
          datasets: { ...source.datasets, folder: resolve(request.datasetsDir) },
        }),
    },
    trainImages,
    from,
    teachers: await loadSameTeachers(teachers, request.teachers, planOf(recipe).input[1]),
    test: test && request.test,
    begin: snapshot,
    data,
  };
}

/** Checkpoints of versions without `normalize` have none: those took every picture as it was. */
function normalizeOf({ normalize }: Partial<ImageSource>): NormalizeMode {
  return normalize ?? 'never';
}

function otherSources(source: DataSource, request: TrainingRequest): string[] {
  const { mnist, images } = source;
  const others: string[] = [];
  const names = namesOfSource(source);
  if (request.datasets !== undefined && [...new Set(request.datasets)].join() !== names.join()) {
    others.push(names.length > 0 ? `--datasets ${names.join(',')}` : 'no --datasets');
  }
  if (request.images !== undefined && !images) others.push('MNIST alone');
  if (request.withMnist && !mnist) others.push('no --with-mnist');
  if (request.skipBad && !images?.skipBad) others.push('no --skip-bad');
  const { normalize, validationShare } = request;
  if (normalize !== undefined && normalize !== (images && normalizeOf(images))) {
    others.push(images ? `--normalize ${normalizeOf(images)}` : 'no --normalize');
  }
  if (validationShare !== undefined && validationShare !== images?.validationShare) {
    others.push(images ? `--validation-share ${images.validationShare}` : 'no --validation-share');
  }
  return others;
}

/** @throws InkdigitError `invalid_data` when a training is to be resumed on other data */
export function requireSameData({ data, source }: Start, digests: TrainingData['digests']): void {
  for (const [file, digest] of Object.entries(data ?? {})) {
    const got = digests[file];
    if (got === digest) continue;
    const what =
      file === IMAGES_DIGEST && source.images
        ? `The images in ${source.images.folder} are not those that the training was started with`
        : `The training was started with another ${file}`;
    throw new InkdigitError(
      'invalid_data',
      `${what}: expected SHA-256 ${digest}, got ${got ?? 'no such file'}. ` +
        'Put the data back as it was, or start over with --force.',
    );
  }
}

/**
 * The number of training images, and the recipe adapted to it.
 * @throws InkdigitError `invalid_option` when more images are asked for than there are, or larger batches;
 * `invalid_data` for too few images
 */
export function fitToData(
  { recipe, source, trainImages, data }: Start,
  available: number,
  asked: RecipeSettings,
): { readonly recipe: Recipe; readonly trainImages: number } {
  if (trainImages !== undefined && trainImages > available) {
    throw new InkdigitError(
      'invalid_option',
      `--train-images: expected at most ${available}, as the other images are for validation; got ${trainImages}.`,
    );
  }
  const count = trainImages ?? available;
  if (count < 2) {
    throw new InkdigitError(
      'invalid_data',
      `Expected two images or more to learn from, better a hundred; got ${count}.`,
    );
  }
  // A user's folder may hold few images: their default batch is smaller. MNIST's is not.
  const adapts = data === null && source.images !== null && asked.batchSize === undefined;
  const batchSize = adapts ? batchSizeFor(count, recipe.batchSize) : recipe.batchSize;
  requireFullBatch(count, batchSize);
  return { recipe: { ...recipe, batchSize }, trainImages: count };
}
