import { takeFrames, type LabelledFrames } from '../../data/labelled-frames.js';
import {
  loadTrainingData,
  type DataSource,
  type DatasetSource,
  type NamedFrames,
} from '../../data/training-data.js';
import { grouped } from '../../evaluation/report.js';
import { readFrame } from '../../model/pictures/read-frame.js';
import type { GlyphSet, SceneGlyphs } from '../../scenes/types.js';
import type { Shown } from '../../network/network.js';
import { isGridShown } from '../../model/contract.js';
import type { Recipe } from '../recipe.js';
import { gridPicturesToChooseBy, scenesToChooseBy } from '../scenes/scene-sets.js';
import { sharedBytes, sharedFloats } from '../threads/shared-state.js';
import type { DigitData, GridData } from '../run/trainer.js';
import { showDownload } from '../../data/download/show-download.js';
import type { ProgressBar } from '../../progress.js';
import { loadSceneMaterial, VALIDATION_GRID_PICTURES, VALIDATION_VIEWS } from '../scenes/scene-material.js';
import { describeFolder } from './training-lines.js';

/** The data of a training, loaded, and its description. */
export interface Material {
  /** Name -> SHA-256. */
  readonly digests: Readonly<Record<string, string>>;
  /** Number of training images, or of glyphs to draw them from. */
  readonly available: number;
  /** Number of images that validate. */
  readonly validating: number;
  /** MNIST's test images, for networks that read frames. */
  readonly test: LabelledFrames | null;
  /** The validation images of each data set, where there are several, for networks that read frames. */
  readonly validationSets: readonly NamedFrames[];
  /** Like `of 64,000 new views an epoch`. */
  readonly describe: (recipe: Recipe, trainImages: number) => string;
  /** The data of a training on the first `trainImages` images, or on scenes. */
  readonly dataFor: (trainImages: number) => DigitData | GridData;
}

/** Loads the data for the network of a recipe. @throws InkdigitError as `loadTrainingData` and `loadGlyphs` */
export async function loadMaterial(
  { network }: Recipe,
  source: DataSource,
  dataDir: string | undefined,
  bar: ProgressBar,
): Promise<Material> {
  const { datasets } = source;
  const { shown = 'frame' } = network;
  return datasets && shown !== 'frame'
    ? loadScenes(shown, datasets, dataDir, bar)
    : loadFrameMaterial(source, dataDir, bar);
}

async function loadFrameMaterial(
  source: DataSource,
  dataDir: string | undefined,
  bar: ProgressBar,
): Promise<Material> {
  const data = await loadTrainingData(source, readFrame, {
    dataDir,
    onDownload: showDownload(bar),
    onImage: (done, total) =>
      bar.update({ label: 'reading images', fraction: done / total, text: `${done} of ${total}` }),
    onFolder: (folder) => {
      bar.finish();
      for (const line of describeFolder(folder, source.images?.folder ?? '')) bar.log(line);
    },
  });
  bar.finish();
  return {
    digests: data.digests,
    available: data.training.labels.length,
    validating: data.validation.labels.length,
    test: data.test,
    validationSets: data.validationSets,
    describe: (_, trainImages) => `on ${grouped(trainImages)} images`,
    dataFor: (trainImages) => ({
      training: takeFrames(data.training, 0, trainImages),
      validation: data.validation,
    }),
  };
}

async function loadScenes(
  shown: Exclude<Shown, 'frame'>,
  datasets: DatasetSource,
  dataDir: string | undefined,
  bar: ProgressBar,
): Promise<Material> {
  const { digests, training, validation: painter } = await loadSceneMaterial(datasets, dataDir, bar);
  const glyphs = shareGlyphs(training);
  const common = {
    digests,
    available: glyphs.digits.labels.length + glyphs.others.labels.length,
    test: null,
    validationSets: [],
    describe: ({ scenesPerEpoch }: Recipe): string =>
      `on ${grouped(scenesPerEpoch)} new ${shown}s an epoch of ` +
      `${grouped(glyphs.digits.labels.length)} digits and ${grouped(glyphs.others.labels.length)} others`,
  };
  const source = { glyphs };
  if (!isGridShown(shown)) {
    const validation = scenesToChooseBy(painter, shown, VALIDATION_VIEWS);
    const data = { training: source, validation };
    return { ...common, validating: validation.labels.length, dataFor: () => data };
  }
  const validation = gridPicturesToChooseBy(painter, shown, VALIDATION_GRID_PICTURES);
  const data = { training: source, validation };
  return { ...common, validating: validation.count, dataFor: () => data };
}

function shareGlyphs({ digits, others }: SceneGlyphs): SceneGlyphs {
  return { digits: share(digits), others: share(others) };
}

function share({ side, masks, labels, weights, hands }: GlyphSet): GlyphSet {
  const shared = sharedFloats(weights.length);
  shared.set(weights);
  return {
    side,
    masks: sharedBytes(masks),
    labels: sharedBytes(labels),
    weights: shared,
    ...(hands && { hands }),
  };
}
