import { basename } from 'node:path';
import { InkdigitError, messageOf, type ErrorCode } from '../../errors.js';
import { describeThreads, grouped } from '../../evaluation/report.js';
import type { Validation } from '../../evaluation/measure-grid.js';
import type { ProgressBar } from '../../progress.js';
import { planThreads, type Compute } from '../compute.js';
import { planOf, type Recipe } from '../recipe.js';
import type { EpochReport, Snapshot, StepReport, TrainingResult } from '../reports.js';
import { CheckpointStore } from '../checkpoint/checkpoint-store.js';
import { claimTrainingPaths } from '../checkpoint/training-paths.js';
import { trainAny } from '../run/trainer.js';
import { startThreadWorker } from '../threads/workers.js';
import { epochLine, stepProgress } from './training-lines.js';
import { loadMaterial } from './training-material.js';
import type { TrainingRequest } from './training-request.js';
import { fitToData, freshStart, requireSameData, resumedStart } from './training-start.js';
import { writeResult, type TrainingUnderWay } from './write-result.js';

/** What a training needs from its caller. */
export interface Surroundings {
  /** Shows the progress. */
  readonly bar: ProgressBar;
  /** Version of inkdigit, for the files that are written. */
  readonly version: string;
  /** Runs `train` until it ends or a signal asks to stop; `onRequest` is called before its signal is aborted. */
  readonly untilStopped: <T>(onRequest: () => void, train: (signal: AbortSignal) => Promise<T>) => Promise<T>;
}

/**
 * Trains, shows the progress, and writes the files.
 * @throws InkdigitError of loading the data, of the training, and of writing the files
 */
export async function runTraining(request: TrainingRequest, surroundings: Surroundings): Promise<void> {
  const { bar } = surroundings;
  if (request.resume && request.from !== undefined) {
    throw new InkdigitError(
      'invalid_option',
      '--resume continues a training with its own weights; --from begins a new one. Pass one of them.',
    );
  }
  const paths = await claimTrainingPaths(request);
  const store = new CheckpointStore(paths);
  try {
    const start = request.resume
      ? await resumedStart(request, store, (line) => bar.log(line))
      : await freshStart(request);
    const material = await loadMaterial(start.recipe, start.source, request.dataDir, bar);
    requireSameData(start, material.digests);
    const fitted = fitToData(start, material.available, request);
    const run: Run = { request, start, ...fitted, material, paths, store, ...surroundings };
    // The checkpoints of an earlier training; its model is replaced only when the new one is complete.
    if (!request.resume) await store.clear();
    const result = await trainAndSave(run).catch((thrown: unknown) => {
      throw sayWhatIsKept(thrown, 'training_failed', run);
    });
    bar.finish();
    await writeResult(run, result).catch((thrown: unknown) => {
      throw sayWhatIsKept(thrown, 'write_failed', run);
    });
    if (!result.interrupted) await store.clear();
    else if (store.savedEpoch !== null) bar.log(`${resumeCommand(run)} continues it.`);
  } finally {
    bar.finish();
  }
}

/** One training under way. */
interface Run extends TrainingUnderWay, Surroundings {
  readonly store: CheckpointStore;
}

/** Trains with a checkpoint after every epoch, until the end or until a signal asks to stop. */
async function trainAndSave(run: Run): Promise<TrainingResult<Validation>> {
  const { request, start, recipe, trainImages, material, store, bar, untilStopped } = run;
  let last = start.begin && 'epochs' in start.begin ? start.begin.epochs.at(-1) : undefined;
  const hooks = {
    onStep: (state: StepReport) => bar.update(stepProgress(state, last)),
    onEpoch: async (report: EpochReport<Validation>, takeSnapshot: (() => Snapshot<Validation>) | null) => {
      last = report;
      bar.log(epochLine(report));
      if (!takeSnapshot) return;
      const { source, from, teachers, test } = start;
      const { digests } = material;
      await store
        .save({
          recipe,
          source,
          trainImages,
          data: digests,
          from,
          teachers: teachers.files,
          test,
          snapshot: takeSnapshot(),
        })
        .catch((thrown: unknown) =>
          bar.log(`No checkpoint of epoch ${report.epoch}: ${messageOf(thrown)} The training goes on.`),
        );
    },
  };
  return untilStopped(
    () => bar.log('Stopping after this batch; the best model so far is kept (again: end at once).'),
    (signal) => {
      bar.log(describeRun(run));
      const data = { ...material.dataFor(trainImages), teachers: start.teachers.models };
      return trainAny(recipe, data, request, startThreadWorker, { ...hooks, signal }, start.begin);
    },
  );
}

/** Adds to an error with this code where the last good state is, and how to resume from it. */
function sayWhatIsKept(thrown: unknown, code: ErrorCode, run: Run): unknown {
  if (!(thrown instanceof InkdigitError) || thrown.code !== code) return thrown;
  const { store, paths, recipe } = run;
  const { savedEpoch } = store;
  const kept =
    savedEpoch === null
      ? 'No epoch was saved that it could be continued from.'
      : `The training up to epoch ${savedEpoch} and its best model are kept in ${paths.checkpoint}: ` +
        `${resumeCommand(run)} ` +
        (code === 'write_failed' && savedEpoch === recipe.epochs
          ? 'writes the model once that is mended.'
          : 'goes on from there, with another --learning-rate if you give one.');
  return new InkdigitError(code, `${thrown.message} ${kept}`, { cause: thrown, items: thrown.items });
}

function resumeCommand({ request }: Run): string {
  return `inkdigit train --resume --out ${request.out}`;
}

function describeRun({ request, start, recipe, trainImages, material }: Run): string {
  const plan = planOf(recipe);
  const { begin, teachers } = start;
  const doing = !begin
    ? 'Training'
    : 'epochs' in begin
      ? `Continuing after epoch ${begin.epochs.length}`
      : `Training on from ${request.from}`;
  return (
    `${doing}: ${plan.name}, ` +
    `${grouped(plan.parameterCount)} parameters, ${grouped(plan.multiplyAdds)} multiply-adds per image, ` +
    `${material.describe(recipe, trainImages)}, ${grouped(material.validating)} validate, ` +
    (teachers.files.length > 0
      ? `distilled from ${teachers.files.map(({ file }) => basename(file)).join(', ')}, `
      : '') +
    `${recipe.batchSize} per step, ${describeCompute(recipe, request)}`
  );
}

function describeCompute(recipe: Recipe, compute: Compute): string {
  const { steps, loaders } = planThreads(recipe, compute);
  return compute.device === 'cpu'
    ? describeThreads(steps)
    : `on a graphics card, ${describeThreads(loaders)} draw`;
}
