import { basename } from 'node:path';
import { visibleLine } from '../../visible-text.js';

/** A number, as the service and the library answer. */
export interface ReadNumberAnswer {
  readonly text: string;
  readonly probability: number;
  readonly accepted: boolean;
  readonly raw?: string;
  readonly unread: readonly unknown[];
  readonly truncated?: boolean;
}

/** The outcome for one file. */
export interface NumberResult {
  readonly file: string;
  readonly outcome: ReadNumberAnswer | { readonly error: string };
}

/** The number in a file's name, as in `a_truelabel_0472.png`; `null` where there is none. */
export function trueNumberOf(file: string): string | null {
  return /truelabel_(\d+)(?!\d)/i.exec(basename(file))?.[1] ?? null;
}

/** One line of the report. */
export function numberLine({ file, outcome }: NumberResult): string {
  const name = visibleLine(file);
  if ('error' in outcome) return `${name}  failed: ${visibleLine(outcome.error)}`;
  const { text, probability, accepted, unread, truncated } = outcome;
  const truth = trueNumberOf(file);
  const remarks = [
    ...(accepted ? [] : ['not accepted']),
    ...(unread.length > 0 ? [`${unread.length} likely digits unread`] : []),
    ...(truncated ? ['more places than are read in one picture'] : []),
    ...(truth === null || truth === text ? [] : [`wrong, it is ${truth}`]),
  ];
  const number = text === '' ? '-' : text.replaceAll('\n', ' / ');
  const tail = remarks.length === 0 ? '' : `  ${remarks.join(', ')}`;
  return `${name}  ${number}  ${(100 * probability).toFixed(2)} %${tail}`;
}

/** Rows in the form of RFC 4180, with line feeds. @param withHeader whether to begin with the names of the columns */
export function numbersCsv(results: readonly NumberResult[], withHeader: boolean): string {
  const rows = results.map(({ file, outcome }) =>
    'error' in outcome
      ? [file, '', '', '', outcome.error]
      : [file, outcome.text, String(outcome.probability), String(outcome.accepted), ''],
  );
  const all = withHeader ? [['file', 'number', 'probability', 'accepted', 'error'], ...rows] : rows;
  return all.map((row) => `${row.map(quoted).join(',')}\n`).join('');
}

function quoted(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** Images, failures and correct answers. */
export interface NumberCounts {
  readonly images: number;
  readonly failed: number;
  /** Images that were read and whose number is known. */
  readonly labelled: number;
  readonly correct: number;
}

export function countNumbers(results: readonly NumberResult[]): NumberCounts {
  let [failed, labelled, correct] = [0, 0, 0];
  for (const { file, outcome } of results) {
    const truth = trueNumberOf(file);
    if ('error' in outcome) failed++;
    else if (truth !== null) {
      labelled++;
      if (outcome.text === truth) correct++;
    }
  }
  return { images: results.length, failed, labelled, correct };
}

/** The whole report as one JSON document, with the names of the API. */
export function numbersJson(results: readonly NumberResult[]): string {
  const entries = results.map(({ file, outcome }) => ({ file, ...outcome, trueNumber: trueNumberOf(file) }));
  return JSON.stringify({ results: entries, ...countNumbers(results) }, null, 2);
}
