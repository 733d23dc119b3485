import type { LabelledFrames } from '../../data/labelled-frames.js';
import { gridValidator } from './grid-validator.js';
import { readerValidator } from './validators.js';
import type { Weights } from '../../network/network.js';
import { planOf, type Recipe } from '../recipe.js';
import type { Snapshot, TrainingHooks, TrainingResult } from '../reports.js';
import type { GridMetrics, GridPictures } from '../../evaluation/measure-grid.js';
import { trainPart, type SceneSource } from './trainer.js';
import type { StartWorker } from '../threads/workers.js';

/** Scenes to train a reader on, and the views that validate it, labelled 0-9, or 10 for a non-digit. */
export interface ReaderData {
  readonly training: SceneSource;
  readonly validation: LabelledFrames;
  readonly teachers?: readonly Uint8Array[];
}

/** As `train`, for a network that reads views. */
export async function trainReader(
  recipe: Recipe,
  data: ReaderData,
  threads: number,
  startWorker: StartWorker,
  hooks: TrainingHooks = {},
  start: Snapshot | Weights | null = null,
): Promise<TrainingResult> {
  const plan = planOf(recipe);
  const trainee = { plan, frozen: null, whole: plan, validate: readerValidator(plan, data.validation) };
  return trainPart(trainee, recipe, data, threads, startWorker, hooks, start);
}

/** As `train`, for a network that answers in cells. */
export async function trainGrid(
  recipe: Recipe,
  data: { readonly training: SceneSource; readonly validation: GridPictures },
  threads: number,
  startWorker: StartWorker,
  hooks: TrainingHooks<GridMetrics> = {},
  start: Snapshot<GridMetrics> | Weights | null = null,
): Promise<TrainingResult<GridMetrics>> {
  const plan = planOf(recipe);
  const trainee = { plan, frozen: null, whole: plan, validate: gridValidator(plan, data.validation) };
  return trainPart(trainee, recipe, { training: data.training }, threads, startWorker, hooks, start);
}
