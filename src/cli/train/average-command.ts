import { Command } from 'commander';
import type { AverageRequest } from './average-session.js';
import { processIo, type CommandIo } from '../terminal/command-io.js';
import { dataDirOption } from '../options/data-dir-option.js';
import { datasetsDirOption } from '../options/dataset-options.js';
import { option } from '../options/declare-option.js';

/** `inkdigit average` */
export function averageCommand(io: CommandIo = processIo): Command {
  return new Command('average')
    .description(
      'Averages the weights of models of which one was trained on from another, and calibrates the result on MNIST, ' +
        'or on the scenes that they read. A model and its fine-tuned version average to one that learned as much and ' +
        'forgot less.',
    )
    .argument('<models...>', 'their ONNX files, two at least; card and weights lie beside each')
    .addOption(option('--out <file>', "the new model's ONNX file").makeOptionMandatory())
    .addOption(option('--force', 'replace an earlier file'))
    .addOption(dataDirOption())
    .addOption(datasetsDirOption())
    .action(async (models: string[], request: AverageRequest) => {
      const { runAverage } = await import('./average-session.js');
      await runAverage(models, request, io);
    });
}
