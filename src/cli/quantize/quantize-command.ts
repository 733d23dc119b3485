import { Command } from 'commander';
import { floatModelPath } from '../../model/model-paths.js';
import { processIo, type CommandIo } from '../terminal/command-io.js';
import { datasetsDirOption } from '../options/dataset-options.js';
import { derivedPath } from '../options/derived-path.js';
import { dataDirOption } from '../options/data-dir-option.js';
import { option, wholeNumber } from '../options/declare-option.js';
import type { QuantizeOptions } from './quantize-session.js';

/** `inkdigit quantize` */
export function quantizeCommand(io: CommandIo = processIo): Command {
  return new Command('quantize')
    .description(
      'Quantizes a trained model to int8, which reads as well in about half the time, and writes it and its card.',
    )
    .argument(
      '[model]',
      'the ONNX file; its card and its weights lie beside it (default: the float model that ships)',
    )
    .addOption(option('--out <file>', "the new model's ONNX file (default: x.int8.onnx beside x.onnx)"))
    .addOption(
      option(
        '--first <model>',
        'a small model as the first stage of a cascade in one file: the other reads what that is not sure of',
      ),
    )
    .addOption(
      option(
        '--calibration-images <n>',
        'training images, or drawn pictures, that the ranges of activations are measured on',
        {
          default: 2000,
          parse: wholeNumber(1, 55_000),
        },
      ),
    )
    .addOption(option('--force', 'replace an earlier file'))
    .addOption(dataDirOption())
    .addOption(datasetsDirOption())
    .action(async (model: string | undefined, { out, ...options }: QuantizeOptions & { out?: string }) => {
      const from = model ?? floatModelPath();
      // Before the models are loaded.
      const path = derivedPath('quantize', from, 'int8', out);
      const { runQuantize } = await import('./quantize-session.js');
      await runQuantize(from, path, options, io);
    });
}
