import { Command } from 'commander';
import { processIo } from '../terminal/command-io.js';
import { createProgressBar } from '../terminal/progress-bar.js';
import { shippedModelPath } from '../../model/model-paths.js';
import { refuseWithoutPartner, type EvaluateOptions } from './evaluate-options.js';
import { dataDirOption } from '../options/data-dir-option.js';
import { fileList, normalizeOption, option, wholeNumber } from '../options/declare-option.js';

/** `inkdigit evaluate` */
export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description(
      'Measures a model on MNIST or on your own images: accuracy, calibration, each digit, the confusion matrix, ' +
        'speed.',
    )
    .addOption(
      option('--model <file>', 'the ONNX file; its card lies beside it', {
        default: shippedModelPath(),
        defaultText: 'the shipped model',
      }),
    )
    .addOption(
      option('--split <name>', 'test: the 10,000 test images; validation: those that models are chosen on', {
        default: 'test',
      }).choices(['test', 'validation']),
    )
    .addOption(
      option(
        '--images <folder>',
        'measure on your own digits instead of MNIST: image files in <folder>/0 to <folder>/9',
      ).conflicts('split'),
    )
    .addOption(
      option(
        '--numbers <folder>',
        'measure how numbers of several digits are read: image files named …_truelabel_0472.png',
      ).conflicts(['split', 'images', 'outliers', 'robustness', 'record', 'normalize', 'skipBad']),
    )
    .addOption(
      option(
        '--truth <file>',
        'with --numbers: the numbers in a CSV file with the columns file and number, in place of names',
      ),
    )
    .addOption(option('--skip-bad', 'with --images or --outliers: go without files that cannot be read'))
    .addOption(
      normalizeOption(
        'with --images or --outliers: look for the digit in each picture: auto (in all but frames like those of ' +
          'MNIST), always, never (default: auto)',
      ),
    )
    .addOption(
      option(
        '--robustness',
        'also read every image with each of the 15 corruptions of MNIST-C (about a minute)',
      ),
    )
    .addOption(
      option(
        '--outliers [folder]',
        'also measure how out-of-distribution images are rejected: those in the folder, or 12 kinds that are drawn',
      ),
    )
    .addOption(
      option('--html <file>', 'also write a page with diagrams and the misclassified images or numbers'),
    )
    .addOption(option('--force', 'let --html replace a file'))
    .addOption(
      option('--threads <n>', 'threads of the inference', {
        default: 1,
        parse: wholeNumber(1, 1024),
      }),
    )
    .addOption(option('--json', 'print the figures as one JSON document'))
    .addOption(option('--record', "write the figures of the test images into the model's card"))
    .addOption(
      option(
        '--seeds <models>',
        'with --record: other trainings of the same recipe (a.onnx,b.onnx), to record their mean and spread',
        { parse: fileList },
      ),
    )
    .addOption(
      option(
        '--candidates <models>',
        'with --record: other models that were evaluated on the test images before, to record them',
        { parse: fileList },
      ),
    )
    .addOption(dataDirOption())
    .action(async (options: EvaluateOptions) => {
      // Before the models are loaded.
      refuseWithoutPartner(options);
      const { numbers } = options;
      if (numbers !== undefined) {
        const { evaluateNumbers } = await import('./evaluate-numbers.js');
        return evaluateNumbers(
          { ...options, folder: numbers },
          processIo,
          createProgressBar(processIo.stderr),
        );
      }
      const { runEvaluation } = await import('./run-evaluation.js');
      return runEvaluation(options);
    });
}
