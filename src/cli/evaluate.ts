import { Command } from 'commander';
import { InkdigitError } from '../errors.js';
import type { OutlierReport } from '../evaluation/outliers/measure-outliers.js';
import type { Metrics, Misread } from '../evaluation/metrics.js';
import type { NormalizeMode } from '../image/normalize-mode.js';
import type { Speed } from '../evaluation/report.js';
import type { Robustness } from '../evaluation/corruptions/robustness.js';
import type { ModelCard } from '../model/card/card.js';
import type { OpenedModels } from '../model/digit-models.js';
import { cardPath, shippedModelPath } from '../model/model-paths.js';
import { processIo } from './command-io.js';
import type { EvaluationData, OutlierData } from './evaluation-data.js';
import { dataDirOption } from './mnist-data.js';
import { fileList, normalizeOption, option, wholeNumber } from './options.js';
import { createProgressBar } from './progress-bar.js';
import type { ProgressBar } from '../progress.js';
import { refuseToOverwrite, requireWritable, writeFileAtomically } from '../files/write-file.js';

interface EvaluateOptions {
  readonly model: string;
  readonly split: 'test' | 'validation';
  readonly images?: string;
  readonly numbers?: string;
  readonly skipBad?: boolean;
  readonly normalize?: NormalizeMode;
  readonly robustness?: boolean;
  /** A folder; `true` for what is kept apart. */
  readonly outliers?: string | true;
  readonly html?: string;
  readonly force?: boolean;
  readonly threads: number;
  readonly json?: boolean;
  readonly record?: boolean;
  readonly seeds?: readonly string[];
  readonly candidates?: readonly string[];
  readonly dataDir?: string;
}

/** `inkdigit evaluate` */
export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description(
      'Measures a model on MNIST or on your own images: accuracy, calibration, each digit, what is taken for what, speed.',
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
      option(
        '--images <folder>',
        'measure on your own digits instead of MNIST: image files in <folder>/0 to <folder>/9',
      ).conflicts('split'),
    )
    .addOption(
      option(
        '--numbers <folder>',
        'measure how numbers of several digits are read: image files named …_truelabel_0472.png',
      ).conflicts(['split', 'images', 'outliers', 'robustness', 'record', 'html', 'normalize', 'skipBad']),
    )
    .addOption(option('--skip-bad', 'with --images or --outliers: go without files that cannot be read'))
    .addOption(
      normalizeOption(
        'with --images or --outliers: look for the digit in each picture: auto (unless it is a frame as MNIST has them), always, never (default: auto)',
      ),
    )
    .addOption(
      option('--robustness', 'also read every image spoilt in the 15 ways of MNIST-C (about a minute)'),
    )
    .addOption(
      option(
        '--outliers [folder]',
        'also measure how digits are told from pictures of anything else: those in the folder, or 12 kinds that are drawn',
      ),
    )
    .addOption(option('--html <file>', 'also write a page with diagrams and the misread images'))
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
        'with --record: other trainings of the same recipe (a.onnx,b.onnx), to tell of their mean and spread',
        { parse: fileList },
      ),
    )
    .addOption(
      option(
        '--candidates <models>',
        'with --record: other models that were evaluated on the test images before, to tell of them',
        { parse: fileList },
      ),
    )
    .addOption(dataDirOption())
    .action(runEvaluation);
}

/** Everything that was found out. */
interface Findings {
  readonly metrics: Metrics;
  readonly misread: readonly Misread[];
  readonly robustness: Robustness | null;
  readonly outliers: OutlierReport | null;
  readonly speed: Speed;
}

async function runEvaluation(options: EvaluateOptions): Promise<void> {
  refuseWithoutPartner(options);
  const { html, numbers } = options;
  if (numbers !== undefined) {
    const { evaluateNumbers } = await import('./evaluate-numbers.js');
    const { model, json = false } = options;
    return evaluateNumbers({ model, folder: numbers, json }, processIo, createProgressBar(processIo.stderr));
  }
  if (options.record) await requireWritable(cardPath(options.model));
  if (html !== undefined) {
    await requireWritable(html);
    if (!options.force) await refuseToOverwrite([html], '--force replaces it, --html takes another name.');
  }
  const { openDigitModels } = await import('../model/digit-models.js');
  const bar = createProgressBar(processIo.stderr);
  const models = await openDigitModels(options.model, { threads: options.threads });
  const opened = models.card;
  try {
    const { readOthers, writeRecord } = await import('./evaluation-record.js');
    const others = await readOthers(opened, options);
    const evaluated = await readImages(models, options, bar);
    const outliers = await readOutliers(models, options, bar);
    const found = await findOut(models, evaluated, outliers, options, bar);
    bar.finish();
    const card = options.record ? await writeRecord(options.model, opened, others, found) : opened;
    if (html !== undefined) await writePage(html, options.model, card, evaluated, found);
    for (const note of [...evaluated.notes, ...(outliers?.notes ?? [])]) processIo.stderr.write(`${note}\n`);
    if (options.json) printJson(options, found);
    else await printReport(options, card, evaluated, found);
  } finally {
    bar.finish();
    await models.close();
  }
}

