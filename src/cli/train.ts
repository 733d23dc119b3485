import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { DEFAULT_RECIPE, type Recipe } from '../training/recipe.js';
import { networkByName, networkNames } from '../training/networks.js';
import { dataDirOption } from './mnist-data.js';
import { decimalNumber, option, wholeNumber } from './options.js';
import type { TrainingRequest } from './training-session.js';

interface TrainOptions extends Omit<TrainingRequest, 'recipe'> {
  readonly network: string;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly labelSmoothing: number;
  readonly augment: boolean;
  readonly seed: number;
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
        parse: wholeNumber(1, 256),
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
    .addOption(
      option('--resume', 'continue the training that was stopped, with the settings it was started with'),
    )
    .addOption(option('--force', 'replace the files of an earlier training'))
    .addOption(dataDirOption())
    .action(runTrain);
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

async function runTrain(options: TrainOptions): Promise<void> {
  const { runTraining } = await import('./training-session.js');
  await runTraining({ ...options, recipe: recipeOf(options) });
}
