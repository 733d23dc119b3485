import { readProbability, readText, type Row } from './digit-table.js';

/** What is taken along of a row: what was read, or why nothing was. */
interface ExportedRow {
  readonly file: string;
  /** The digit or the number; empty where there is none. */
  readonly read: string;
  readonly probability: number | null;
  readonly error: string | null;
}

/** The answers as CSV (RFC 4180): file, read, probability, error. */
export function toCsv(rows: readonly Row<unknown>[]): string {
  const lines = rows.map(exportOf).map(({ file, read, probability, error }) => {
    return [file, read, probability === null ? '' : String(probability), error ?? ''].map(cell).join(',');
  });
  return ['file,read,probability,error', ...lines, ''].join('\r\n');
}

/** The answers as JSON: a list of objects with the members of the CSV's columns. */
export function toJson(rows: readonly Row<unknown>[]): string {
  return `${JSON.stringify(rows.map(exportOf), null, 2)}\n`;
}

function exportOf({ name, state }: Row<unknown>): ExportedRow {
  if (state.kind === 'read') {
    const { reading } = state;
    return { file: name, read: readText(reading), probability: readProbability(reading), error: null };
  }
  const error = state.kind === 'refused' ? state.message : 'not read';
  return { file: name, read: '', probability: null, error };
}

/** A name that begins like a formula is none for a spreadsheet: a quote before it keeps it a text. */
function cell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
