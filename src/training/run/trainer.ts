import type { LabelledFrames } from '../../data/labelled-frames.js';
import { microbatchFor, planThreads, type Compute } from '../compute.js';
import type { SceneGlyphs } from '../../scenes/types.js';
import type { NetworkPlan, Weights } from '../../network/network.js';
import { detectNchwcBlockSize } from './nchwc-block-size.js';
import { gridValidator } from './grid-validator.js';
import { networkValidator, readerValidator, type Validator } from './validators.js';
import { gather } from '../graph/parameter-layouts.js';
import { augmentOf, planOf, readsScenes, requireFullBatch, type Recipe } from '../recipe.js';
import {
  isOfGrid,
  isOfReader,
  startOf,
  type Snapshot,
  type TrainingHooks,
  type TrainingResult,
} from '../reports.js';
import type { GridMetrics, GridPictures, Validation } from '../../evaluation/measure-grid.js';
import { createSharedState, type SharedState } from '../threads/shared-state.js';
import { buildTrainingGraph, type FrozenNetwork } from '../graph/training-graph.js';
import { TrainingRun } from './training-run.js';
import type { StartWorker, WorkerHandle, WorkerSettings } from '../threads/workers.js';

/** Images or scenes to train on, and those that validate a network that reads digits. */
export interface DigitData extends TrainingSource {
  /** Frames or views, labelled 0-9; of views also non-digits, labelled 10. */
  readonly validation: LabelledFrames;
}

/** Scenes to train a network on that answers in cells, and the pictures that validate it. */
export interface GridData extends TrainingSource {
  readonly validation: GridPictures;
}

/** What is trained on. */
interface TrainingSource {
  readonly training: LabelledFrames | SceneSource;
  /** Models to distil from, as the recipe's `distillation` says; not for networks that answer in cells. */
  readonly teachers?: readonly Uint8Array[];
}

/** Glyphs that scenes are drawn from, anew for every epoch. */
interface SceneSource {
  /** In shared memory. */
  readonly glyphs: SceneGlyphs;
}

/**
 * Trains a network, on a graphics card or data parallel over threads, or over those that have work. The result depends
 * on the recipe and the data, and on the device by rounding errors; not on the number of threads, nor on a stop and
 * resume in between.
 * @param start a snapshot of an earlier run of the same recipe on the same data, or weights to begin from
 * @throws InkdigitError `invalid_option` for a batch that does not fit the data, `invalid_data` for a snapshot of
 * another kind of network, `training_failed` when the training diverges
 */
export async function train(
  recipe: Recipe,
  { training, validation, teachers }: DigitData,
  compute: Compute,
  startWorker: StartWorker,
  hooks: TrainingHooks = {},
  start: Start = null,
): Promise<TrainingResult> {
  const plan = planOf(recipe);
  const validate = readsScenes(recipe.network)
    ? readerValidator(plan, validation)
    : networkValidator(plan, validation, augmentOf(recipe));
  const trainee = { plan, frozen: null, whole: plan, validate };
  const source = { training, ...(teachers && { teachers }) };
  return trainPart(trainee, recipe, source, compute, startWorker, hooks, startOf(start, isOfReader));
}

/** As `train`, for a network that answers in cells. */
export async function trainGrid(
  recipe: Recipe,
  { training, validation }: GridData,
  compute: Compute,
  startWorker: StartWorker,
  hooks: TrainingHooks<GridMetrics> = {},
  start: Start = null,
): Promise<TrainingResult<GridMetrics>> {
  const plan = planOf(recipe);
  const trainee = { plan, frozen: null, whole: plan, validate: gridValidator(plan, validation) };
  return trainPart(trainee, recipe, { training }, compute, startWorker, hooks, startOf(start, isOfGrid));
}

/** As `train`, for a network of either kind: the data say which. */
export function trainAny(
  recipe: Recipe,
  { validation, ...source }: DigitData | GridData,
  compute: Compute,
  startWorker: StartWorker,
  hooks: TrainingHooks<Validation> = {},
  start: Start = null,
): Promise<TrainingResult<Validation>> {
  return 'targets' in validation
    ? trainGrid(recipe, { ...source, validation }, compute, startWorker, hooks, start)
    : train(recipe, { ...source, validation }, compute, startWorker, hooks, start);
}

type Start = Snapshot<Validation> | Weights | null;

