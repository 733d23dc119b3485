/** What is looked for in pictures: whichever there is, one digit, or a number. */
export type ReadAs = 'auto' | 'digit' | 'number';

/** What is known of a number, as the service takes it. */
export interface KnownNumber {
  readonly length?: number;
  readonly cells?: number;
  readonly grid?: string;
}

/** What one can choose: with some choices goes how many there are. */
export const READ_AS_CHOICES = ['auto', 'digit', 'number', 'length', 'cells', 'grid'] as const;
export type ReadAsName = (typeof READ_AS_CHOICES)[number];

/** How many there are until one says otherwise. */
export const USUAL_COUNTS: Readonly<Partial<Record<ReadAsName, string>>> = {
  length: '4',
  cells: '8',
  grid: '9x9',
};

/** The service's limits. */
const MAX_LENGTH = 512;
const MAX_CELLS = 32;

/** What a choice means for the first question. */
export function readAsOf(name: ReadAsName): ReadAs {
  return name === 'auto' || name === 'digit' ? name : 'number';
}

/**
 * What is known of the number.
 * @param count as it was typed: digits, cells, or columns x rows
 * @returns `null` where it is no such count
 */
export function knownOf(name: ReadAsName, count: string): KnownNumber | null {
  if (name === 'length') {
    const length = countOf(count, MAX_LENGTH);
    return length === null ? null : { length };
  }
  if (name === 'cells') {
    const cells = countOf(count, MAX_CELLS);
    return cells === null ? null : { cells };
  }
  if (name === 'grid') {
    const [, across = '', down = ''] = /^([^x×*]+)[x×*]([^x×*]+)$/i.exec(count) ?? [];
    const [columns, rows] = [countOf(across, MAX_CELLS), countOf(down, MAX_CELLS)];
    return columns === null || rows === null ? null : { grid: `${columns}x${rows}` };
  }
  return {};
}

function countOf(text: string, most: number): number | null {
  if (!/^\s*\d{1,3}\s*$/.test(text)) return null;
  const count = Number(text);
  return count >= 1 && count <= most ? count : null;
}
