import { env } from 'onnxruntime-node';
import { takeFrames } from '../data/labelled-frames.js';
import { loadMnist, type Mnist } from '../data/mnist.js';
import { splitValidation } from '../data/split.js';
import { InkdigitError, messageOf } from '../errors.js';
import { evaluate } from '../evaluation/evaluate.js';
import { grouped, percent } from '../evaluation/report.js';
import { createClassifier } from '../model/classifier.js';
import { trainingCurves } from '../training/curves.js';
import { exportModel } from '../training/export.js';
import { makeCard } from '../training/make-card.js';
import { planNetwork } from '../training/network.js';
import { microbatchOf, type Recipe } from '../training/recipe.js';
import type { EpochReport, Snapshot, StepReport, TrainingResult } from '../training/reports.js';
import { train } from '../training/trainer.js';
import { startThreadWorker } from '../training/workers.js';
import { listenForStop, type StopWish } from '../stop-signals.js';
import { showDownload } from './mnist-data.js';
import { packageManifest } from './package-manifest.js';
import { createProgressBar, type Progress, type ProgressBar } from './progress-bar.js';
import {
  loadCheckpoint,
  refuseToReplace,
  removeCheckpoints,
  saveCheckpoint,
  trainingPaths,
  type TrainingPaths,
} from './training-files.js';
import { requireWritable, writeFileAtomically } from './write-file.js';

/** What `inkdigit train` was asked to do. */
export interface TrainingRequest {
  readonly recipe: Recipe;
  readonly threads: number;
  readonly trainImages?: number;
  /** Whether to measure the result on the test images. */
  readonly test: boolean;
  readonly out: string;
  readonly resume?: boolean;
  readonly force?: boolean;
  readonly dataDir?: string;
}

/** What is trained and from where: as asked, or as the checkpoint has it. */
interface Start {
  readonly recipe: Recipe;
  readonly trainImages: number;
  readonly snapshot: Snapshot | null;
}

/** Trains, shows how it goes, and writes the files. */
export async function runTraining(request: TrainingRequest): Promise<void> {
  const paths = trainingPaths(request.out);
  microbatchOf(request.recipe.batchSize);
  if (!request.resume && !request.force) await refuseToReplace(paths);
  await requireWritable(paths.model);
  const bar = createProgressBar(process.stderr);
  let stopWish: StopWish | undefined;
  try {
    const { dataDir } = request;
    const mnist = await loadMnist({ dataDir, onProgress: showDownload(bar) });
    bar.finish();
    const { training: all, validation } = splitValidation(mnist.train);
    const start = request.resume
      ? await resumedStart(paths, mnist, bar)
      : freshStart(request, all.labels.length);
    const { recipe, trainImages, snapshot } = start;
    const training = takeFrames(all, 0, trainImages);
    bar.log(describeStart(start, request.threads));

    stopWish = listenForStop();
    const stop = new AbortController();
    void stopWish.asked.then(() => {
      bar.log('Stopping after this batch; the best model so far is kept (again: end at once).');
      stop.abort();
    });
    void stopWish.insisted.then(() => process.exit(1));
    let last = snapshot?.epochs.at(-1);
    const hooks = {
      signal: stop.signal,
      onStep: (state: StepReport) => bar.update(stepProgress(state, last)),
      onEpoch: async (report: EpochReport, takeSnapshot: (() => Snapshot) | null) => {
        last = report;
        bar.log(epochLine(report));
        if (!takeSnapshot) return;
        const checkpoint = { recipe, trainImages, data: mnist.digests, snapshot: takeSnapshot() };
        await saveCheckpoint(paths, checkpoint).catch((thrown: unknown) =>
          bar.log(`No checkpoint of epoch ${report.epoch}: ${messageOf(thrown)} The training goes on.`),
        );
      },
    };
    const result = await train(
      recipe,
      { training, validation },
      request.threads,
      startThreadWorker,
      hooks,
      snapshot,
    );
    bar.finish();
    await writeResult(request, start, result, mnist, paths, bar);
    if (result.interrupted) bar.log(`inkdigit train --resume --out ${request.out} continues it.`);
    else await removeCheckpoints(paths);
  } finally {
    stopWish?.ignore();
    bar.finish();
  }
}