/** The part that is trained, and how the result is validated. */
export interface Trainee<V extends Validation> {
  /** Of the trained part: a whole network, or a branch beside a frozen one. */
  readonly plan: NetworkPlan;
  readonly frozen: FrozenNetwork | null;
  /** Of the resulting network. */
  readonly whole: NetworkPlan;
  readonly validate: Validator<V>;
}

/** Trains a network or a part of one, as `train` does; the recipe's own network is not used. */
export async function trainPart<V extends Validation>(
  { plan, frozen, whole, validate }: Trainee<V>,
  recipe: Recipe,
  data: TrainingSource,
  compute: Compute,
  startWorker: StartWorker,
  hooks: TrainingHooks<V> = {},
  start: Snapshot<V> | Weights | null = null,
): Promise<TrainingResult<V>> {
  const microbatch = microbatchFor(recipe, compute);
  const slots = recipe.batchSize / microbatch;
  const scenes = 'glyphs' in data.training ? data.training : null;
  const frames = 'glyphs' in data.training ? null : data.training;
  const count = frames?.labels.length ?? recipe.scenesPerEpoch;
  requireFullBatch(count, recipe.batchSize);
  const { batchSize, seed, augmentation, outlierShare } = recipe;
  const { gradientIndices, ...graph } = buildTrainingGraph(
    plan,
    microbatch,
    compute.device === 'cpu' ? await detectNchwcBlockSize() : null,
    frozen,
  );
  const threads = planThreads(recipe, compute);
  const shared = createSharedState(plan, frames, {
    batchSize,
    slots,
    seed,
    gradientIndices,
    whole,
    // Each loader is at one step, and the next ones are there.
    stepsAhead: 2 + threads.loaders,
  });
  const resumeFrom = start && 'epochs' in start ? start : null;
  if (resumeFrom) restore(shared, resumeFrom, gradientIndices);
  if (start && 'statistics' in start) begin(shared, start, gradientIndices);
  const share = (worker: number): number => Math.floor((plan.parameterCount * worker) / threads.steps);
  const stepsPerEpoch = Math.floor(count / batchSize);
  const { shown } = whole;
  const loaderSettings: readonly WorkerSettings[] =
    scenes && shown !== 'frame'
      ? Array.from({ length: threads.loaders }, () => ({
          role: 'scenes',
          shared,
          batchSize,
          stepsPerEpoch,
          seed,
          shown,
          glyphs: scenes.glyphs,
        }))
      : [{ role: 'images', shared, batchSize, stepsPerEpoch, seed, augmentation, outlierShare }];
  const started = await startAll([
    ...loaderSettings.map(startWorker),
    ...Array.from({ length: threads.steps }, (_, worker) =>
      startWorker({
        role: 'steps',
        ...graph,
        device: compute.device,
        shared,
        microbatch,
        input: whole.input,
        outputs: whole.outputs,
        seed,
        labelSmoothing: recipe.labelSmoothing,
        distillation: data.teachers?.length ? { ...recipe.distillation, models: data.teachers } : null,
        weightDecay: recipe.weightDecay,
        from: share(worker),
        to: share(worker + 1),
      }),
    ),
  ]);
  const loaders = started.slice(0, loaderSettings.length);
  const workers = started.slice(loaderSettings.length);
  try {
    return await new TrainingRun({
      recipe,
      plan: whole,
      shared,
      gradientIndices,
      loaders,
      workers,
      stepsPerEpoch,
      validate,
      hooks,
      resumeFrom,
    }).run();
  } finally {
    await Promise.all(started.map((worker) => worker.close()));
  }
}

/** Waits for all workers; closes them when one does not start. */
async function startAll(starting: readonly Promise<WorkerHandle>[]): Promise<WorkerHandle[]> {
  const started = await Promise.allSettled(starting);
  const workers = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failure = started.find((result) => result.status === 'rejected');
  if (!failure) return workers;
  await Promise.all(workers.map((worker) => worker.close()));
  throw failure.reason;
}

function restore(shared: SharedState, snapshot: Snapshot<Validation>, gradientIndices: Int32Array): void {
  const { parameters, firstMoment, secondMoment, average } = snapshot;
  begin(shared, average, gradientIndices);
  shared.parameters.set(gather(parameters, gradientIndices));
  shared.firstMoment.set(gather(firstMoment, gradientIndices));
  shared.secondMoment.set(gather(secondMoment, gradientIndices));
}

function begin(shared: SharedState, { parameters, statistics }: Weights, gradientIndices: Int32Array): void {
  shared.parameters.set(gather(parameters, gradientIndices));
  shared.averageParameters.set(shared.parameters);
  shared.averageStatistics.set(statistics);
}
