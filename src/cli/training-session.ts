import { basename } from 'node:path';
import { DATASETS, type DatasetName } from '../data/datasets/registry.js';
import type { LabelledFrames } from '../data/labelled-frames.js';
import { InkdigitError, messageOf, type ErrorCode } from '../errors.js';
import { evaluate } from '../evaluation/evaluate-classifier.js';
import type { Metrics } from '../evaluation/metrics.js';
import { describeThreads, grouped, percent } from '../evaluation/report.js';
import type { ModelCard } from '../model/card/card.js';
import { createClassifier } from '../model/classifier.js';
import { trainingCurves } from '../training/curves.js';
import { describeLayers } from '../network/describe-layers.js';
import { exportModel } from '../network/export.js';
import { makeCard } from '../model/card/make-card.js';
import { describeRecipe, planOf, readsScenes, threadsFor, type Recipe } from '../training/recipe.js';
import type { EpochReport, Snapshot, StepReport, TrainingResult, Validation } from '../training/reports.js';
import { CheckpointStore } from './checkpoint-store.js';
import { processIo } from './command-io.js';
import { packageManifest } from './package-manifest.js';
import { createProgressBar, type ProgressBar } from './progress-bar.js';
import {
  refuseToReplace,
  removeHalfWritten,
  toolVersions,
  trainingPaths,
  weightsOf,
  type TrainingPaths,
} from './training-files.js';
import { clock, epochLine, stepProgress } from './training-lines.js';
import { loadMaterial, type Material } from './training-material.js';
import {
  fitToData,
  freshStart,
  requireSameData,
  resumedStart,
  type Start,
  type TrainingRequest,
} from './training-start.js';
import { untilStopped } from './until-stopped.js';
import { requireWritable, writeFilesAtomically } from '../files/write-file.js';

/** Trains, shows how it goes, and writes the files. */
export async function runTraining(request: TrainingRequest): Promise<void> {
  if (request.resume && request.from !== undefined) {
    throw new InkdigitError(
      'invalid_option',
      '--resume continues a training with its own weights; --from begins a new one. Pass one of them.',
    );
  }
  const paths = trainingPaths(request.out);
  // The model first: the others are named after it.
  await requireWritable(paths.model, ...Object.values(paths));
  if (!request.resume && !request.force) await refuseToReplace(paths);
  await removeHalfWritten(paths);
  const bar = createProgressBar(processIo.stderr);
  const store = new CheckpointStore(paths);
  try {
    const start = request.resume
      ? await resumedStart(request, store, (line) => bar.log(line))
      : await freshStart(request);
    const material = await loadMaterial(start.recipe, start.source, request.dataDir, bar);
    requireSameData(start, material.digests);
    const fitted = fitToData(start, material.available, request);
    const run: Run = { request, start, ...fitted, material, paths, store, bar };
    // Those of another training; what it made is replaced when there is something to replace it with.
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
interface Run {
  readonly request: TrainingRequest;
  readonly start: Start;
  readonly recipe: Recipe;
  readonly trainImages: number;
  readonly material: Material;
  readonly paths: TrainingPaths;
  readonly store: CheckpointStore;
  readonly bar: ProgressBar;
}

/** Trains with a checkpoint after every epoch, until the end or until someone wishes that it stop. */
async function trainAndSave(run: Run): Promise<TrainingResult<Validation>> {
  const { request, start, recipe, trainImages, material, store, bar } = run;
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
      const { models } = start.teachers;
      const followed = { ...hooks, signal };
      return material.train(recipe, trainImages, models, request.threads, followed, start.begin);
    },
  );
}

