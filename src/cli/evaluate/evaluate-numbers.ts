import { readFile } from 'node:fs/promises';
import { InkdigitError } from '../../errors.js';
import { measureNumbers, numbersReport, type ReadNumber } from '../../evaluation/number-metrics.js';
import { openNumberReader } from '../../model/read-number.js';
import type { CommandIo } from '../terminal/command-io.js';
import { findImageFiles } from '../classify/read-files.js';
import type { ProgressBar } from '../../progress.js';
import { trueNumberOf } from '../read/read-report.js';
import { visibleLine } from '../terminal/visible-text.js';

/** Misclassified numbers that the report lists. */
const MAX_NAMED = 20;

/**
 * Measures how well numbers are read, on images whose names carry the truth.
 * @throws InkdigitError `missing_file` or `invalid_model`; `invalid_data` where no name carries a number, or an image
 * cannot be read
 */
export async function evaluateNumbers(
  { model, folder, json }: { readonly model: string; readonly folder: string; readonly json: boolean },
  io: Pick<CommandIo, 'stdout'>,
  bar: ProgressBar,
): Promise<void> {
  const files = (await findImageFiles([folder])).filter((file) => trueNumberOf(file) !== null);
  if (files.length === 0) {
    throw new InkdigitError(
      'invalid_data',
      `Expected images in ${folder} whose names carry their number, as a_truelabel_0472.png; found none.`,
    );
  }
  const reader = await openNumberReader(model);
  const numbers: ReadNumber[] = [];
  try {
    for (const file of files) {
      const [read] = await reader.read([await readFile(file)]);
      if (!read || read instanceof InkdigitError) {
        throw new InkdigitError('invalid_data', `${file} cannot be read: ${read?.message ?? 'no answer'}.`);
      }
      numbers.push({ file, truth: trueNumberOf(file) ?? '', text: read.text, probability: read.probability });
      bar.update({ label: 'evaluating', fraction: numbers.length / files.length });
    }
  } finally {
    bar.finish();
    await reader.close();
  }
  const metrics = measureNumbers(numbers);
  const misclassified = numbers.filter(({ truth, text }) => truth !== text);
  if (json) {
    io.stdout.write(`${JSON.stringify({ model, numbers: folder, ...metrics, misread: misclassified })}\n`);
    return;
  }
  io.stdout.write(`${numbersReport(metrics)}\n`);
  for (const { file, truth, text } of misclassified.slice(0, MAX_NAMED)) {
    io.stdout.write(`  ${visibleLine(file)}: ${truth} read as ${text === '' ? '-' : visibleLine(text)}\n`);
  }
  if (misclassified.length > MAX_NAMED)
    io.stdout.write(`  and ${misclassified.length - MAX_NAMED} more (--json)\n`);
}
