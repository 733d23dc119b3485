import type { LabelledFrames } from '../../data/labelled-frames.js';
import type { SceneGlyphs } from '../../scenes/types.js';
import type { NetworkPlan, Weights } from '../../network/network.js';
import { detectNchwcBlockSize } from './nchwc-block-size.js';
import { networkValidator, type Validator } from './validators.js';
import { gather } from '../graph/parameter-layouts.js';
import { augmentOf, microbatchOf, planOf, requireFullBatch, threadsFor, type Recipe } from '../recipe.js';
import type { Snapshot, TrainingHooks, TrainingResult } from '../reports.js';
import type { Validation } from '../../evaluation/measure-grid.js';
import { createSharedState, type SharedState } from '../threads/shared-state.js';
import { buildTrainingGraph, type FrozenNetwork } from '../graph/training-graph.js';
import { TrainingRun } from './training-run.js';
import type { StartWorker, WorkerHandle, WorkerSettings } from '../threads/workers.js';

/** Images to train on, and those that validate. */
export interface TrainingData {
  readonly training: LabelledFrames;
  readonly validation: LabelledFrames;
  /** Models to distil from, as the recipe's `distillation` says. */
  readonly teachers?: readonly Uint8Array[];
}

/**
 * Trains a network, data parallel over `threads` threads, or over those that have work. The result depends on the
 * recipe and the data alone, not on the number of threads, nor on a stop and resume in between.
 * @param start a snapshot of an earlier run of the same recipe on the same data, or weights to begin from
 * @throws InkdigitError `invalid_option` for a batch that does not fit the data, `training_failed` when the training
 * diverges
 */
export async function train(
  recipe: Recipe,
  data: TrainingData,
  threads: number,
  startWorker: StartWorker,
  hooks: TrainingHooks = {},
  start: Snapshot | Weights | null = null,
): Promise<TrainingResult> {
  const plan = planOf(recipe);
  const validate = networkValidator(plan, data.validation, augmentOf(recipe));
  return trainPart(
    { plan, frozen: null, whole: plan, validate },
    recipe,
    data,
    threads,
    startWorker,
    hooks,
    start,
  );
}

/** Glyphs that scenes are drawn from, anew for every epoch. */
export interface SceneSource {
  /** In shared memory. */
  readonly glyphs: SceneGlyphs;
}

/** The part that is trained, and how the result is validated. */
export interface Trainee<V extends Validation> {
  /** Of the trained part: a whole network, or a branch beside a frozen one. */
  readonly plan: NetworkPlan;
  readonly frozen: FrozenNetwork | null;
  /** Of the resulting network. */
  readonly whole: NetworkPlan;
  readonly validate: Validator<V>;
}

/** The data for a network or a part of one. */
export interface Lessons {
  readonly training: LabelledFrames | SceneSource;
  readonly teachers?: readonly Uint8Array[];
}

/** Trains a network or a part of one, as `train` does; the recipe's own network is not used. */
export async function trainPart<V extends Validation>(
  { plan, frozen, whole, validate }: Trainee<V>,
  recipe: Recipe,
  data: Lessons,
  threads: number,
  startWorker: StartWorker,
  hooks: TrainingHooks<V> = {},
  start: Snapshot<V> | Weights | null = null,
): Promise<TrainingResult<V>> {
  const microbatch = microbatchOf(recipe.batchSize);
  const slots = recipe.batchSize / microbatch;
  const scenes = 'glyphs' in data.training ? data.training : null;
  const frames = 'glyphs' in data.training ? null : data.training;
  const count = frames?.labels.length ?? recipe.scenesPerEpoch;
  requireFullBatch(count, recipe.batchSize);
  const { batchSize, seed, augmentation, outlierShare } = recipe;
  const { gradientIndices, ...graph } = buildTrainingGraph(
    plan,
    microbatch,
    await detectNchwcBlockSize(),
    frozen,
  );
  const shared = createSharedState(plan, frames, { batchSize, slots, seed, gradientIndices, whole });
  const resumeFrom = start && 'epochs' in start ? start : null;
  if (resumeFrom) restore(shared, resumeFrom, gradientIndices);
  if (start && 'statistics' in start) begin(shared, start, gradientIndices);
  const workerCount = threadsFor(recipe, threads);
  const share = (worker: number): number => Math.floor((plan.parameterCount * worker) / workerCount);
  const stepsPerEpoch = Math.floor(count / batchSize);
  const { shown } = whole;
  const loaderSettings: readonly WorkerSettings[] =
    scenes && shown !== 'frame'
      ? Array.from({ length: SCENE_LOADERS }, () => ({
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
    ...Array.from({ length: workerCount }, (_, worker) =>
      startWorker({
        role: 'steps',
        ...graph,
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

/** To draw a scene takes about as long as to train on it: this many threads take turns. */
const SCENE_LOADERS = 2;

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
