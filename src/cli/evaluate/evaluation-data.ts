import { basename, resolve } from 'node:path';
import { visitImageFolder, visitUnlabelledFolder, type VisitSettings } from '../../data/image-folder.js';
import { loadMnistPart } from '../../data/mnist/mnist.js';
import { splitValidation, VALIDATION_COUNT } from '../../data/split.js';
import { answerFrames, answersOf, type Answers } from '../../evaluation/answers.js';
import { heldOutOutliers, type AnsweredOutliers } from '../../evaluation/outliers/measure-outliers.js';
import { grouped } from '../../evaluation/report.js';
import { frameAt, FRAME_SIDE, packFrames, planeOfFrame, type FrameBatch } from '../../image/frame.js';
import type { NormalizeMode } from '../../image/normalize-mode.js';
import type { Plane } from '../../image/plane.js';
import type { ImageContent } from '../../image/picture.js';
import { readImageSyncIfSmall } from '../../image/read-image.js';
import { readContents, type ImageReading, type OpenedModels } from '../../model/digit-models.js';
import { INFERENCE_BATCH } from '../../model/logits-of.js';
import { showDownload } from '../../data/download/show-download.js';
import type { ProgressBar } from '../../progress.js';

/** The data of an evaluation, with the models' answers. */
export interface EvaluationData {
  /** `[count]` */
  readonly labels: Uint8Array;
  readonly answers: Answers;
  /** Seconds of inference. */
  readonly seconds: number;
  /** The network's input for one image. */
  readonly inputOf: (index: number) => Plane;
  /** All inputs, where all are frames. */
  readonly frames: FrameBatch | null;
  /** Like `the 10,000 test images of MNIST`. */
  readonly title: string;
  /** The name of one image, for people. */
  readonly nameOf: (index: number) => string;
  /** Remarks for the user, a line each. */
  readonly notes: readonly string[];
}

/** Part of MNIST, downloaded where it is missing. */
export async function mnistImages(
  models: OpenedModels,
  split: 'test' | 'validation',
  dataDir: string | undefined,
  bar: ProgressBar,
): Promise<EvaluationData> {
  const settings = { dataDir, onProgress: showDownload(bar) };
  const { data } = await loadMnistPart(split === 'test' ? 'test' : 'train', settings);
  const { frames, labels } = split === 'test' ? data : splitValidation(data).validation;
  const first = split === 'test' ? 0 : data.labels.length - VALIDATION_COUNT;
  const startedMs = performance.now();
  const answers = await answerFrames(models.classifier, frames, (done) =>
    bar.update({ label: 'evaluating', fraction: done / frames.count }),
  );
  return {
    labels,
    answers,
    seconds: (performance.now() - startedMs) / 1000,
    inputOf: (index) => planeOfFrame(frameAt(frames, index)),
    frames,
    title: `the ${grouped(frames.count)} ${split} images of MNIST`,
    nameOf: (index) => `${split === 'test' ? 'test' : 'training'} image ${first + index}`,
    notes: [],
  };
}

/**
 * A user's own images, in one folder per digit.
 * @throws InkdigitError `missing_file` or `invalid_data`
 */
export async function folderImages(
  models: OpenedModels,
  folder: string,
  settings: FolderSettings,
  bar: ProgressBar,
): Promise<EvaluationData> {
  const batches = new BatchReading(models, settings.normalize);
  const { labels, files, bad, notes } = await visitImageFolder(
    folder,
    visitSettings(settings, bar),
    (bytes) => batches.add(bytes),
  );
  const { readings, seconds } = await batches.end();
  const inputs = readings.flatMap(({ input }) => (input ? [input] : []));
  const count = labels.length;
  return {
    labels,
    answers: answersOf(readings.map(({ reading }) => reading)),
    seconds,
    inputOf(index) {
      const input = inputs[index];
      if (!input) throw new RangeError(`Expected one of ${inputs.length} images, got ${index}.`);
      return input;
    },
    frames: inputs.every(({ width }) => width === FRAME_SIDE)
      ? packFrames(inputs.map(({ data }) => data))
      : null,
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

function visitSettings({ skipBad = false }: FolderSettings, bar: ProgressBar): VisitSettings {
  return {
    skipBad,
    onProgress: (done, total) => bar.update({ label: 'reading images', fraction: done / total }),
  };
}

/** Reads image files in batches, and keeps the answer and the network's input of each. */
class BatchReading {
  readonly #models: OpenedModels;
  readonly #normalize: NormalizeMode | undefined;
  readonly #waiting: ImageContent[] = [];
  readonly #readings: ImageReading[] = [];
  #seconds = 0;

  constructor(models: OpenedModels, normalize: NormalizeMode | undefined) {
    this.#models = models;
    this.#normalize = normalize;
  }

  /** @throws InkdigitError for an image that cannot be read, which is left out */
  async add(image: Uint8Array): Promise<void> {
    const normalize = this.#normalize;
    this.#waiting.push(await readImageSyncIfSmall(image, normalize && { normalize }));
    if (this.#waiting.length === INFERENCE_BATCH) await this.#read();
  }

  async end(): Promise<{ readonly readings: readonly ImageReading[]; readonly seconds: number }> {
    await this.#read();
    return { readings: this.#readings, seconds: this.#seconds };
  }

  async #read(): Promise<void> {
    const startedMs = performance.now();
    this.#readings.push(...(await readContents(this.#models, this.#waiting.splice(0), true)));
    this.#seconds += (performance.now() - startedMs) / 1000;
  }
}

/** Non-digits, with the models' answers. */
export interface OutlierData {
  /** Like `drawn, of kinds that are not trained on`. */
  readonly source: string;
  readonly sets: readonly AnsweredOutliers[];
  /** Remarks for the user, a line each. */
  readonly notes: readonly string[];
}

/** The held-out kinds that are drawn. */
export async function drawnOutliers({ classifier }: OpenedModels, bar: ProgressBar): Promise<OutlierData> {
  const kinds = heldOutOutliers();
  const sets: AnsweredOutliers[] = [];
  for (const { name, frames } of kinds) {
    sets.push({ name, answers: await answerFrames(classifier, frames) });
    bar.update({ label: 'non-digits', fraction: sets.length / kinds.length });
  }
  return { source: 'drawn, of kinds that are not trained on', sets, notes: [] };
}

/**
 * A user's own non-digits, in a folder and below it.
 * @throws InkdigitError `missing_file` or `invalid_data`
 */
export async function folderOutliers(
  models: OpenedModels,
  folder: string,
  settings: FolderSettings,
  bar: ProgressBar,
): Promise<OutlierData> {
  const batches = new BatchReading(models, settings.normalize);
  const { bad, notes } = await visitUnlabelledFolder(folder, visitSettings(settings, bar), (bytes) =>
    batches.add(bytes),
  );
  const { readings } = await batches.end();
  const name = basename(resolve(folder));
  return {
    source: name,
    sets: [{ name, answers: answersOf(readings.map(({ reading }) => reading)) }],
    notes: [...bad.map(({ file, message }) => `Skipped ${file}: ${message}`), ...notes],
  };
}
