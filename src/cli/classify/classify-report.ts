import { visibleLine } from '../../visible-text.js';
import type { Steering } from '../terminal/command-io.js';
import type { Answer, Outcome } from './digit-readers.js';
import { trueLabelOf } from './read-files.js';

/** One line of the report. */
export interface Result {
  readonly file: string;
  readonly outcome: Outcome;
}

const HEADINGS = { file: 'file', digit: 'digit', probability: 'probability', trueLabel: 'true label' };

/** In the column of the digit, for an image that is rejected. */
const NO_DIGIT = '-';

/** A line with its line feed, and its colour. */
export interface TableLine {
  readonly text: string;
  readonly color?: Steering;
}

/** A table whose columns are known before its rows, so that rows are printed one by one. */
export interface ResultTable {
  readonly header: TableLine;
  row(result: Result): TableLine;
}

const RED: Steering = { before: '\x1b[31m', after: '\x1b[39m' };
const YELLOW: Steering = { before: '\x1b[33m', after: '\x1b[39m' };
const BOLD: Steering = { before: '\x1b[1m', after: '\x1b[22m' };

/** @param files all files of the table; the true label gets a column where one of their names carries it */
export function createResultTable(files: readonly string[], color: boolean): ResultTable {
  const withLabels = files.some((file) => trueLabelOf(file) !== null);
  const fileWidth = files.reduce(
    (width, file) => Math.max(width, visibleLine(file).length),
    HEADINGS.file.length,
  );
  const paint = (style: Steering, text: string): TableLine =>
    color ? { text: `${text}\n`, color: style } : { text: `${text}\n` };
  const line = (file: string, digit: string, probability: string, label: string): string =>
    [
      file.padEnd(fileWidth),
      digit.padStart(HEADINGS.digit.length),
      probability.padStart(HEADINGS.probability.length),
      ...(withLabels ? [label.padStart(HEADINGS.trueLabel.length)] : []),
    ].join('  ');
  return {
    header: paint(BOLD, line(HEADINGS.file, HEADINGS.digit, HEADINGS.probability, HEADINGS.trueLabel)),
    row({ file, outcome }) {
      const name = visibleLine(file);
      if ('error' in outcome) {
        return paint(YELLOW, `${name.padEnd(fileWidth)}  failed: ${visibleLine(outcome.error)}`);
      }
      const { digit, probability, isDigit } = outcome;
      const trueLabel = trueLabelOf(file);
      const cells = line(
        name,
        isDigit ? String(digit) : NO_DIGIT,
        `${(probability * 100).toFixed(2)} %`,
        trueLabel === null ? '' : String(trueLabel),
      );
      const remarks = [
        ...(isDigit ? [] : [`not a digit; closest to ${digit}`]),
        ...(trueLabel === null || isRight(outcome, trueLabel) ? [] : ['wrong']),
      ];
      if (remarks.length === 0) return { text: `${cells.trimEnd()}\n` };
      return paint(remarks.includes('wrong') ? RED : YELLOW, `${cells}  ${remarks.join(', ')}`);
    },
  };
}

/** A rejected digit counts as wrong. */
function isRight({ digit, isDigit }: Answer, trueLabel: number): boolean {
  return isDigit && digit === trueLabel;
}

/** Images, failures and correct answers. */
export interface Counts {
  readonly images: number;
  readonly failed: number;
  /** Images that were read and whose true label is known. */
  readonly labelled: number;
  readonly correct: number;
}

export function countResults(results: readonly Result[]): Counts {
  const counts = { images: results.length, failed: 0, labelled: 0, correct: 0 };
  for (const { file, outcome } of results) {
    const trueLabel = trueLabelOf(file);
    if ('error' in outcome) counts.failed++;
    else if (trueLabel !== null) {
      counts.labelled++;
      if (isRight(outcome, trueLabel)) counts.correct++;
    }
  }
  return counts;
}

/** The lines below the table. */
export function summaryLines({ images, failed, labelled, correct }: Counts): string[] {
  const lines: string[] = [];
  if (labelled > 0)
    lines.push(`${correct} of ${labelled} right (${((100 * correct) / labelled).toFixed(1)} %)`);
  if (failed > 0) lines.push(`${failed} of ${images} failed`);
  return lines;
}

/** The whole report as one JSON document, with the names of the API. */
export function reportJson(results: readonly Result[]): string {
  const entries = results.map(({ file, outcome }) => {
    const reading =
      'error' in outcome
        ? outcome
        : { class: outcome.digit, probability: outcome.probability, digit: outcome.isDigit };
    return { file, ...reading, trueLabel: trueLabelOf(file) };
  });
  return JSON.stringify({ results: entries, ...countResults(results) }, null, 2);
}
