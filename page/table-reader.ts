import { MnistClientError } from '../src/client/exports.js';
import type { DigitTable, RowState } from './digit-table.js';
import type { PageReading } from './number/picture-asker.js';
import { problemOf, sentence } from './problems.js';

/** Reads every picture, or throws a `MnistClientError` whose items name the bad ones. */
export type ReadAll<File> = (files: readonly File[]) => Promise<readonly PageReading[]>;

/** Cannot happen while `readAll` keeps its word; a row that went on waiting would be asked about for ever. */
const NO_ANSWER: RowState = { kind: 'failed', message: 'No answer came.' };

/**
 * Asks about every row that waits, one batch after the other, until none does. A bad picture does not hold up the
 * others; when the service itself fails, all that wait are left as failed.
 */
export async function readTable<File>(
  table: DigitTable<File>,
  readAll: ReadAll<File>,
  onChange: () => void,
): Promise<void> {
  for (let batch = table.nextBatch(); batch.length > 0; batch = table.nextBatch()) {
    try {
      const files = batch.map(({ file }) => file);
      const states = await readBatch(files, readAll);
      batch.forEach(({ id }, i) => table.settle(id, states[i] ?? NO_ANSWER));
    } catch (thrown) {
      const { title, advice } = problemOf(thrown);
      table.failWaiting(`${title}. ${advice}`);
    }
    onChange();
  }
}

/** A bad picture refuses its whole request: the others are then sent again without it. */
async function readBatch<File>(files: readonly File[], readAll: ReadAll<File>): Promise<readonly RowState[]> {
  if (files.length === 0) return [];
  try {
    const readings = await readAll(files);
    return readings.map((reading) => ({ kind: 'read', reading }));
  } catch (thrown) {
    if (!(thrown instanceof MnistClientError)) throw thrown;
    const refused = new Map(thrown.items.map(({ index, message }) => [index, sentence(message)]));
    const others = files.filter((_, i) => !refused.has(i));
    if (others.length === files.length) throw thrown;
    const read = (await readBatch(others, readAll)).values();
    return files.map((_, i): RowState => {
      const message = refused.get(i);
      if (message !== undefined) return { kind: 'refused', message };
      return read.next().value ?? NO_ANSWER;
    });
  }
}
