import { Command } from 'commander';
import { OOD_HEAD_RECIPE } from '../../training/ood-head/ood-head-recipe.js';
import { describeCores, findCores } from '../options/cores.js';
import type { OodHeadRequest } from './add-ood-head-session.js';
import { dataDirOption } from '../options/data-dir-option.js';
import { decimalNumber, option, wholeNumber } from '../options/declare-option.js';

/** `inkdigit add-ood-head` */
export function addOodHeadCommand(): Command {
  const recipe = OOD_HEAD_RECIPE;
  const cores = findCores();
  return new Command('add-ood-head')
    .description(
      'Adds an out-of-distribution (OOD) head to a trained model, which then rejects non-digits and classifies ' +
        'digits as before. Writes the new model, its card and its weights.',
    )
    .argument('<model>', 'the ONNX file, of ten outputs, as x.onnx; its card and its weights lie beside it')
    .addOption(option('--out <file>', "the new model's ONNX file (default: x.guarded.onnx beside x.onnx)"))
    .addOption(
      option('--epochs <n>', 'passes over the training images', {
        default: recipe.epochs,
        parse: wholeNumber(1, 100_000),
      }),
    )
    .addOption(
      option('--outlier-share <share>', 'share of the images to replace by non-digits, 0.05 to 0.95', {
        default: recipe.outlierShare,
        parse: decimalNumber(0.05, 0.95),
      }),
    )
    .addOption(
      option(
        '--train-images <n>',
        'train on the first n images only (default: all but the validation images)',
        {
          parse: wholeNumber(2, 55_000),
        },
      ),
    )
    .addOption(
      option('--seed <n>', 'of all that is random: the same seed gives the same model', {
        default: recipe.seed,
        parse: wholeNumber(0, 0xffff_ffff),
      }),
    )
    .addOption(
      option('--threads <n>', 'training threads; the model does not depend on their number', {
        default: cores.usable,
        defaultText: `one per core, here ${describeCores(cores)}`,
        parse: wholeNumber(1, 256),
      }),
    )
    .addOption(option('--force', 'replace an earlier file'))
    .addOption(dataDirOption())
    .action(async (model: string, request: OodHeadRequest) => {
      const { addOodHead } = await import('./add-ood-head-session.js');
      await addOodHead(model, request);
    });
}