/** @throws InkdigitError `invalid_option` for an option that would do nothing, or do what its user cannot mean */
function refuseWithoutPartner(options: EvaluateOptions): void {
  const { record, seeds, candidates, split, images, outliers, skipBad, normalize, html, force } = options;
  const refuse = (message: string): never => {
    throw new InkdigitError('invalid_option', message);
  };
  if (record && (split !== 'test' || images !== undefined)) {
    refuse(`--record is for the test images; leave ${images === undefined ? '--split' : '--images'} out.`);
  }
  if (seeds && !record) refuse('--seeds goes with --record, which writes into the card.');
  if (candidates && !record) refuse('--candidates goes with --record, which writes into the card.');
  const ofFolders = [skipBad && '--skip-bad', normalize && '--normalize'].find(Boolean);
  if (ofFolders && images === undefined && typeof outliers !== 'string') {
    refuse(
      `${ofFolders} goes with --images DIR or --outliers DIR, folders of your own pictures; MNIST is read as it is.`,
    );
  }
  if (force && html === undefined) refuse('--force goes with --html FILE, which it lets replace a file.');
}

async function readImages(
  models: OpenedModels,
  options: EvaluateOptions,
  bar: ProgressBar,
): Promise<EvaluationData> {
  const { folderImages, mnistImages } = await import('./evaluation-data.js');
  const { images, split, dataDir } = options;
  if (images === undefined) return mnistImages(models, split, dataDir, bar);
  const read = await folderImages(models, images, options, bar);
  if (!options.robustness || read.frames) return read;
  throw new InkdigitError(
    'invalid_option',
    `--robustness spoils frames as MNIST's are, and some images in ${images} are pictures of another kind. ` +
      'Leave it out, or have all of them fitted to 28x28 as they are with --normalize never.',
  );
}

async function readOutliers(
  models: OpenedModels,
  options: EvaluateOptions,
  bar: ProgressBar,
): Promise<OutlierData | null> {
  const { outliers } = options;
  if (outliers === undefined) return null;
  const { drawnOutliers, folderOutliers } = await import('./evaluation-data.js');
  return outliers === true ? drawnOutliers(models, bar) : folderOutliers(models, outliers, options, bar);
}

async function findOut(
  { classifier }: OpenedModels,
  { labels, answers, seconds, frames }: EvaluationData,
  outlierData: OutlierData | null,
  { threads, robustness }: EvaluateOptions,
  bar: ProgressBar,
): Promise<Findings> {
  const [{ findMisread, measure }, { measureOutliers }, { measureRobustness }, { INFERENCE_BATCH }] =
    await Promise.all([
      import('../evaluation/metrics.js'),
      import('../evaluation/outliers/measure-outliers.js'),
      import('../evaluation/corruptions/robustness.js'),
      import('../model/logits-of.js'),
    ]);
  const { probabilities } = answers;
  const metrics = measure(probabilities, labels);
  const imagesPerSecond = metrics.count / seconds;
  return {
    metrics,
    misread: findMisread(probabilities, labels),
    speed: { imagesPerSecond, threads, batch: Math.min(INFERENCE_BATCH, metrics.count) },
    robustness:
      robustness && frames
        ? await measureRobustness(classifier, { frames, labels }, (text, fraction) =>
            bar.update({ label: 'robustness', fraction, text }),
          )
        : null,
    outliers: outlierData && measureOutliers(classifier, answers, outlierData),
  };
}

function printJson(options: EvaluateOptions, { metrics, robustness, outliers, speed }: Findings): void {
  const { model, images, split } = options;
  const document = {
    model,
    ...(images === undefined ? { split } : { images }),
    ...metrics,
    ...speed,
    microsecondsPerImage: 1e6 / speed.imagesPerSecond,
    ...(robustness ? { robustness } : {}),
    ...(outliers ? { outliers } : {}),
  };
  processIo.stdout.write(`${JSON.stringify(document)}\n`);
}

async function printReport(
  { model, html }: EvaluateOptions,
  card: ModelCard,
  { title }: EvaluationData,
  { metrics, robustness, outliers, speed }: Findings,
): Promise<void> {
  const { describeCost, describeSpeed, evaluationReport, grouped, outlierReport, robustnessReport } =
    await import('../evaluation/report.js');
  const { networksOf } = await import('../model/card/card.js');
  const { file } = card;
  processIo.stdout.write(
    [
      `${model}: ${networksOf(card)}, ${describeCost(card)}, ${grouped(file.bytes)} bytes`,
      `on ${title}`,
      '',
      evaluationReport(metrics),
      '',
      ...(robustness ? [robustnessReport(robustness), ''] : []),
      ...(outliers ? [outlierReport(outliers), ''] : []),
      `speed        ${describeSpeed(speed)}`,
      ...(html === undefined ? [] : [`report       ${html}`]),
      '',
    ].join('\n'),
  );
}

async function writePage(
  path: string,
  model: string,
  card: ModelCard,
  { inputOf, frames, title, nameOf }: EvaluationData,
  found: Findings,
): Promise<void> {
  const { htmlReport } = await import('../evaluation/html/html-report.js');
  const page = htmlReport({ ...found, model, card, inputOf, frames, title, nameOf, made: new Date() });
  await writeFileAtomically(path, page);
}
