import { Command } from 'commander';
import type { AverageRequest } from './average-session.js';
import { processIo, type CommandIo } from '../terminal/command-io.js';
import { dataDirOption } from '../options/data-dir-option.js';
import { option } from '../options/declare-option.js';

/** `inkdigit average` */
export function averageCommand(io: CommandIo = processIo): Command {
  return new Command('average')
    .description(
      'Makes one model of several that came from one another: the mean of their weights, calibrated anew. A model and what it became by learning more make one that learned it and forgot less.',
    )
    .argument('<models...>', 'their ONNX files, two at least; card and weights lie beside each')
    .addOption(option('--out <file>', "the new model's ONNX file").makeOptionMandatory())
    .addOption(option('--force', 'replace an earlier file'))
    .addOption(dataDirOption())
    .action(async (models: string[], request: AverageRequest) => {
      const { runAverage } = await import('./average-session.js');
      await runAverage(models, request, io);
    });
}
