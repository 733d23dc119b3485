import type { Fault } from './found-image.js';

/** What is read in each image: one digit, or all digits as a number. */
export type ReadKind = 'digits' | 'numbers';

/** What a batch says of an image that shows a digit, or does not. */
export interface DigitRow {
  readonly file: string;
  readonly class: number;
  readonly probability: number;
  readonly digit: boolean;
}

/** What it says of an image whose digits are read as a number. */
export interface NumberRow {
  readonly file: string;
  readonly number: string;
  readonly probability: number;
  readonly accepted: boolean;
}

/** What it says of an image that cannot be read. */
export interface FailedRow {
  readonly file: string;
  /** A code of `docs/reference/errors.md`. */
  readonly error: string;
  readonly message: string;
}

export type ResultRow = DigitRow | NumberRow | FailedRow;

/** The columns of a table, in their order. */
export const COLUMNS = {
  digits: ['file', 'class', 'probability', 'digit', 'error', 'message'],
  numbers: ['file', 'number', 'probability', 'accepted', 'error', 'message'],
} as const satisfies Record<ReadKind, readonly string[]>;

/** @param probability 0..1, of which six digits are kept: what is left out differs between processors */
export function digitRow(file: string, digitClass: number, probability: number, digit: boolean): DigitRow {
  return { file, class: digitClass, probability: rounded(probability), digit };
}

/** @param probability 0..1 */
export function numberRow(file: string, number: string, probability: number, accepted: boolean): NumberRow {
  return { file, number, probability: rounded(probability), accepted };
}

export function failedRow(file: string, { code, message }: Fault): FailedRow {
  return { file, error: code, message };
}

/** @param probability 0..1 */
export function inMillionths(probability: number): number {
  return Math.round(probability * 1e6);
}

function rounded(probability: number): number {
  return inMillionths(probability) / 1e6;
}

/** A row as a line of JSON. */
export function rowLine(row: ResultRow): string {
  return `${JSON.stringify(row)}\n`;
}

/** The row in a line, without its line feed; `undefined` where it is none, as when writing it was cut off. */
export function parseRow(line: string): ResultRow | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  return isRow(value) ? value : undefined;
}

function isRow(value: unknown): value is ResultRow {
  if (typeof value !== 'object' || value === null) return false;
  if (!('file' in value) || typeof value.file !== 'string') return false;
  if ('error' in value) return typeof value.error === 'string' && 'message' in value;
  return 'probability' in value && ('digit' in value || 'accepted' in value);
}
