import { isDigit } from './answers.js';
import type { PageReading } from './number/picture-asker.js';

/** How far a row has come. */
export type RowState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'read'; readonly reading: PageReading }
  /** The picture is at fault. */
  | { readonly kind: 'refused'; readonly message: string }
  /** The service is: asking again may help. */
  | { readonly kind: 'failed'; readonly message: string };

export interface Row<File> {
  readonly id: number;
  readonly name: string;
  readonly bytes: number;
  readonly file: File;
  readonly state: RowState;
}

/** What one request takes: fewer pictures than any sensible limit of a service, and not too many bytes. */
const MAX_BATCH = 16;
const MAX_BATCH_BYTES = 8 * 1024 * 1024;

/** Whether there is a digit, or a number. */
export function isRead(reading: PageReading): boolean {
  return reading.kind === 'digit' ? isDigit(reading.answer) : reading.number.digits.length > 0;
}

/** Many pictures, each with what was read from it. */
export class DigitTable<File> {
  #rows: Row<File>[] = [];
  #nextId = 1;

  get rows(): readonly Row<File>[] {
    return this.#rows;
  }

  get hasFailed(): boolean {
    return this.#rows.some(({ state }) => state.kind === 'failed');
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
  failWaiting(message: string): void {
    this.#replace('waiting', { kind: 'failed', message });
  }

  retryFailed(): void {
    this.#replace('failed', { kind: 'waiting' });
  }

  /** Whatever was read is asked about again. */
  askAgain(): void {
    this.#replace('read', { kind: 'waiting' });
  }

  /** One line about all of them, as "12 of 14 read; 1 is no digit, 1 cannot be read". */
  summary(): string {
    const count = (fits: (state: RowState) => boolean): number =>
      this.#rows.filter(({ state }) => fits(state)).length;
    const read = count((state) => state.kind === 'read');
    const notes = [
      [count((state) => state.kind === 'read' && !isRead(state.reading)), 'no digit'],
      [count((state) => state.kind === 'refused'), 'not readable'],
      [count((state) => state.kind === 'failed'), 'not asked about'],
    ] as const;
    const told = notes.filter(([n]) => n > 0).map(([n, what]) => `${n} ${what}`);
    return `${read} of ${this.#rows.length} read${told.length > 0 ? `; ${told.join(', ')}` : ''}`;
  }

  #replace(kind: RowState['kind'], state: RowState): void {
    this.#rows = this.#rows.map((row) => (row.state.kind === kind ? { ...row, state } : row));
  }
}
