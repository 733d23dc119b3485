import { resolve } from 'node:path';
import { GLYPH_DATASETS, type GlyphDatasetName } from '../../data/glyphs/load-glyphs.js';
import { datasetsFolder } from '../../data/datasets/read-dataset.js';
import { datasetNames } from '../../data/datasets/registry.js';
import type { DataSource } from '../../data/training-data.js';
import { InkdigitError } from '../../errors.js';
import type { TrainingRequest } from './training-request.js';

/**
 * What a network learns from that is shown scenes made anew.
 * @throws InkdigitError `invalid_option` for options of trainings on frames, and for a data set that there is not
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
      `${other} does not go with --network ${network}, which learns from pictures that are made for every epoch. ` +
        'Leave it out.',
    );
  }
  const folder = resolve(datasetsFolder(datasetsDir, env));
  return { mnist: false, images: null, datasets: { folder, names: namesOf(datasets) } };
}

/** @throws InkdigitError `invalid_option` for a data set that there is not */
export function namesOf(given: readonly string[] | undefined): readonly GlyphDatasetName[] {
  return given === undefined ? GLYPH_DATASETS : datasetNames(given, GLYPH_DATASETS);
}

/** @throws InkdigitError `invalid_option` for options of trainings on scenes, where the network reads frames */
export function refuseSceneOptions(request: TrainingRequest, network: string): void {
  const { datasets, datasetsDir, scenesPerEpoch } = request;
  const other = firstOf({
    '--datasets': datasets?.join(','),
    '--datasets-dir': datasetsDir,
    '--scenes-per-epoch': scenesPerEpoch,
  });
  if (other === undefined) return;
  throw new InkdigitError(
    'invalid_option',
    `${other} goes with networks that learn from pictures made anew, as --network reader; ` +
      `${network} learns from frames. Leave it out.`,
  );
}

/** The first flag that was given. */
function firstOf(
  options: Readonly<Record<string, string | number | boolean | undefined>>,
): string | undefined {
  return Object.entries(options).find(([, value]) => value !== undefined && value !== false)?.[0];
}
