import { isDigit } from '../answers.js';
import type { PageReading } from '../number/picture-asker.js';
import { text } from '../words/words.js';

/** How far a row has come. */
export type RowState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'read'; readonly reading: PageReading }
  /** The picture is at fault. */
  | { readonly kind: 'refused'; readonly message: string }
  /** The service is: asking again may help. */
  | { readonly kind: 'failed' };

export interface Row<File> {
  readonly id: number;
  readonly name: string;
  readonly bytes: number;
  readonly file: File;
  readonly state: RowState;
}

/** What rows can be sorted by. */
export type SortColumn = 'name' | 'read' | 'probability';

/** By what the rows are sorted, and whether from the largest down. */
export interface Sorting {
  readonly column: SortColumn;
  readonly isDescending: boolean;
}

/** What one request takes: fewer pictures than any sensible limit of a service, and not too many bytes. */
const MAX_BATCH = 16;
const MAX_BATCH_BYTES = 8 * 1024 * 1024;

/** Whether there is a digit, or a number. */
export function isRead(reading: PageReading): boolean {
  return reading.kind === 'digit' ? isDigit(reading.answer) : reading.number.digits.length > 0;
}

/** The digit or the number, with line feeds between lines; empty where there is none. */
export function readText(reading: PageReading): string {
  if (!isRead(reading)) return '';
  return reading.kind === 'digit' ? String(reading.answer.class) : reading.number.text;
}

/** How sure it is of what it read. */
export function readProbability(reading: PageReading): number {
  return reading.kind === 'digit' ? reading.answer.probability : reading.number.probability;
}

/** Many pictures, each with what was read from it. */
export class DigitTable<File> {
  #rows: Row<File>[] = [];
  #nextId = 1;
  #sorting: Sorting | null = null;

  /** In the order that was chosen; as they came where none was. */
  get rows(): readonly Row<File>[] {
    const sorting = this.#sorting;
    if (!sorting) return this.#rows;
    const sign = sorting.isDescending ? -1 : 1;
    return this.#rows.toSorted((a, b) => sign * compare(a, b, sorting.column) || a.id - b.id);
  }

  get sorting(): Sorting | null {
    return this.#sorting;
  }

  get hasFailed(): boolean {
    return this.#rows.some(({ state }) => state.kind === 'failed');
  }

  /** Sorts by a column, then the other way round, then as they came. */
  sortBy(column: SortColumn): void {
    if (this.#sorting?.column !== column) this.#sorting = { column, isDescending: false };
    else this.#sorting = this.#sorting.isDescending ? null : { column, isDescending: true };
  }

  add(file: File, name: string, bytes: number): void {
    this.#rows.push({ id: this.#nextId, name, bytes, file, state: { kind: 'waiting' } });
    this.#nextId += 1;
  }

  clear(): void {
    this.#rows = [];
  }

  /** The rows to ask about next, in their order; a picture that is too large for a batch goes alone. */
  nextBatch(): readonly Row<File>[] {
    const batch: Row<File>[] = [];
    let bytes = 0;
    for (const row of this.#rows) {
      if (row.state.kind !== 'waiting') continue;
      bytes += row.bytes;
      if (batch.length > 0 && (batch.length === MAX_BATCH || bytes > MAX_BATCH_BYTES)) break;
      batch.push(row);
    }
    return batch;
  }

  /** Without effect on a row that was removed meanwhile. */
  settle(id: number, state: RowState): void {
    this.#rows = this.#rows.map((row) => (row.id === id ? { ...row, state } : row));
  }

  /** The service is out of reach: nothing that waits is asked about for now. */
  failWaiting(): void {
    this.#replace('waiting', { kind: 'failed' });
  }

  retryFailed(): void {
    this.#replace('failed', { kind: 'waiting' });
  }

  /** Whatever was read is asked about again. */
  askAgain(): void {
    this.#replace('read', { kind: 'waiting' });
  }

  /** One line about all of them, as "12 of 14 read; 1 no digit, 1 not readable". */
  summary(): string {
    const count = (fits: (state: RowState) => boolean): number =>
      this.#rows.filter(({ state }) => fits(state)).length;
    const read = count((state) => state.kind === 'read');
    const notes = [
      [count((state) => state.kind === 'read' && !isRead(state.reading)), 'countNoDigit'],
      [count((state) => state.kind === 'refused'), 'countRefused'],
      [count((state) => state.kind === 'failed'), 'countFailed'],
    ] as const;
    const told = notes.filter(([n]) => n > 0).map(([n, key]) => text(key, { n }));
    const all = text('summary', { read, all: this.#rows.length });
    return told.length > 0 ? `${all}; ${told.join(', ')}` : all;
  }

  #replace(kind: RowState['kind'], state: RowState): void {
    this.#rows = this.#rows.map((row) => (row.state.kind === kind ? { ...row, state } : row));
  }
}

/** What was not read comes last either way of reading, as the least. */
function compare<File>(a: Row<File>, b: Row<File>, column: SortColumn): number {
  if (column === 'name') return a.name.localeCompare(b.name, undefined, { numeric: true });
  if (column === 'probability') return probabilityOf(a) - probabilityOf(b);
  return textOf(a).localeCompare(textOf(b), undefined, { numeric: true });
}

function textOf<File>({ state }: Row<File>): string {
  return state.kind === 'read' ? readText(state.reading) : '';
}

function probabilityOf<File>({ state }: Row<File>): number {
  return state.kind === 'read' ? readProbability(state.reading) : -1;
}