/** @throws InkdigitError `invalid_option` when more images are asked for than there are */
function freshStart({ recipe, trainImages }: TrainingRequest, available: number): Start {
  if (trainImages !== undefined && trainImages > available) {
    throw new InkdigitError(
      'invalid_option',
      `--train-images: expected at most ${available}, as the other images are for validation; got ${trainImages}.`,
    );
  }
  return { recipe, trainImages: trainImages ?? available, snapshot: null };
}

/** @throws InkdigitError when there is no whole checkpoint, or it is of a training on other data */
async function resumedStart(paths: TrainingPaths, mnist: Mnist, bar: ProgressBar): Promise<Start> {
  const { recipe, trainImages, data, snapshot } = await loadCheckpoint(paths, (line) => bar.log(line));
  for (const [file, digest] of Object.entries(data)) {
    if (mnist.digests[file] === digest) continue;
    throw new InkdigitError(
      'invalid_data',
      `${paths.checkpoint} was trained on another ${file}: expected SHA-256 ${digest}, got ${mnist.digests[file] ?? 'no such file'}.`,
    );
  }
  return { recipe, trainImages, snapshot };
}

function describeStart({ recipe, trainImages, snapshot }: Start, threads: number): string {
  const plan = planNetwork(recipe.network);
  return (
    `${snapshot ? `Continuing after epoch ${snapshot.epochs.length}` : 'Training'}: ${plan.name}, ` +
    `${grouped(plan.parameterCount)} parameters, ${grouped(plan.multiplyAdds)} multiply-adds an image, ` +
    `on ${grouped(trainImages)} images, ${threads === 1 ? '1 thread' : `${threads} threads`}`
  );
}

async function writeResult(
  request: TrainingRequest,
  { recipe, trainImages }: Start,
  result: TrainingResult,
  mnist: Mnist,
  paths: TrainingPaths,
  bar: ProgressBar,
): Promise<void> {
  const { version } = packageManifest();
  const model = exportModel(result.plan, result.weights, version);
  const classifier = await createClassifier(model);
  const test = request.test ? await evaluate(classifier, mnist.test) : null;
  await classifier.close();
  const card = makeCard(recipe, result, {
    name: 'mnist',
    threads: request.threads,
    trainImages,
    data: mnist.digests,
    versions: {
      inkdigit: version,
      'onnxruntime-node': env.versions.node ?? 'unknown',
      node: process.versions.node,
    },
    model,
    test,
    finished: new Date(),
  });
  // The card last: with it the model is complete.
  await writeFileAtomically(
    paths.curves,
    trainingCurves(result.epochs, `${result.plan.name}, seed ${recipe.seed}`),
  );
  await writeFileAtomically(paths.model, model);
  await writeFileAtomically(paths.card, `${JSON.stringify(card, null, 2)}\n`);
  const { best } = result;
  bar.log(
    `${result.interrupted ? 'Stopped' : 'Done'} in ${clock(result.seconds)} (${Math.round(result.imagesPerSecond)} images/s). ` +
      `Best: epoch ${best.epoch}, validation ${percent(best.validation.accuracy)}` +
      (test ? `, test ${percent(test.accuracy)} (${test.correct} of ${test.count})` : ''),
  );
  bar.log(`Wrote ${paths.model} (${grouped(model.length)} bytes), ${paths.card} and ${paths.curves}`);
}

function stepProgress(state: StepReport, last: EpochReport | undefined): Progress {
  return {
    label: `epoch ${state.epoch}/${state.epochs}`,
    fraction: state.step / state.totalSteps,
    text:
      `${Math.round(state.imagesPerSecond)} images/s  loss ${state.loss.toFixed(4)}  ` +
      (last ? `validation ${percent(last.validation.accuracy)}  ` : '') +
      `left ${clock(state.secondsLeft)}`,
  };
}

function epochLine({ epoch, epochs, loss, validation, imagesPerSecond, seconds, best }: EpochReport): string {
  return (
    `epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}  loss ${loss.toFixed(4)}  ` +
    `validation ${percent(validation.accuracy)}  ${Math.round(imagesPerSecond)} images/s  ${clock(seconds)}` +
    (best ? '  best' : '')
  );
}

/** `1:02:03` or `2:03` */
function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
