import {
  describeCost,
  describeSpeed,
  evaluationReport,
  grouped,
  outlierReport,
  robustnessReport,
} from '../../evaluation/report.js';
import { writeFileAtomically } from '../../files/write-file.js';
import { networksOf, type ModelCard } from '../../model/card/card.js';
import { processIo } from '../terminal/command-io.js';
import type { EvaluateOptions } from './evaluate-options.js';
import type { EvaluationData } from './evaluation-data.js';
import type { Findings } from './measure-model.js';

/** Prints the figures as one JSON document. */
export function printJson(
  options: EvaluateOptions,
  { metrics, robustness, outliers, speed }: Findings,
): void {
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

/** Prints the figures for people. */
export function printReport(
  { model, html }: EvaluateOptions,
  card: ModelCard,
  { title }: EvaluationData,
  { metrics, robustness, outliers, speed }: Findings,
): void {
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

/** Writes a page with diagrams and misclassified images. @throws InkdigitError `write_failed` */
export async function writePage(
  path: string,
  model: string,
  card: ModelCard,
  { inputOf, frames, title, nameOf }: EvaluationData,
  found: Findings,
): Promise<void> {
  const { htmlReport } = await import('../../evaluation/html/html-report.js');
  const page = htmlReport({ ...found, model, card, inputOf, frames, title, nameOf, made: new Date() });
  await writeFileAtomically(path, page);
}
