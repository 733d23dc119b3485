import { readFile } from 'node:fs/promises';
import { InkdigitError } from '../../errors.js';
import type { NumbersContent, ShownNumber } from '../../evaluation/html/numbers-page.js';
import { measureNumbers, numbersReport, type ReadNumber } from '../../evaluation/number-metrics.js';
import { refuseToOverwrite, requireWritable, writeFileAtomically } from '../../files/write-file.js';
import { faultOf } from '../../files/file-fault.js';
import { planeOfFrame } from '../../image/frame.js';
import { readImageSyncIfSmall } from '../../image/read-image.js';
import { openNumberReader } from '../../model/read-number.js';
import type { CommandIo } from '../terminal/command-io.js';
import { findImageFiles } from '../classify/read-files.js';
import type { ProgressBar } from '../../progress.js';
import { visibleLine } from '../../visible-text.js';
import { numbersInCsv, numbersInNames, type TrueNumber } from './true-numbers.js';

/** Misclassified numbers that the report lists. */
const MAX_NAMED = 20;

/** Numbers on the page that were read wrongly; more would make one of many megabytes. */
const MAX_SHOWN = 200;

/** Pixels of a picture on the page along its longer side. */
const SHOWN_SIDE = 480;

/** What to measure, and where to write it. */
export interface EvaluateNumbersOptions {
  readonly model: string;
  readonly folder: string;
  /** A CSV file. */
  readonly truth?: string;
  readonly html?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** A number that was read, with where its digits lie. */
interface PlacedReadNumber extends ReadNumber {
  /** In pixels of the upright picture. */
  readonly boxes: readonly (readonly number[])[];
}

/**
 * Measures how well numbers are read, on images whose names or a CSV file tell the truth.
 * @throws InkdigitError `missing_file`, `invalid_model`, `write_failed`; `invalid_data` where there is no truth for any
 * image, the CSV file does not fit, or an image cannot be read
 */
export async function evaluateNumbers(
  options: EvaluateNumbersOptions,
  io: Pick<CommandIo, 'stdout'>,
  bar: ProgressBar,
): Promise<void> {
  const { model, folder, html, force = false, json = false } = options;
  if (html !== undefined) {
    await requireWritable(html);
    if (!force) await refuseToOverwrite([html], '--force replaces it, --html takes another name.');
  }
  const files = await findImageFiles([folder]);
  const known = await trueNumbers(options, files);
  const numbers = await readAll(model, known, bar);
  const metrics = measureNumbers(numbers);
  const misclassified = numbers
    .filter(({ truth, text }) => truth !== text)
    .toSorted((a, b) => b.probability - a.probability);
  if (html !== undefined) {
    const title = `the ${numbers.length} numbers in ${folder}`;
    await writePage(html, { model, title, metrics, made: new Date() }, misclassified.slice(0, MAX_SHOWN));
  }
  const without = files.length - known.length;
  if (json) {
    const named = misclassified.map(({ file, truth, text, probability }) => ({
      file,
      truth,
      text,
      probability,
    }));
    io.stdout.write(`${JSON.stringify({ model, numbers: folder, without, ...metrics, misread: named })}\n`);
    return;
  }
  io.stdout.write(`${numbersReport(metrics)}\n`);
  if (without > 0) io.stdout.write(`left out          ${without} images whose number is not given\n`);
  for (const { file, truth, text } of misclassified.slice(0, MAX_NAMED)) {
    io.stdout.write(`  ${visibleLine(file)}: ${inOneLine(truth)} read as ${inOneLine(text)}\n`);
  }
  if (misclassified.length > MAX_NAMED)
    io.stdout.write(`  and ${misclassified.length - MAX_NAMED} more (--json)\n`);
  if (html !== undefined) io.stdout.write(`report            ${html}\n`);
}

function inOneLine(text: string): string {
  return text === '' ? '-' : visibleLine(text.replaceAll('\n', ' / '));
}

async function trueNumbers(
  { folder, truth }: EvaluateNumbersOptions,
  files: readonly string[],
): Promise<readonly TrueNumber[]> {
  if (truth === undefined) {
    const known = numbersInNames(files);
    if (known.length > 0) return known;
    throw new InkdigitError(
      'invalid_data',
      `Expected images in ${folder} whose names carry their number, as a_truelabel_0472.png; found none. ` +
        'Where a CSV file has the numbers, --truth names it.',
    );
  }
  const csv = await readFile(truth, 'utf8').catch((cause: unknown) => {
    throw new InkdigitError('missing_file', `Cannot read ${truth}: ${faultOf(cause)}.`, { cause });
  });
  const known = numbersInCsv(csv, truth, folder, files);
  if (known.length > 0) return known;
  throw new InkdigitError(
    'invalid_data',
    `Expected rows with an image and its number in ${truth}; found none.`,
  );
}

async function readAll(
  model: string,
  known: readonly TrueNumber[],
  bar: ProgressBar,
): Promise<PlacedReadNumber[]> {
  const reader = await openNumberReader(model);
  const numbers: PlacedReadNumber[] = [];
  try {
    for (const { file, truth } of known) {
      const [read] = await reader.read([await readFile(file)]);
      if (!read || read instanceof InkdigitError) {
        throw new InkdigitError('invalid_data', `${file} cannot be read: ${read?.message ?? 'no answer'}.`);
      }
      const { text, probability, digits } = read;
      numbers.push({ file, truth, text, probability, boxes: digits.map(({ box }) => box) });
      bar.update({ label: 'evaluating', fraction: numbers.length / known.length });
    }
  } finally {
    bar.finish();
    await reader.close();
  }
  return numbers;
}

async function writePage(
  path: string,
  content: Omit<NumbersContent, 'wrong'>,
  misclassified: readonly PlacedReadNumber[],
): Promise<void> {
  const { numbersPage } = await import('../../evaluation/html/numbers-page.js');
  const shown: ShownNumber[] = [];
  for (const number of misclassified) shown.push(await shownNumber(number));
  await writeFileAtomically(path, numbersPage({ ...content, wrong: shown }));
}

/** The picture again, small enough for a page. */
async function shownNumber(number: PlacedReadNumber): Promise<ShownNumber> {
  const content = await readImageSyncIfSmall(await readFile(number.file), { largestSide: SHOWN_SIDE });
  if (content.kind === 'frame') return { number, gray: planeOfFrame(content.frame), boxes: number.boxes };
  const { gray, reduction } = content.picture;
  return { number, gray, boxes: number.boxes.map((box) => box.map((value) => value / reduction)) };
}
