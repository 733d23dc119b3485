import { describe, expect, it } from 'vitest';
import type { PageAnswer, PageNumber } from '../../page/answers.js';
import { DigitTable, type RowState } from '../../page/digit-table.js';
import type { PageReading } from '../../page/number/picture-asker.js';
import { readTable, type ReadAll } from '../../page/table-reader.js';
import { MnistClientError } from '../../src/client/exports.js';

const answerOf = (digit: number): PageAnswer => ({
  class: digit,
  probability: 0.9,
  probabilities: [],
  digit: true,
  threshold: 0,
  frame: 'data:,',
});

const readingOf = (digit: number): PageReading => ({ kind: 'digit', answer: answerOf(digit) });

/** A table whose files are numbers: 0-9 is the digit it shows, anything else no image. */
function tableOf(files: readonly number[], bytes = 1000): DigitTable<number> {
  const table = new DigitTable<number>();
  for (const file of files) table.add(file, `${file}.png`, bytes);
  return table;
}

/** A service for such files, which notes how many came in each request. */
function service(batches: number[] = []): ReadAll<number> {
  return async (files) => {
    batches.push(files.length);
    const items = files.flatMap((file, index) =>
      file > 9 ? [{ index, message: `${file} is no digit` }] : [],
    );
    if (items.length > 0) throw new MnistClientError('not_an_image', 'bad', { status: 400, items });
    return files.map(readingOf);
  };
}

const statesOf = (table: DigitTable<number>): RowState[] => table.rows.map(({ state }) => state);
const textsOf = (table: DigitTable<number>): (number | string)[] =>
  statesOf(table).map((state) => {
    if (state.kind === 'read') {
      return state.reading.kind === 'digit' ? state.reading.answer.class : state.reading.number.text;
    }
    return state.kind === 'waiting' ? 'waiting' : `${state.kind}: ${state.message}`;
  });

describe('DigitTable', () => {
  it('cuts what waits into batches that any service takes', () => {
    const small = tableOf(Array.from({ length: 20 }, (_, i) => i % 10));
    expect(small.nextBatch()).toHaveLength(16);
    for (const { id } of small.nextBatch()) small.settle(id, { kind: 'refused', message: 'no' });
    expect(small.nextBatch()).toHaveLength(4);
    expect(tableOf([1, 2, 3], 4 * 1024 * 1024).nextBatch()).toHaveLength(2);
    expect(tableOf([1, 2, 3], 50 * 1024 * 1024).nextBatch()).toHaveLength(1);
    expect(new DigitTable().nextBatch()).toEqual([]);
  });

  it('tells in one line how far it has come', () => {
    const table = tableOf([1, 2, 3, 4]);
    expect(table.summary()).toBe('0 of 4 read');
    const [a, b, c] = table.rows;
    table.settle(a?.id ?? 0, {
      kind: 'read',
      reading: { kind: 'digit', answer: { ...answerOf(1), digit: false } },
    });
    table.settle(b?.id ?? 0, { kind: 'read', reading: readingOf(2) });
    table.settle(c?.id ?? 0, { kind: 'refused', message: 'no image' });
    table.failWaiting('gone');
    expect(table.summary()).toBe('2 of 4 read; 1 no digit, 1 not readable, 1 not asked about');
  });

  it('asks again about what was read, and takes a number without digits for none', () => {
    const table = tableOf([1, 2]);
    const [a, b] = table.rows;
    const number: PageNumber = { text: '', probability: 1, accepted: false, digits: [], lines: [], unread: [] };
    table.settle(a?.id ?? 0, { kind: 'read', reading: { kind: 'number', number } });
    table.settle(b?.id ?? 0, { kind: 'refused', message: 'no image' });
    expect(table.summary()).toBe('1 of 2 read; 1 no digit, 1 not readable');
    table.askAgain();
    expect(textsOf(table)).toEqual(['waiting', 'refused: no image']);
  });

  it('takes a result for a row that was removed without a word', () => {
    const table = tableOf([1]);
    const [row] = table.rows;
    table.clear();
    table.add(2, '2.png', 10);
    table.settle(row?.id ?? 0, { kind: 'read', reading: readingOf(1) });
    expect(textsOf(table)).toEqual(['waiting']);
  });
});

describe('readTable', () => {
  it('reads every row, in batches, and tells after each', async () => {
    const table = tableOf(Array.from({ length: 35 }, (_, i) => i % 10));
    const batches: number[] = [];
    let changes = 0;
    await readTable(table, service(batches), () => (changes += 1));
    expect(textsOf(table)).toEqual(Array.from({ length: 35 }, (_, i) => i % 10));
    expect(batches).toEqual([16, 16, 3]);
    expect(changes).toBe(3);
  });

  it('names each bad picture and reads the others', async () => {
    const table = tableOf([1, 77, 2, 88]);
    await readTable(table, service(), () => {});
    expect(textsOf(table)).toEqual([1, 'refused: 77 is no digit.', 2, 'refused: 88 is no digit.']);
    const allBad = tableOf([50, 60]);
    await readTable(allBad, service(), () => {});
    expect(textsOf(allBad)).toEqual(['refused: 50 is no digit.', 'refused: 60 is no digit.']);
  });

  it('reads rows that are added while it reads', async () => {
    const table = tableOf([1]);
    let added = false;
    await readTable(table, service(), () => {
      if (!added) table.add(5, '5.png', 10);
      added = true;
    });
    expect(textsOf(table)).toEqual([1, 5]);
  });

  it('leaves what waits for another attempt when the service is gone', async () => {
    const table = tableOf([1, 2]);
    const gone: ReadAll<number> = () => Promise.reject(new MnistClientError('unreachable', 'gone'));
    await readTable(table, gone, () => {});
    expect(table.hasFailed).toBe(true);
    expect(textsOf(table)[0]).toMatch(/^failed: The service does not answer\. .*npm start/);
    table.retryFailed();
    await readTable(table, service(), () => {});
    expect(textsOf(table)).toEqual([1, 2]);
    expect(table.hasFailed).toBe(false);
  });

  it('ends even if the service answers too few', async () => {
    const table = tableOf([1, 2]);
    await readTable(
      table,
      async () => [readingOf(1)],
      () => {},
    );
    expect(textsOf(table)).toEqual([1, 'failed: No answer came.']);
  });
});
