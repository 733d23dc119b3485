import { InkdigitError } from '../errors.js';

/** What is known of the numbers in a picture before it is read; it holds for each line. */
export interface NumberConstraints {
  /** Digits of a number, exactly, at least, at most. */
  readonly length?: number | undefined;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  /** `d` for each digit, and separators between them: `dddd`, `dd.dd`, `dd/dd/dddd`. */
  readonly pattern?: string | undefined;
  /** The largest value that a number may have. */
  readonly max?: number | undefined;
  /** Lines at most, the likeliest ones. */
  readonly lines?: number | undefined;
  /** Cells of a form beside each other: one digit or none in each. */
  readonly cells?: number | undefined;
  /** Cells of a table, columns x rows, as `9x9`. */
  readonly grid?: string | undefined;
}

/** Cells across and down. */
export interface CellCounts {
  readonly columns: number;
  readonly rows: number;
}

/** Cells of a table in each direction, at most. */
const MAX_CELLS = 32;

/** The most digits that are read in one picture. */
export const MAX_DIGITS = 512;

/** What stands in a pattern beside `d`. */
export const PATTERN = /^[d.,:/' -]{1,64}$/;

/** Constraints as the search for a number follows them. */
export interface NumberRules {
  readonly minLength: number;
  readonly maxLength: number;
  readonly max: number;
  readonly lines: number;
  readonly pattern: string | undefined;
  /** Whether the length is bounded at all. */
  readonly hasLength: boolean;
  /** Where digits stand in cells; then nothing else is asked of them. */
  readonly cells: CellCounts | undefined;
}

/**
 * Checks constraints against each other.
 * @throws InkdigitError `invalid_option`
 */
export function rulesOf(constraints: NumberConstraints): NumberRules {
  const { length, pattern, max = Infinity, lines = Infinity } = constraints;
  wholeNumber('length', length, 1, MAX_DIGITS);
  wholeNumber('minLength', constraints.minLength, 0, MAX_DIGITS);
  wholeNumber('maxLength', constraints.maxLength, 1, MAX_DIGITS);
  wholeNumber('max', constraints.max, 0, Number.MAX_SAFE_INTEGER);
  wholeNumber('lines', constraints.lines, 1, MAX_DIGITS);
  const ofPattern = pattern === undefined ? undefined : digitsOfPattern(pattern);
  const exactly = length ?? ofPattern;
  const minLength = Math.max(exactly ?? 0, constraints.minLength ?? 0, ofPattern ?? 0);
  const maxLength = Math.min(exactly ?? Infinity, constraints.maxLength ?? Infinity, ofPattern ?? Infinity);
  if (minLength > maxLength) {
    throw new InkdigitError(
      'invalid_option',
      `No number has the length that is asked for: at least ${minLength} digits and at most ${maxLength}. ` +
        'Give either length, or pattern, or minLength and maxLength.',
    );
  }
  const hasLength = minLength > 0 || maxLength < Infinity;
  const cells = cellsOf(constraints);
  return { minLength, maxLength, max, lines, pattern, hasLength, cells };
}

function cellsOf({ cells, grid, ...others }: NumberConstraints): CellCounts | undefined {
  if (cells === undefined && grid === undefined) return undefined;
  const other = Object.entries(others).find(([, value]) => value !== undefined)?.[0];
  const excluded = cells !== undefined && grid !== undefined ? 'grid' : other;
  if (excluded !== undefined && excluded !== 'reject') {
    throw new InkdigitError(
      'invalid_option',
      `${cells === undefined ? 'grid' : 'cells'} says how many digits there are: leave ${excluded} out.`,
    );
  }
  wholeNumber('cells', cells, 1, MAX_CELLS);
  if (cells !== undefined) return { columns: cells, rows: 1 };
  const [columns = 0, rows = 0] =
    /^(\d{1,2})x(\d{1,2})$/
      .exec(grid ?? '')
      ?.slice(1)
      .map(Number) ?? [];
  if (columns >= 1 && rows >= 1 && columns <= MAX_CELLS && rows <= MAX_CELLS) return { columns, rows };
  throw new InkdigitError(
    'invalid_option',
    `Expected a grid of columns x rows, at most ${MAX_CELLS} each, as 9x9; got ${JSON.stringify(grid)}.`,
  );
}

function digitsOfPattern(pattern: string): number {
  const digits = pattern.split('d').length - 1;
  if (PATTERN.test(pattern) && digits > 0) return digits;
  throw new InkdigitError(
    'invalid_option',
    `Expected a pattern of d for each digit and . , : / - ' or spaces between them, as dd.dd, ` +
      `got ${JSON.stringify(pattern.slice(0, 40))}.`,
  );
}

/** @throws InkdigitError `invalid_option` */
export function wholeNumber(name: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
  throw new InkdigitError(
    'invalid_option',
    `Expected ${name} to be a whole number from ${least} to ${most}, got ${value}.`,
  );
}

/** The digits with the separators of a pattern between them; without one, the digits alone. */
export function inPattern(digits: string, { pattern }: Pick<NumberRules, 'pattern'>): string {
  if (pattern === undefined) return digits;
  let next = 0;
  return Array.from(pattern, (mark) => (mark === 'd' ? (digits[next++] ?? '') : mark)).join('');
}
