import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import { InkdigitError } from '../errors.js';
import { DEFAULT_RECIPE, microbatchOf, type Recipe } from '../training/recipe.js';
import type { EpochReport, TrainingResult } from '../training/trainer.js';
import { networkByName, networkNames } from '../training/networks.js';
import { loadMnist, type Mnist } from '../data/mnist.js';
import { dataDirOption, downloadBar } from './mnist-data.js';
import { decimalNumber, option, wholeNumber } from './options.js';
import { packageManifest } from './package-manifest.js';
import { createProgressBar, type ProgressBar } from './progress-bar.js';
import { refuseToOverwrite, writeFileAtomically } from './write-file.js';

interface TrainOptions {
  readonly network: string;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly labelSmoothing: number;
  readonly augment: boolean;
  readonly seed: number;
  readonly threads: number;
  readonly trainImages?: number;
  readonly test: boolean;
  readonly out: string;
  readonly force?: boolean;
  readonly dataDir?: string;
}

/** `inkdigit train` */
export function trainCommand(): Command {
  const recipe = DEFAULT_RECIPE;
  return new Command('train')
    .description('Trains a model on MNIST and writes it, its card and its training curves.')
    .addOption(
      option('--network <name>', 'what to train', { default: recipe.network.name }).choices(networkNames()),
    )
    .addOption(
      option('--epochs <n>', 'times through the training images', {
        default: recipe.epochs,
        parse: wholeNumber(1, 100_000),
      }),
    )
    .addOption(
      option('--batch-size <images>', 'images a step: at most 32, or a multiple of 32', {
        default: recipe.batchSize,
        parse: wholeNumber(1, 65_536),
      }),
    )
    .addOption(
      option('--learning-rate <rate>', 'highest of the schedule (warm-up, then cosine)', {
        default: recipe.learningRate,
        parse: decimalNumber(0, 100),
      }),
    )
    .addOption(
      option('--weight-decay <rate>', 'of AdamW, on weights only', {
        default: recipe.weightDecay,
        parse: decimalNumber(0, 100),
      }),
    )
    .addOption(
      option('--label-smoothing <share>', 'of the target spread over all digits, 0 to 0.9', {
        default: recipe.labelSmoothing,
        parse: decimalNumber(0, 0.9),
      }),
    )
    .addOption(option('--no-augment', 'train on the images as they are, not turned, scaled and moved'))
    .addOption(
      option('--seed <n>', 'of all that is random: the same seed gives the same model', {
        default: recipe.seed,
        parse: wholeNumber(0, 0xffff_ffff),
      }),
    )
    .addOption(
      option('--threads <n>', 'training threads; the model does not depend on their number', {
        default: availableParallelism(),
        defaultText: 'one a core',
        parse: wholeNumber(1, 1024),
      }),
    )
    .addOption(
      option(
        '--train-images <n>',
        'train on the first n images only (default: all but the validation images)',
        {
          parse: wholeNumber(1),
        },
      ),
    )
    .addOption(option('--no-test', 'leave the test images out: for runs that recipes are chosen by'))
    .addOption(
      option('--out <file>', 'the model to write; its card and curves are put beside it', {
        default: 'runs/mnist.onnx',
      }),
    )
    .addOption(option('--force', 'replace the files of an earlier training'))
    .addOption(dataDirOption())
    .action(runTraining);
}

/** Where the files of a training go. */
function outputPaths(out: string): { model: string; card: string; curves: string } {
  if (!out.endsWith('.onnx')) {
    throw new InkdigitError('invalid_option', `--out names the model's file, ending in .onnx; got ${out}.`);
  }
  const model = resolve(out);
  return { model, card: model.replace(/\.onnx$/, '.json'), curves: join(dirname(model), 'training.svg') };
}

function recipeOf(options: TrainOptions): Recipe {
  return {
    ...DEFAULT_RECIPE,
    network: networkByName(options.network),
    epochs: options.epochs,
    batchSize: options.batchSize,
    learningRate: options.learningRate,
    weightDecay: options.weightDecay,
    labelSmoothing: options.labelSmoothing,
    augmentation: options.augment ? DEFAULT_RECIPE.augmentation : null,
    seed: options.seed,
  };
}

