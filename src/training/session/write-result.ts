import { basename } from 'node:path';
import { DATASETS, type DatasetName } from '../../data/datasets/registry.js';
import type { LabelledFrames } from '../../data/labelled-frames.js';
import { evaluate } from '../../evaluation/evaluate-classifier.js';
import type { Validation } from '../../evaluation/measure-grid.js';
import type { Metrics } from '../../evaluation/metrics.js';
import { grouped, percent } from '../../evaluation/report.js';
import { writeFilesAtomically } from '../../files/write-file.js';
import type { ModelCard } from '../../model/card/card.js';
import { makeCard } from '../../model/card/make-card.js';
import { createClassifier } from '../../model/classifier.js';
import { toolVersions } from '../../model/runtime/tool-versions.js';
import { describeLayers } from '../../network/describe-layers.js';
import { exportModel } from '../../network/export.js';
import { weightsOf } from '../../network/weights-file.js';
import type { ProgressBar } from '../../progress.js';
import { planThreads } from '../compute.js';
import { describeRecipe, readsScenes, type Recipe } from '../recipe.js';
import type { TrainingResult } from '../reports.js';
import { trainingCurves } from './curves.js';
import type { TrainingPaths } from '../checkpoint/training-paths.js';
import { clock } from './training-lines.js';
import type { Material } from './training-material.js';
import type { TrainingRequest } from './training-request.js';
import type { Start } from './training-start.js';

/** A training with its request, its data and its files. */
export interface TrainingUnderWay {
  readonly request: TrainingRequest;
  readonly start: Start;
  readonly recipe: Recipe;
  readonly trainImages: number;
  readonly material: Material;
  readonly paths: TrainingPaths;
  readonly bar: ProgressBar;
  /** Version of inkdigit, for the files that are written. */
  readonly version: string;
}

/** The entry of a data set in a card. */
function aboutDataset(name: DatasetName): NonNullable<ModelCard['datasets']>[number] {
  const { title, page, licence } = DATASETS[name];
  return { name, title, page, licence };
}

/** Writes the model of a training, its card, weights and curves, and logs the result. */
export async function writeResult(
  training: TrainingUnderWay,
  result: TrainingResult<Validation>,
): Promise<void> {
  const { request, start, recipe, trainImages, material, paths, bar, version } = training;
  const { interrupted } = result;
  const { digitThreshold } = result.best;
  const model = exportModel(result.plan, result.weights, { producerVersion: version, digitThreshold });
  // Only when the training is complete: one that was stopped may be resumed.
  const test = start.test && !interrupted && material.test ? await measureModel(model, material.test) : null;
  const bySet: Record<string, Metrics> = {};
  for (const { name, data } of material.validationSets) bySet[name] = await measureModel(model, data);
  const { images } = start.source;
  const card = makeCard(result, {
    name: basename(paths.model, '.onnx'),
    layers: describeLayers(result.plan),
    threads: planThreads(recipe, request).steps,
    seed: recipe.seed,
    recipe: {
      ...describeRecipe(recipe),
      ...(readsScenes(recipe.network) ? { glyphs: trainImages } : { trainImages }),
      ...(images && { validationShare: images.validationShare, normalize: images.normalize }),
      ...(start.from !== null && { from: start.from }),
      ...(request.device !== 'cpu' && { device: request.device }),
      ...(start.teachers.files.length > 0 && {
        teachers: start.teachers.files.map(({ file, sha256 }) => `${basename(file)} ${sha256}`).join(', '),
        teacherShare: recipe.distillation.share,
        teacherTemperature: recipe.distillation.temperature,
        ...(recipe.distillation.onlyWhereRight && { teacherOnlyWhereRight: true }),
      }),
    },
    data: material.digests,
    ...(start.source.datasets && { datasets: start.source.datasets.names.map(aboutDataset) }),
    ...(material.validationSets.length > 0 && { validationSets: bySet }),
    versions: toolVersions(version),
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
    `${interrupted ? 'Stopped' : 'Done'} in ${clock(result.seconds)} ` +
      `(${Math.round(result.imagesPerSecond)} images/s). ` +
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
