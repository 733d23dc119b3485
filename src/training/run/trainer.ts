import type { LabelledFrames } from '../../data/labelled-frames.js';
import type { SceneGlyphs } from '../../scenes/types.js';
import type { NetworkPlan, Weights } from '../../network/network.js';
import { detectNchwcBlockSize } from './nchwc-block-size.js';
import { networkValidator, type Validator } from './validators.js';
import { gather } from '../graph/parameter-layouts.js';
import { augmentOf, microbatchOf, planOf, requireFullBatch, threadsFor, type Recipe } from '../recipe.js';
import type { Snapshot, TrainingHooks, TrainingResult } from '../reports.js';
import type { Validation } from '../../evaluation/measure-finder.js';
import { createSharedState, type SharedState } from '../threads/shared-state.js';
import { buildTrainingGraph, type FrozenNetwork } from '../graph/training-graph.js';
import { TrainingRun } from './training-run.js';
import type { StartWorker, WorkerHandle, WorkerSettings } from '../threads/workers.js';

/** What a training learns from, and what it is measured on. */
export interface TrainingData {
  readonly training: LabelledFrames;
  readonly validation: LabelledFrames;
  /** Models whose answers count beside the labels, as the recipe's `teaching` says; none if unsaid. */
  readonly teachers?: readonly Uint8Array[];
}

/**
 * Trains a network, data parallel over `threads` threads, or as many as have work. The result depends on the recipe and the data alone, not
 * on the number of threads, nor on whether it was stopped and continued.
 * @param start what an earlier run of the same recipe on the same data left off with, or weights to begin from
 * @throws InkdigitError `invalid_option` for a batch that does not fit the data, `training_failed` when the loss
 * is no longer a number or rises without end
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

/** Scenes to learn from, made anew for every epoch. */
export interface SceneSource {
  /** In shared memory. */
  readonly glyphs: SceneGlyphs;
}

/** What learns, and how what comes of it is measured. */
export interface Trainee<V extends Validation> {
  /** Of the part that learns: of a whole network, or of what branches off a frozen one. */
  readonly plan: NetworkPlan;
  readonly frozen: FrozenNetwork | null;
  /** Of the network that comes out. */
  readonly whole: NetworkPlan;
  readonly validate: Validator<V>;
}

/** What a network, or a part of one, learns from. */
export interface Lessons {
  readonly training: LabelledFrames | SceneSource;
  readonly teachers?: readonly Uint8Array[];
}

/** Trains a network or a part of one, as `train` says; of `recipe`, whatever is not its network. */
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

/** Threads that make scenes, which takes about as long as to learn from them: they take turns. */
const SCENE_LOADERS = 2;

/** Waits for all workers; when one does not start, none is left behind. */
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
