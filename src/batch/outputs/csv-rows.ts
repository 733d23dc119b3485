import { COLUMNS, type ReadKind, type ResultRow } from '../plan/result-rows.js';

/** The names of the columns, as the first line of a file. */
export function csvHeader(read: ReadKind): string {
  return `${COLUMNS[read].join(',')}\n`;
}

/** A row in the form of RFC 4180, with a line feed. What a row lacks is empty. */
export function csvLine(row: ResultRow, read: ReadKind): string {
  const fields = new Map<string, unknown>(Object.entries(row));
  return `${COLUMNS[read].map((name) => quoted(fields.get(name))).join(',')}\n`;
}

function quoted(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return '';
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