/** Adds to an error of this code where the last good state is, and how to go on from it. */
function sayWhatIsKept(thrown: unknown, code: ErrorCode, run: Run): unknown {
  if (!(thrown instanceof InkdigitError) || thrown.code !== code) return thrown;
  const { store, paths, recipe } = run;
  const { savedEpoch } = store;
  const kept =
    savedEpoch === null
      ? 'No epoch was saved that it could be continued from.'
      : `The training up to epoch ${savedEpoch} and its best model are kept in ${paths.checkpoint}: ${resumeCommand(run)} ` +
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
    `${grouped(plan.parameterCount)} parameters, ${grouped(plan.multiplyAdds)} multiply-adds an image, ` +
    `${material.describe(recipe, trainImages)}, ${grouped(material.validating)} validate, ` +
    (teachers.files.length > 0
      ? `taught by ${teachers.files.map(({ file }) => basename(file)).join(', ')}, `
      : '') +
    `${recipe.batchSize} a step, ${describeThreads(threadsFor(recipe, request.threads))}`
  );
}

/** What a card says of a data set. */
function aboutDataset(name: DatasetName): NonNullable<ModelCard['datasets']>[number] {
  const { title, page, licence } = DATASETS[name];
  return { name, title, page, licence };
}

async function writeResult(run: Run, result: TrainingResult<Validation>): Promise<void> {
  const { request, start, recipe, trainImages, material, paths, bar } = run;
  const { interrupted } = result;
  const { version } = packageManifest();
  const { digitThreshold } = result.best;
  const model = exportModel(result.plan, result.weights, { producerVersion: version, digitThreshold });
  // Once, at the end: a training that was stopped may be continued.
  const test = start.test && !interrupted && material.test ? await measureModel(model, material.test) : null;
  const bySet: Record<string, Metrics> = {};
  for (const { name, data } of material.validationSets) bySet[name] = await measureModel(model, data);
  const { images } = start.source;
  const card = makeCard(result, {
    name: basename(paths.model, '.onnx'),
    layers: describeLayers(result.plan),
    threads: threadsFor(recipe, request.threads),
    seed: recipe.seed,
    recipe: {
      ...describeRecipe(recipe),
      ...(readsScenes(recipe.network) ? { glyphs: trainImages } : { trainImages }),
      ...(images && { validationShare: images.validationShare, normalize: images.normalize }),
      ...(start.from !== null && { from: start.from }),
      ...(start.teachers.files.length > 0 && {
        teachers: start.teachers.files.map(({ file, sha256 }) => `${basename(file)} ${sha256}`).join(', '),
        teacherShare: recipe.teaching.share,
        teacherTemperature: recipe.teaching.temperature,
        ...(recipe.teaching.onlyWhereRight && { teacherOnlyWhereRight: true }),
      }),
    },
    data: material.digests,
    ...(start.source.datasets && { datasets: start.source.datasets.names.map(aboutDataset) }),
    ...(material.validationSets.length > 0 && { validationSets: bySet }),
    versions: toolVersions(),
    model,
    test,
    finished: new Date(),
  });
  // The card last: with it the model is complete.
  await writeFilesAtomically([
    {
      path: paths.curves,
      content: trainingCurves(result.epochs, `${result.plan.name}, seed ${recipe.seed}`),
    },
    { path: paths.weights, content: weightsOf(result, card.file.sha256) },
    { path: paths.model, content: model },
    { path: paths.card, content: `${JSON.stringify(card, null, 2)}\n` },
  ]);
  const { best } = result;
  bar.log(
    `${interrupted ? 'Stopped' : 'Done'} in ${clock(result.seconds)} (${Math.round(result.imagesPerSecond)} images/s). ` +
      `Best: epoch ${best.epoch}, validation ${percent(best.validation.accuracy)}` +
      (test ? `, test ${percent(test.accuracy)} (${test.correct} of ${test.count})` : ''),
  );
  for (const [name, { accuracy, correct, count }] of Object.entries(bySet)) {
    bar.log(`  of ${name}: validation ${percent(accuracy)} (${correct} of ${count})`);
  }
  bar.log(
    `Wrote ${paths.model} (${grouped(model.length)} bytes), ${paths.card}, ${paths.weights} and ${paths.curves}`,
  );
}

async function measureModel(model: Uint8Array, data: LabelledFrames): Promise<Metrics> {
  const classifier = await createClassifier(model);
  try {
    return await evaluate(classifier, data);
  } finally {
    await classifier.close();
  }
}
