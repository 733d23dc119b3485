import { MnistClientError } from '../../src/client/exports.js';
import type { DigitTable, RowState } from './digit-table.js';
import type { PageReading } from '../number/picture-asker.js';
import { problemOf, refusalText, type Problem } from '../problems.js';
import { text } from '../words/words.js';

/** Reads every picture, or throws a `MnistClientError` whose items name the bad ones. */
export type ReadAll<File> = (files: readonly File[]) => Promise<readonly PageReading[]>;

/** After an outage it is tried again, each time later: at once after the first, at last every half minute. */
const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 30_000;

/** Cannot happen while `readAll` keeps its word; a row that went on waiting would be asked about for ever. */
function noAnswer(): RowState {
  return { kind: 'refused', message: text('noAnswerCame') };
}

/**
 * Asks about every row that waits, one batch after the other, until none does. A bad picture does not hold up the
 * others; when the service itself fails, all that wait are left as failed.
 * @returns what is wrong with the service; `null` where nothing is
 */
export async function readTable<File>(
  table: DigitTable<File>,
  readAll: ReadAll<File>,
  onChange: () => void,
): Promise<Problem | null> {
  let problem: Problem | null = null;
  for (let batch = table.nextBatch(); batch.length > 0; batch = table.nextBatch()) {
    try {
      const files = batch.map(({ file }) => file);
      const states = await readBatch(files, readAll);
      batch.forEach(({ id }, i) => table.settle(id, states[i] ?? noAnswer()));
      problem = null;
    } catch (thrown) {
      problem = problemOf(thrown);
      table.failWaiting();
    }
    onChange();
  }
  return problem;
}

/**
 * When what failed is tried again by itself.
 * @param failures in a row, this one included
 * @returns in milliseconds; `null` where that is of no use
 */
export function retryTableMs({ isTemporary, retryAfterMs = 0 }: Problem, failures: number): number | null {
  if (!isTemporary) return null;
  return Math.max(retryAfterMs, Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1)));
}

/** A bad picture refuses its whole request: the others are then sent again without it. */
async function readBatch<File>(files: readonly File[], readAll: ReadAll<File>): Promise<readonly RowState[]> {
  if (files.length === 0) return [];
  try {
    const readings = await readAll(files);
    return readings.map((reading) => ({ kind: 'read', reading }));
  } catch (thrown) {
    if (!(thrown instanceof MnistClientError)) throw thrown;
    const refused = new Map(thrown.items.map(({ index, message }) => [index, refusalText(message)]));
    const others = files.filter((_, i) => !refused.has(i));
    if (others.length === files.length) throw thrown;
    const read = (await readBatch(others, readAll)).values();
    return files.map((_, i): RowState => {
      const message = refused.get(i);
      if (message !== undefined) return { kind: 'refused', message };
      return read.next().value ?? noAnswer();
    });
  }
}
