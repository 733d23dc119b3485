import { describe, expect, it } from 'vitest';
import type { PageAnswer, PageNumber } from '../../../page/answers.js';
import { DigitTable, type RowState } from '../../../page/files/digit-table.js';
import type { PageReading } from '../../../page/number/picture-asker.js';
import { readTable, retryTableMs, type ReadAll } from '../../../page/files/table-reader.js';
import { toCsv, toJson } from '../../../page/files/table-export.js';
import { MnistClientError } from '../../../src/client/exports.js';

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
    return state.kind === 'refused' ? `refused: ${state.message}` : state.kind;
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
    table.failWaiting();
    expect(table.summary()).toBe('2 of 4 read; 1 no digit, 1 not readable, 1 not asked about');
  });

  it('asks again about what was read, and takes a number without digits for none', () => {
    const table = tableOf([1, 2]);
    const [a, b] = table.rows;
    const number: PageNumber = {
      text: '',
      probability: 1,
      accepted: false,
      digits: [],
      lines: [],
      unread: [],
    };
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
    const problem = await readTable(table, gone, () => {});
    expect(table.hasFailed).toBe(true);
    expect(textsOf(table)).toEqual(['failed', 'failed']);
    expect(problem?.title).toBe('The service does not answer');
    table.retryFailed();
    expect(await readTable(table, service(), () => {})).toBeNull();
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
    expect(textsOf(table)).toEqual([1, 'refused: No answer came.']);
  });
});

describe('retryTableMs', () => {
  const problem = { title: 'gone', advice: '', isTemporary: true };

  it('waits longer each time, and as long as the service asks for', () => {
    expect([1, 2, 3, 9].map((failures) => retryTableMs(problem, failures))).toEqual([
      1000, 2000, 4000, 30_000,
    ]);
    expect(retryTableMs({ ...problem, retryAfterMs: 60_000 }, 1)).toBe(60_000);
  });

  it('does not try again where that is of no use', () => {
    expect(retryTableMs({ ...problem, isTemporary: false }, 1)).toBeNull();
  });
});

describe('sorting', () => {
  it('sorts by a column, the other way round, and as they came', async () => {
    const table = tableOf([3, 77, 1, 2]);
    await readTable(table, service(), () => {});
    const names = (): string[] => table.rows.map(({ name }) => name);
    table.sortBy('read');
    expect(names()).toEqual(['77.png', '1.png', '2.png', '3.png']);
    table.sortBy('read');
    expect(names()).toEqual(['3.png', '2.png', '1.png', '77.png']);
    table.sortBy('read');
    expect(names()).toEqual(['3.png', '77.png', '1.png', '2.png']);
    table.sortBy('name');
    expect(names()).toEqual(['1.png', '2.png', '3.png', '77.png']);
    table.sortBy('probability');
    expect(names()[0]).toBe('77.png');
  });
});

describe('answers to take along', () => {
  it('are CSV that a spreadsheet takes for text, and JSON', async () => {
    const table = new DigitTable<number>();
    table.add(7, '=cmd, "a".png', 10);
    table.add(77, 'bad.png', 10);
    await readTable(table, service(), () => {});
    expect(toCsv(table.rows)).toBe(
      'file,read,probability,error\r\n"\'=cmd, ""a"".png",7,0.9,\r\nbad.png,,,77 is no digit.\r\n',
    );
    expect(JSON.parse(toJson(table.rows))).toEqual([
      { file: '=cmd, "a".png', read: '7', probability: 0.9, error: null },
      { file: 'bad.png', read: '', probability: null, error: '77 is no digit.' },
    ]);
  });
});
