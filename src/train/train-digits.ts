import { startThreadWorker } from '../training/threads/workers.js';
import { trainOn, type TrainedDigits, type TrainOptions } from './train-on.js';
import type { TrainingImages } from './training-images.js';

export type { FileImages, FolderImages, FrameImages, TrainingImages } from './training-images.js';
export type { TrainedDigits, TrainOptions } from './train-on.js';
export type { ModelCard } from '../model/card/card.js';
export { NORMALIZE_MODES, type NormalizeMode } from '../image/normalize-mode.js';
export type { RecipeSettings } from '../training/recipe-settings.js';
export type { GridMetrics, Validation } from '../evaluation/measure-grid.js';
export type { CalibrationBin, Metrics } from '../evaluation/metrics.js';
export type { EpochReport, StepReport } from '../training/reports.js';

/**
 * Trains a model that reads digits, with the trainer of `inkdigit train`, in threads of its own. Nothing is written and
 * nothing downloaded; the same images, settings and version give the same model on the same kind of processor.
 * @throws InkdigitError `invalid_data`, whose `items` name bad images; `missing_file` for a folder that is not there;
 * `invalid_option` for settings that do not go together; `training_failed` when the loss is no longer a number or rises
 * without end; the reason of `options.signal` when that is aborted before the first step
 */
export function trainDigits(source: TrainingImages, options: TrainOptions = {}): Promise<TrainedDigits> {
  return trainOn(source, options, startThreadWorker);
}
