import { Command, type Option } from 'commander';
import { DEFAULT_RECIPE, QUICK_RECIPE, SCENE_RECIPE } from '../../training/recipe.js';
import { networkNames } from '../../network/networks.js';
import { processIo } from '../terminal/command-io.js';
import { describeCores, findCores } from '../options/cores.js';
import { datasetsDirOption } from '../options/dataset-options.js';
import { dataDirOption } from '../options/data-dir-option.js';
import { decimalNumber, fileList, normalizeOption, option, wholeNumber } from '../options/declare-option.js';
import { packageVersion } from '../../package-info.js';
import { createProgressBar } from '../terminal/progress-bar.js';
import type { TrainingRequest } from '../../training/session/training-request.js';
import { untilStopped } from '../terminal/until-stopped.js';
import { datasetsOption } from '../options/dataset-options.js';
import { networkAliases } from '../../network/networks.js';
import { DEVICES, type Device } from '../../training/compute.js';

/** `inkdigit train` */
export function trainCommand(): Command {
  const command = new Command('train').description(
    'Trains a model, on MNIST, other data sets or your own digits, and writes it, its card and its training curves.',
  );
  for (const declared of [...recipeOptions(), ...dataOptions(), ...runOptions()]) {
    command.addOption(declared);
  }
  return command.action(runTrain);
}

/**
 * None has a commander default: a preset, or the training that is resumed, decides. The descriptions name the
 * presets.
 */
function recipeOptions(): Option[] {
  const recipe = DEFAULT_RECIPE;
  return [
    option('--quick', 'a good model in about five minutes; other options still apply'),
    option('--network <name>', `the network to train (default: ${recipe.network.name})`).choices([
      ...networkNames(),
      ...networkAliases(),
    ]),
    option(
      '--epochs <n>',
      `passes over the training images (default: ${recipe.epochs}; with --quick ${QUICK_RECIPE.epochs})`,
      { parse: wholeNumber(1, 100_000) },
    ),
    option(
      '--batch-size <images>',
      `images per step: at most 32, or a multiple of 32 (default: ${recipe.batchSize}; with few --images less)`,
      { parse: wholeNumber(1, 65_536) },
    ),
    option(
      '--learning-rate <rate>',
      `highest of the schedule: warm-up, then cosine (default: ${recipe.learningRate}; with --from a tenth of it)`,
      { parse: decimalNumber(0, 100) },
    ),
    option('--weight-decay <rate>', `of AdamW, on weights only (default: ${recipe.weightDecay})`, {
      parse: decimalNumber(0, 100),
    }),
    option(
      '--label-smoothing <share>',
      `of the target spread over all digits, 0 to 0.9 (default: ${recipe.labelSmoothing})`,
      { parse: decimalNumber(0, 0.9) },
    ),
    option(
      '--outlier-share <share>',
      'share of the images to replace by non-digits, 0 to 0.5; 0: a model that rejects nothing ' +
        `(default: ${recipe.outlierShare})`,
      { parse: decimalNumber(0, 0.5) },
    ),
    option(
      '--scenes-per-epoch <n>',
      `pictures per epoch, for networks that are trained on drawn pictures (default: ${SCENE_RECIPE.scenesPerEpoch})`,
      { parse: wholeNumber(1) },
    ),
    option('--no-augment', 'train on the images as they are, without augmentation'),
    option(
      '--seed <n>',
      `of all that is random: the same seed gives the same model (default: ${recipe.seed})`,
      { parse: wholeNumber(0, 0xffff_ffff) },
    ),
  ];
}

function dataOptions(): Option[] {
  return [
    option('--images <folder>', 'train on your own digits: image files in <folder>/0 to <folder>/9'),
    option('--with-mnist', 'with --images: train on MNIST as well'),
    option('--skip-bad', 'with --images: skip files that cannot be read, and list them'),
    normalizeOption(
      'with --images: look for the digit in each picture: auto (in all but frames like those of MNIST), always, ' +
        'never (default: auto)',
    ),
    option(
      '--validation-share <share>',
      'with --images: share of each digit that validates instead of being trained on (default: 0.1)',
      { parse: decimalNumber(0.01, 0.9) },
    ),
    option(
      '--train-images <n>',
      'train on the first n images only (default: all but the validation images)',
      { parse: wholeNumber(1) },
    ),
    option('--no-test', 'do not measure on the test images: for runs that recipes are chosen by'),
    dataDirOption(),
    datasetsOption(
      'data sets to train on (a,b; default: MNIST alone for networks that read frames, all for the others)',
    ),
    datasetsDirOption(),
  ];
}

function runOptions(): Option[] {
  const cores = findCores();
  return [
    option<Device>('--device <name>', 'what computes the steps: the cores, or a graphics card by WebGPU', {
      default: 'cpu',
    }).choices(DEVICES),
    option('--threads <n>', 'training threads; the model does not depend on their number', {
      default: cores.usable,
      defaultText: `one per core, here ${describeCores(cores)}`,
      parse: wholeNumber(1, 256),
    }),
    option('--out <file>', 'the model to write; its card, weights and curves are put beside it', {
      default: 'runs/mnist.onnx',
    }),
    option(
      '--from <file>',
      'begin with the weights of a trained model: x.onnx with x.weights beside it, or x.weights',
    ),
    option(
      '--teachers <files>',
      'distil from these models (a.onnx,b.onnx) besides the labels: large teachers improve a small network',
      { parse: fileList },
    ),
    option('--resume', 'resume the training that was stopped, with its settings'),
    option('--force', 'replace the files of an earlier training'),
  ];
}

async function runTrain(request: TrainingRequest): Promise<void> {
  const { runTraining } = await import('../../training/session/training-session.js');
  const bar = createProgressBar(processIo.stderr);
  await runTraining(request, { bar, version: packageVersion(), untilStopped });
}
