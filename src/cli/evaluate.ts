import { Command } from 'commander';
import { InkdigitError } from '../errors.js';
import type { Metrics } from '../evaluation/metrics.js';
import type { ModelCard } from '../model/card.js';
import { cardPath, shippedModelPath } from '../model/model-paths.js';
import { dataDirOption, showDownload } from './mnist-data.js';
import { option, wholeNumber } from './options.js';
import { createProgressBar } from './progress-bar.js';
import { writeFileAtomically } from './write-file.js';

interface EvaluateOptions {
  readonly model: string;
  readonly split: 'test' | 'validation';
  readonly threads: number;
  readonly json?: boolean;
  readonly record?: boolean;
  readonly dataDir?: string;
}

/** `inkdigit evaluate` */
export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description(
      'Measures a model on MNIST: accuracy, calibration, each digit, what is taken for what, speed.',
    )
    .addOption(
      option('--model <file>', 'the ONNX file; its card lies beside it', {
        default: shippedModelPath(),
        defaultText: 'the shipped model',
      }),
    )
    .addOption(
      option('--split <name>', 'test: the 10,000 test images; validation: those that choices are made on', {
        default: 'test',
      }).choices(['test', 'validation']),
    )
    .addOption(
      option('--threads <n>', 'threads of the inference', {
        default: 1,
        parse: wholeNumber(1, 1024),
      }),
    )
    .addOption(option('--json', 'print the figures as one JSON document'))
    .addOption(option('--record', "write the accuracy on the test images into the model's card"))
    .addOption(dataDirOption())
    .action(runEvaluation);
}

async function runEvaluation(options: EvaluateOptions): Promise<void> {
  if (options.record && options.split !== 'test') {
    throw new InkdigitError('invalid_option', '--record is for the test images; leave --split out.');
  }
  const [{ openModel }, { loadMnistPart }, { splitValidation }, { evaluate }, { evaluationReport, grouped }] =
    await Promise.all([
      import('../model/classifier.js'),
      import('../data/mnist.js'),
      import('../data/split.js'),
      import('../evaluation/evaluate.js'),
      import('../evaluation/report.js'),
    ]);
  const { threads } = options;
  const bar = createProgressBar(process.stderr);
  const { classifier, card } = await openModel(options.model, { threads });
  try {
    const settings = {
      dataDir: options.dataDir,
      onProgress: showDownload(bar),
    };
    const data =
      options.split === 'test'
        ? (await loadMnistPart('test', settings)).data
        : splitValidation((await loadMnistPart('train', settings)).data).validation;
    const startedMs = performance.now();
    const metrics = await evaluate(classifier, data, (done) =>
      bar.update({ label: 'evaluating', fraction: done / data.labels.length }),
    );
    const imagesPerSecond = (metrics.count * 1000) / (performance.now() - startedMs);
    bar.finish();
    if (options.record) await recordTest(options.model, card, metrics);
    if (options.json) {
      process.stdout.write(
        `${JSON.stringify({ model: options.model, split: options.split, ...metrics, imagesPerSecond, threads })}\n`,
      );
      return;
    }
    const title =
      `${options.model}: ${card.network.name}, ${grouped(card.network.multiplyAdds)} multiply-adds an image, ` +
      `${grouped(card.file.bytes)} bytes`;
    process.stdout.write(
      `${title}\non the ${grouped(data.labels.length)} ${options.split} images of MNIST\n\n${evaluationReport(metrics)}\n\n` +
        `speed        ${grouped(Math.round(imagesPerSecond))} images/s on ${threads === 1 ? 'one thread' : `${threads} threads`}, 64 at a time\n`,
    );
  } finally {
    bar.finish();
    await classifier.close();
  }
}

async function recordTest(modelPath: string, card: ModelCard, metrics: Metrics): Promise<void> {
  const { accuracy, correct, count } = metrics;
  const recorded: ModelCard = { ...card, test: { accuracy, correct, count } };
  await writeFileAtomically(cardPath(modelPath), `${JSON.stringify(recorded, null, 2)}\n`);
}
