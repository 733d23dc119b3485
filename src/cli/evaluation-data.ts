import { basename, resolve } from 'node:path';
import { loadImageFolder, loadUnlabelledFolder, type ImageFolderSettings } from '../data/image-folder.js';
import type { LabelledFrames } from '../data/labelled-frames.js';
import { loadMnistPart } from '../data/mnist.js';
import { splitValidation, VALIDATION_COUNT } from '../data/split.js';
import { outliersKeptApart, type OutlierSet } from '../evaluation/measure-outliers.js';
import type { NormalizeMode } from '../image/normalize-mode.js';
import { grouped } from '../evaluation/report.js';
import { showDownload } from './mnist-data.js';
import type { ProgressBar } from './progress-bar.js';

/** What a model is measured on. */
export interface EvaluationData {
  readonly data: LabelledFrames;
  /** As `the 10,000 test images of MNIST`. */
  readonly title: string;
  /** Where in it one image is to be found. */
  readonly nameOf: (index: number) => string;
  /** What a user may want to know of it, a line each. */
  readonly notes: readonly string[];
}

/** Part of MNIST, downloaded where it is missing. */
export async function mnistImages(
  split: 'test' | 'validation',
  dataDir: string | undefined,
  bar: ProgressBar,
): Promise<EvaluationData> {
  const settings = { dataDir, onProgress: showDownload(bar) };
  const { data } = await loadMnistPart(split === 'test' ? 'test' : 'train', settings);
  const chosen = split === 'test' ? data : splitValidation(data).validation;
  const first = split === 'test' ? 0 : data.labels.length - VALIDATION_COUNT;
  return {
    data: chosen,
    title: `the ${grouped(chosen.labels.length)} ${split} images of MNIST`,
    nameOf: (index) => `${split === 'test' ? 'test' : 'training'} image ${first + index}`,
    notes: [],
  };
}

/**
 * One's own images, a folder a digit.
 * @throws InkdigitError `missing_file` or `invalid_data`
 */
export async function folderImages(
  folder: string,
  settings: FolderSettings,
  bar: ProgressBar,
): Promise<EvaluationData> {
  const { data, files, bad, notes } = await loadImageFolder(folder, readingSettings(settings, bar));
  const count = data.labels.length;
  return {
    data,
    title: `${count === 1 ? 'the one image' : `the ${grouped(count)} images`} in ${folder}`,
    nameOf: (index) => files[index] ?? `image ${index}`,
    notes: [...bad.map(({ file, message }) => `Skipped ${file}: ${message}`), ...notes],
  };
}

/** How a folder's pictures are read. */
interface FolderSettings {
  readonly skipBad?: boolean;
  readonly normalize?: NormalizeMode;
}

function readingSettings(
  { skipBad = false, normalize }: FolderSettings,
  bar: ProgressBar,
): ImageFolderSettings {
  return {
    skipBad,
    ...(normalize && { normalize }),
    onProgress: (done, total) => bar.update({ label: 'reading images', fraction: done / total }),
  };
}

/** Pictures of what is no digit. */
export interface OutlierData {
  /** As `drawn, of kinds that are not trained on`. */
  readonly source: string;
  readonly sets: readonly OutlierSet[];
  /** What a user may want to know of it, a line each. */
  readonly notes: readonly string[];
}

/** Those that come with the program. */
export function drawnOutliers(): OutlierData {
  return { source: 'drawn, of kinds that are not trained on', sets: outliersKeptApart(), notes: [] };
}

/**
 * One's own, in one folder and those below it.
 * @throws InkdigitError `missing_file` or `invalid_data`
 */
export async function folderOutliers(
  folder: string,
  settings: FolderSettings,
  bar: ProgressBar,
): Promise<OutlierData> {
  const { frames, bad, notes } = await loadUnlabelledFolder(folder, readingSettings(settings, bar));
  const name = basename(resolve(folder));
  return {
    source: name,
    sets: [{ name, frames }],
    notes: [...bad.map(({ file, message }) => `Skipped ${file}: ${message}`), ...notes],
  };
}
