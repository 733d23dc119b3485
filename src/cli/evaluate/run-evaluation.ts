import { InkdigitError } from '../../errors.js';
import { refuseToOverwrite, requireWritable } from '../../files/write-file.js';
import { openDigitModels, type OpenedModels } from '../../model/digit-models.js';
import { cardPath } from '../../model/model-paths.js';
import type { ProgressBar } from '../../progress.js';
import { processIo } from '../terminal/command-io.js';
import type { EvaluateOptions } from './evaluate-options.js';
import {
  drawnOutliers,
  folderImages,
  folderOutliers,
  mnistImages,
  type EvaluationData,
  type OutlierData,
} from './evaluation-data.js';
import { printJson, printReport, writePage } from './evaluation-output.js';
import { readOthers, writeRecord } from './evaluation-record.js';
import { measureModel } from './measure-model.js';
import { createProgressBar } from '../terminal/progress-bar.js';

/** Measures a model, then prints and writes the figures. */
export async function runEvaluation(options: EvaluateOptions): Promise<void> {
  const { html } = options;
  if (options.record) await requireWritable(cardPath(options.model));
  if (html !== undefined) {
    await requireWritable(html);
    if (!options.force) await refuseToOverwrite([html], '--force replaces it, --html takes another name.');
  }
  const bar = createProgressBar(processIo.stderr);
  const models = await openDigitModels(options.model, { threads: options.threads });
  const opened = models.card;
  try {
    const others = await readOthers(opened, options);
    const evaluated = await readImages(models, options, bar);
    const outliers = await readOutliers(models, options, bar);
    const found = await measureModel(models, evaluated, outliers, options, bar);
    bar.finish();
    const card = options.record ? await writeRecord(options.model, opened, others, found) : opened;
    if (html !== undefined) await writePage(html, options.model, card, evaluated, found);
    for (const note of [...evaluated.notes, ...(outliers?.notes ?? [])]) processIo.stderr.write(`${note}\n`);
    if (options.json) printJson(options, found);
    else printReport(options, card, evaluated, found);
  } finally {
    bar.finish();
    await models.close();
  }
}

async function readImages(
  models: OpenedModels,
  options: EvaluateOptions,
  bar: ProgressBar,
): Promise<EvaluationData> {
  const { images, split, dataDir } = options;
  if (images === undefined) return mnistImages(models, split, dataDir, bar);
  const read = await folderImages(models, images, options, bar);
  if (!options.robustness || read.frames) return read;
  throw new InkdigitError(
    'invalid_option',
    `--robustness corrupts frames like MNIST's, and some images in ${images} are pictures of another kind. ` +
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
  return outliers === true ? drawnOutliers(models, bar) : folderOutliers(models, outliers, options, bar);
}
