import { basename } from 'node:path';
import { takeFrames } from '../../data/labelled-frames.js';
import { loadMnistPart } from '../../data/mnist/mnist.js';
import { splitValidation } from '../../data/split.js';
import { InkdigitError } from '../../errors.js';
import { describeThreads, grouped, percent } from '../../evaluation/report.js';
import type { ModelCard } from '../../model/card/card.js';
import { readModelCard } from '../../model/read-model-files.js';
import { CLASS_COUNT } from '../../model/contract.js';
import { describeLayers } from '../../network/describe-layers.js';
import { exportModel } from '../../network/export.js';
import { trainOodHead, type HeadData } from '../../training/ood-head/train-ood-head.js';
import { OOD_HEAD_RECIPE } from '../../training/ood-head/ood-head-recipe.js';
import { makeOodHeadCard } from '../../model/card/make-ood-head-card.js';
import { networkWithOodHead, networkByName } from '../../network/networks.js';
import { describeRecipe, threadsFor, type Recipe } from '../../training/recipe.js';
import type { EpochReport, StepReport, TrainingResult } from '../../training/reports.js';
import { type ModelWeights, weightsOf } from '../../network/weights-file.js';
import { startThreadWorker } from '../../training/threads/workers.js';
import { processIo } from '../terminal/command-io.js';
import { derivedPath } from '../options/derived-path.js';
import { showDownload } from '../../data/download/show-download.js';
import { packageVersion } from '../../package-info.js';
import { createProgressBar } from '../terminal/progress-bar.js';
import type { ProgressBar } from '../../progress.js';
import { trainingPaths, type TrainingPaths } from '../../training/checkpoint/training-paths.js';
import { toolVersions } from '../../model/runtime/tool-versions.js';
import { loadFrameWeights } from '../../network/load-weights.js';
import { clock, epochLine, stepProgress } from '../../training/session/training-lines.js';
import { untilStopped } from '../terminal/until-stopped.js';
import { refuseToOverwrite, requireWritable, writeFilesAtomically } from '../../files/write-file.js';
import { onCpu } from '../../training/compute.js';

const COMMAND = 'add-ood-head';

/** What `inkdigit add-ood-head` was asked to do. */
export interface OodHeadRequest {
  readonly out?: string;
  readonly epochs: number;
  readonly outlierShare: number;
  readonly trainImages?: number;
  readonly seed: number;
  readonly threads: number;
  readonly force?: boolean;
  readonly dataDir?: string;
}

/**
 * Trains an OOD head for a model, shows the progress, and writes the files.
 * @throws InkdigitError `invalid_option` for a model that has one, `file_exists`, `missing_file` or `write_failed`
 */
export async function addOodHead(from: string, request: OodHeadRequest): Promise<void> {
  const paths = trainingPaths(derivedPath(COMMAND, from, 'guarded', request.out));
  const { model, weights, card } = paths;
  await requireWritable(model, weights, card);
  if (!request.force) {
    await refuseToOverwrite([model, weights, card], 'Choose another --out, or --force to replace it.');
  }
  const base = await loadFrameWeights(from, COMMAND);
  if (base.outputs !== CLASS_COUNT) {
    throw new InkdigitError(
      'invalid_option',
      `${from} has an OOD head already: expected a model of ${CLASS_COUNT} outputs, got ${base.outputs}.`,
    );
  }
  const baseCard = await readModelCard(from);
  const { epochs, outlierShare, seed, threads } = request;
  const recipe = { ...OOD_HEAD_RECIPE, network: networkByName(base.network), epochs, outlierShare, seed };
  const bar = createProgressBar(processIo.stderr);
  try {
    const { data } = await loadMnistPart('train', {
      dataDir: request.dataDir,
      onProgress: showDownload(bar),
    });
    bar.finish();
    const { training, validation } = splitValidation(data);
    const { trainImages = training.labels.length } = request;
    const sets = { training: takeFrames(training, 0, trainImages), validation };
    const result = await trainWithProgress(recipe, base, sets, threads, bar);
    bar.finish();
    await writeOodHead({ from, baseCard, paths, recipe, threads, trainImages, bar }, result);
  } finally {
    bar.finish();
  }
}

/** Trains until the end, or until a signal asks it to stop. */
async function trainWithProgress(
  recipe: Recipe,
  { weights }: ModelWeights,
  data: HeadData,
  threads: number,
  bar: ProgressBar,
): Promise<TrainingResult> {
  let last: EpochReport | undefined;
  const withHead = networkWithOodHead(recipe.network);
  return untilStopped(
    () => bar.log('Stopping after this batch; the best head so far is kept (again: end at once).'),
    (signal) => {
      bar.log(
        `Adding an OOD head to ${recipe.network.name}, on ${grouped(data.training.labels.length)} images, ` +
          `${percent(recipe.outlierShare)} of them non-digits, ${describeThreads(threadsFor(recipe, threads))}`,
      );
      return trainOodHead(recipe, weights, withHead, data, onCpu(threads), startThreadWorker, {
        signal,
        onStep: (state: StepReport) => bar.update(stepProgress(state, last)),
        onEpoch: (report: EpochReport) => {
          last = report;
          bar.log(epochLine(report));
        },
      });
    },
  );
}

/** What the files say besides the result. */
interface Written {
  readonly from: string;
  readonly baseCard: ModelCard;
  readonly paths: TrainingPaths;
  readonly recipe: Recipe;
  readonly threads: number;
  readonly trainImages: number;
  readonly bar: ProgressBar;
}

async function writeOodHead(written: Written, result: TrainingResult): Promise<void> {
  const { from, baseCard, paths, recipe, threads, trainImages, bar } = written;
  const version = packageVersion();
  const { plan, best } = result;
  const { digitThreshold } = best;
  const model = exportModel(plan, result.weights, { producerVersion: version, digitThreshold });
  const card = makeOodHeadCard(baseCard, result, {
    name: basename(paths.model, '.onnx'),
    from: basename(from),
    layers: describeLayers(plan),
    threads: threadsFor(recipe, threads),
    recipe: { ...describeRecipe(recipe), trainImages },
    seed: recipe.seed,
    versions: toolVersions(packageVersion()),
    model,
    finished: new Date(),
  });
  // The card last: with it the model is complete.
  await writeFilesAtomically([
    { path: paths.weights, content: weightsOf(result, card.file.sha256) },
    { path: paths.model, content: model },
    { path: paths.card, content: `${JSON.stringify(card, null, 2)}\n` },
  ]);
  bar.log(
    `${result.interrupted ? 'Stopped' : 'Done'} in ${clock(result.seconds)} ` +
      `(${Math.round(result.imagesPerSecond)} images/s). ` +
      `Best: epoch ${best.epoch}, validation ${percent(best.validation.accuracy)}, ` +
      `${percent(best.outliersPassing ?? 1)} of the outliers accepted at ${digitThreshold}`,
  );
  bar.log(`Wrote ${paths.model} (${grouped(model.length)} bytes), ${paths.card} and ${paths.weights}`);
}
