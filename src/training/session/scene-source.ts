import { resolve } from 'node:path';
import { FRAME_DATASETS } from '../../data/glyphs/load-frames.js';
import { GLYPH_DATASETS, type GlyphDatasetName } from '../../data/glyphs/load-glyphs.js';
import { datasetsFolder } from '../../data/datasets/read-dataset.js';
import { datasetNames } from '../../data/datasets/registry.js';
import type { DatasetSource, DataSource } from '../../data/training-data.js';
import { InkdigitError } from '../../errors.js';
import type { ModelCard } from '../../model/card/card.js';
import type { TrainingRequest } from './training-request.js';

/**
 * The data sets of a network that is trained on scenes.
 * @throws InkdigitError `invalid_option` for options of trainings on frames, and for an unknown data set
 */
export function sceneSource(request: TrainingRequest, network: string, env = process.env): DataSource {
  const { datasets, datasetsDir, quick, images, trainImages, outlierShare } = request;
  const other = firstOf({
    '--quick': quick,
    '--images': images,
    '--train-images': trainImages,
    '--outlier-share': outlierShare,
  });
  if (other !== undefined) {
    throw new InkdigitError(
      'invalid_option',
      `${other} does not go with --network ${network}, which is trained on pictures drawn for every epoch. ` +
        'Leave it out.',
    );
  }
  return { mnist: false, images: null, datasets: glyphSource(datasets, datasetsDir, env) };
}

/** @throws InkdigitError `invalid_option` for an unknown data set */
function namesOf(given: readonly string[] | undefined): readonly GlyphDatasetName[] {
  return given === undefined ? GLYPH_DATASETS : datasetNames(given, GLYPH_DATASETS);
}

/**
 * Data sets to draw scenes from, all where none is named.
 * @param given where they lie, if not in the default folder
 * @throws InkdigitError `invalid_option` for an unknown data set
 */
export function glyphSource(
  names: readonly string[] | undefined,
  given: string | undefined,
  env = process.env,
): DatasetSource {
  return { folder: resolve(datasetsFolder(given, env)), names: namesOf(names) };
}

/**
 * The data sets that a network was trained on with scenes.
 * @param folder where they lie, if not in the default one
 * @throws InkdigitError `invalid_option` where the card names data sets without glyphs
 */
export function datasetsOfCard(
  { datasets }: Pick<ModelCard, 'datasets'>,
  folder: string | undefined,
  env = process.env,
): DatasetSource {
  return glyphSource(
    datasets?.map(({ name }) => name),
    folder,
    env,
  );
}

/**
 * The data sets of a network that reads frames: MNIST if it is named, or if no other data is.
 * @throws InkdigitError `invalid_option` for options of trainings on scenes, and for a data set without frames
 */
export function frameSource(
  request: TrainingRequest,
  network: string,
  env = process.env,
): Pick<DataSource, 'mnist' | 'datasets'> {
  const { datasets, datasetsDir, scenesPerEpoch, images, withMnist = false } = request;
  if (scenesPerEpoch !== undefined) {
    throw new InkdigitError(
      'invalid_option',
      '--scenes-per-epoch goes with networks that are trained on drawn pictures, as --network reader; ' +
        `${network} is trained on frames. Leave it out.`,
    );
  }
  if (datasets === undefined && datasetsDir !== undefined) {
    throw new InkdigitError(
      'invalid_option',
      `--datasets-dir goes with --datasets: without it ${network} learns from MNIST alone, which --data-dir names ` +
        `the folder of. Name the data sets, as --datasets ${FRAME_DATASETS.join(',')}, or leave it out.`,
    );
  }
  const names = datasetNames(datasets ?? [], FRAME_DATASETS);
  const mnist = withMnist || names.includes('mnist') || (datasets === undefined && images === undefined);
  if (names.every((name) => name === 'mnist')) return { mnist };
  return { mnist, datasets: { folder: resolve(datasetsFolder(datasetsDir, env)), names } };
}

/** The names of a source's data sets, MNIST among them. */
export function namesOfSource({ mnist, datasets }: DataSource): readonly GlyphDatasetName[] {
  return datasets?.names ?? (mnist ? ['mnist'] : []);
}

/** The first flag that was given. */
function firstOf(
  options: Readonly<Record<string, string | number | boolean | undefined>>,
): string | undefined {
  return Object.entries(options).find(([, value]) => value !== undefined && value !== false)?.[0];
}
