import type { LabelledFrames } from '../data/labelled-frames.js';
import type { NetworkPlan, Weights } from './network.js';
import { findBlock } from './find-block.js';
import { judgeNetwork, type Judge } from './judges.js';
import { gather } from './parameter-forms.js';
import { augmentOf, microbatchOf, planOf, requireFullBatch, threadsFor, type Recipe } from './recipe.js';
import type { Snapshot, TrainingHooks, TrainingResult } from './reports.js';
import { createSharedState, type SharedState } from './shared-state.js';
import { buildTrainingGraph, type FrozenNetwork } from './training-graph.js';
import { TrainingRun } from './training-run.js';
import type { StartWorker, WorkerHandle } from './workers.js';

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
  const judge = judgeNetwork(plan, data.validation, augmentOf(recipe));
  return trainPart(
    { plan, frozen: null, whole: plan, judge },
    recipe,
    data,
    threads,
    startWorker,
    hooks,
    start,
  );
}

/** What learns, and how what comes of it is measured. */
export interface Trainee {
  /** Of the part that learns: of a whole network, or of what branches off a frozen one. */
  readonly plan: NetworkPlan;
  readonly frozen: FrozenNetwork | null;
  /** Of the network that comes out. */
  readonly whole: NetworkPlan;
  readonly judge: Judge;
}

/** Trains a network or a part of one, as `train` says; of `recipe`, whatever is not its network. */
export async function trainPart(
  { plan, frozen, whole, judge }: Trainee,
  recipe: Recipe,
  data: Pick<TrainingData, 'training' | 'teachers'>,
  threads: number,
  startWorker: StartWorker,
  hooks: TrainingHooks = {},
  start: Snapshot | Weights | null = null,
): Promise<TrainingResult> {
  const microbatch = microbatchOf(recipe.batchSize);
  const slots = recipe.batchSize / microbatch;
  const count = data.training.labels.length;
  requireFullBatch(count, recipe.batchSize);
  const { batchSize, seed, augmentation, outlierShare } = recipe;
  const { gradientPlaces, ...graph } = buildTrainingGraph(plan, microbatch, await findBlock(), frozen);
  const shared = createSharedState(plan, data.training, { batchSize, slots, seed, gradientPlaces });
  const resumeFrom = start && 'epochs' in start ? start : null;
  if (resumeFrom) restore(shared, resumeFrom, gradientPlaces);
  if (start && 'statistics' in start) begin(shared, start, gradientPlaces);
  const workerCount = threadsFor(recipe, threads);
  const share = (worker: number): number => Math.floor((plan.parameterCount * worker) / workerCount);
  const stepsPerEpoch = Math.floor(count / batchSize);
  const [loader, ...workers] = await startAll([
    startWorker({ role: 'images', shared, batchSize, stepsPerEpoch, seed, augmentation, outlierShare }),
    ...Array.from({ length: workerCount }, (_, worker) =>
      startWorker({
        role: 'steps',
        ...graph,
        shared,
        microbatch,
        outputs: whole.outputs,
        seed,
        labelSmoothing: recipe.labelSmoothing,
        teaching: data.teachers?.length ? { ...recipe.teaching, models: data.teachers } : null,
        weightDecay: recipe.weightDecay,
        from: share(worker),
        to: share(worker + 1),
      }),
    ),
  ]);
  if (!loader) throw new Error('unreachable: the loader is the first of the workers');
  try {
    return await new TrainingRun({
      recipe,
      plan: whole,
      shared,
      gradientPlaces,
      loader,
      workers,
      stepsPerEpoch,
      judge,
      hooks,
      resumeFrom,
    }).run();
  } finally {
    await Promise.all([loader, ...workers].map((worker) => worker.close()));
  }
}

/** Waits for all workers; when one does not start, none is left behind. */
async function startAll(starting: readonly Promise<WorkerHandle>[]): Promise<WorkerHandle[]> {
  const started = await Promise.allSettled(starting);
  const workers = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failure = started.find((result) => result.status === 'rejected');
  if (!failure) return workers;
  await Promise.all(workers.map((worker) => worker.close()));
  throw failure.reason;
}

function restore(shared: SharedState, snapshot: Snapshot, gradientPlaces: Int32Array): void {
  const { parameters, firstMoment, secondMoment, average } = snapshot;
  begin(shared, average, gradientPlaces);
  shared.parameters.set(gather(parameters, gradientPlaces));
  shared.firstMoment.set(gather(firstMoment, gradientPlaces));
  shared.secondMoment.set(gather(secondMoment, gradientPlaces));
}

function begin(shared: SharedState, { parameters, statistics }: Weights, gradientPlaces: Int32Array): void {
  shared.parameters.set(gather(parameters, gradientPlaces));
  shared.averageParameters.set(shared.parameters);
  shared.averageStatistics.set(statistics);
}