async function runTraining(options: TrainOptions): Promise<void> {
  const paths = outputPaths(options.out);
  if (!options.force) {
    await refuseToOverwrite(
      Object.values(paths),
      'Choose another --out, or --force to replace the earlier training.',
    );
  }
  const recipe = recipeOf(options);
  const [{ planNetwork }, { train }, { startThreadWorker }, { splitValidation }, { takeFrames }] =
    await Promise.all([
      import('../training/network.js'),
      import('../training/trainer.js'),
      import('../training/workers.js'),
      import('../data/split.js'),
      import('../data/labelled-frames.js'),
    ]);
  microbatchOf(recipe.batchSize);
  const plan = planNetwork(recipe.network);
  const bar = createProgressBar(process.stderr);
  const mnist = await loadMnist({
    dataDir: options.dataDir,
    onProgress: (progress) => bar.update(downloadBar(progress)),
  });
  bar.finish();
  const { training: all, validation } = splitValidation(mnist.train);
  const training = takeFrames(all, 0, Math.min(options.trainImages ?? Infinity, all.labels.length));
  bar.log(
    `Training ${plan.name}: ${count(plan.parameterCount)} parameters, ${count(plan.multiplyAdds)} multiply-adds an image, ` +
      `on ${count(training.labels.length)} images, ${options.threads} threads`,
  );

  const stop = new AbortController();
  const onSignal = (): void => {
    bar.log('Stopping after this batch; the best model so far is kept (again: end at once).');
    stop.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, onSignal);
  try {
    const result = await train(recipe, { training, validation }, options.threads, startThreadWorker, {
      signal: stop.signal,
      onStep: (state) =>
        bar.update({
          label: `epoch ${state.epoch}/${state.epochs}`,
          fraction: state.step / state.totalSteps,
          text: `${Math.round(state.imagesPerSecond)} images/s  loss ${state.loss.toFixed(4)}  left ${clock(state.secondsLeft)}`,
        }),
      onEpoch: (report) => bar.log(epochLine(report)),
    });
    bar.finish();
    await writeResult(options, recipe, result, mnist, paths, bar);
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onSignal);
    bar.finish();
  }
}

async function writeResult(
  options: TrainOptions,
  recipe: Recipe,
  result: TrainingResult,
  mnist: Mnist,
  paths: ReturnType<typeof outputPaths>,
  bar: ProgressBar,
): Promise<void> {
  const [{ exportModel }, { makeCard }, { trainingCurves }, { evaluate }, { createClassifier }] =
    await Promise.all([
      import('../training/export.js'),
      import('../training/make-card.js'),
      import('../training/curves.js'),
      import('../evaluation/evaluate.js'),
      import('../model/classifier.js'),
    ]);
  const { version, dependencies } = packageManifest();
  const model = exportModel(result.plan, result.weights, version);
  const classifier = await createClassifier(model, { threads: options.threads });
  const test = options.test ? await evaluate(classifier, mnist.test) : null;
  await classifier.close();
  const card = makeCard(recipe, result, {
    name: 'mnist',
    threads: options.threads,
    data: mnist.digests,
    versions: {
      inkdigit: version,
      'onnxruntime-node': dependencies['onnxruntime-node'] ?? 'unknown',
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
  bar.log(`Wrote ${paths.model} (${count(model.length)} bytes), ${paths.card} and ${paths.curves}`);
}

function epochLine({ epoch, epochs, loss, validation, imagesPerSecond, seconds, best }: EpochReport): string {
  return (
    `epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}  loss ${loss.toFixed(4)}  ` +
    `validation ${percent(validation.accuracy)}  ${Math.round(imagesPerSecond)} images/s  ${clock(seconds)}` +
    (best ? '  best' : '')
  );
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

function count(value: number): string {
  return value.toLocaleString('en-GB');
}

/** `1:02:03` or `2:03` */
function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
