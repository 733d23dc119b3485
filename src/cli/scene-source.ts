import { resolve } from 'node:path';
import type { DataSource } from '../data/training-data.js';
import { InkdigitError } from '../errors.js';
import type { TrainingRequest } from './training-start.js';

/**
 * What a network learns from that is shown scenes made anew.
 * @throws InkdigitError `invalid_option` for options of trainings on frames, and where no folder of data sets is named
 */
export function sceneSource(request: TrainingRequest, network: string): DataSource {
  const { datasetsDir, quick, images, trainImages, outlierShare } = request;
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
  if (datasetsDir !== undefined) return { mnist: false, images: null, datasets: resolve(datasetsDir) };
  throw new InkdigitError(
    'invalid_option',
    `--network ${network} learns from pictures that are made of data sets: ` +
      'pass the folder that holds them, --datasets-dir DIR.',
  );
}

/** @throws InkdigitError `invalid_option` for options of trainings on scenes, where the network reads frames */
export function refuseSceneOptions({ datasetsDir, scenesPerEpoch }: TrainingRequest, network: string): void {
  const other = firstOf({ '--datasets-dir': datasetsDir, '--scenes-per-epoch': scenesPerEpoch });
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
