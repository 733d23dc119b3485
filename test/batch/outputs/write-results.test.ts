import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { writeResults } from '../../../src/batch/outputs/write-results.js';
import {
  digitRow,
  failedRow,
  numberRow,
  rowLine,
  type ResultRow,
} from '../../../src/batch/plan/result-rows.js';
import { testFolder } from '../../helpers/programs/batches.js';

const DIGITS: readonly ResultRow[] = [
  digitRow('a "b", c.png', 7, 0.996123, true),
  digitRow('ä\n.png', 0, 0, false),
  failedRow('x.png', { code: 'truncated_image', message: 'expected 5 bytes, got 4' }),
];
const NUMBERS: readonly ResultRow[] = [
  numberRow('n.png', '0472\n15', 0.5, true),
  numberRow('m.png', '', 0, false),
];

function rowsFile(rows: readonly ResultRow[]): string {
  const path = join(testFolder(), 'rows.jsonl');
  writeFileSync(path, rows.map(rowLine).join(''));
  return path;
}

describe('a file of results', () => {
  it('has the lines as they are', async () => {
    const from = rowsFile(DIGITS);
    const to = join(from, '..', 'part.jsonl');
    expect(await writeResults(from, to, 'jsonl', 'digits')).toBe(readFileSync(from).length);
    expect(readFileSync(to)).toEqual(readFileSync(from));
    expect(readdirSync(join(from, '..')).toSorted()).toEqual(['part.jsonl', 'rows.jsonl']);
  });

  it('has commas and quotes as RFC 4180 says', async () => {
    const from = rowsFile([...DIGITS]);
    const to = join(from, '..', 'part.csv');
    await writeResults(from, to, 'csv', 'digits');
    expect(readFileSync(to, 'utf8')).toBe(
      [
        'file,class,probability,digit,error,message',
        '"a ""b"", c.png",7,0.996123,true,,',
        '"ä\n.png",0,0,false,,',
        'x.png,,,,truncated_image,"expected 5 bytes, got 4"',
        '',
      ].join('\n'),
    );
    await writeResults(rowsFile(NUMBERS), to, 'csv', 'numbers');
    expect(readFileSync(to, 'utf8')).toBe(
      'file,number,probability,accepted,error,message\nn.png,"0472\n15",0.5,true,,\nm.png,,0,false,,\n',
    );
  });

  it.each([
    ['digits', DIGITS],
    ['numbers', NUMBERS],
  ] as const)('is read as Parquet: %s', async (read, rows) => {
    const from = rowsFile(rows);
    const to = join(from, '..', 'part.parquet');
    await writeResults(from, to, 'parquet', read);
    const file = Uint8Array.from(readFileSync(to)).buffer;
    const objects = await parquetReadObjects({ file });
    const given = objects.map((row) =>
      Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined && value !== null)),
    );
    expect(given).toEqual(rows);
  });

  it('is not written where its rows are damaged, nor where it cannot be', async () => {
    const from = rowsFile(DIGITS);
    writeFileSync(from, 'no row\n', { flag: 'a' });
    const to = join(from, '..', 'part.csv');
    await expect(writeResults(from, to, 'csv', 'digits')).rejects.toThrow(/was changed while it was read/);
    expect(readdirSync(join(from, '..'))).toEqual(['rows.jsonl']);
    const nowhere = join(from, '..', 'none', 'part.csv');
    await expect(writeResults(from, nowhere, 'csv', 'digits')).rejects.toMatchObject({
      code: 'write_failed',
    });
  });
});
