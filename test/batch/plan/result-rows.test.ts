import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digitRow, failedRow, numberRow, parseRow, rowLine } from '../../../src/batch/plan/result-rows.js';
import { addTallies, NOTHING, tallyRows } from '../../../src/batch/plan/tally.js';

const probability = fc.double({ min: 0, max: 1, noNaN: true });
const rows = fc.oneof(
  fc.tuple(fc.string(), fc.nat(9), probability, fc.boolean()).map((args) => digitRow(...args)),
  fc.tuple(fc.string(), fc.string(), probability, fc.boolean()).map((args) => numberRow(...args)),
  fc
    .tuple(fc.string(), fc.string())
    .map(([file, message]) => failedRow(file, { code: 'not_an_image', message })),
);

describe('a row', () => {
  it('comes back from its line, and from no part of it', () => {
    fc.assert(
      fc.property(rows, fc.nat(), (row, cut) => {
        const line = rowLine(row);
        expect(line.indexOf('\n')).toBe(line.length - 1);
        expect(parseRow(line.slice(0, -1))).toEqual(row);
        expect(parseRow(line.slice(0, cut % (line.length - 1)))).toBe(undefined);
      }),
    );
  });

  it('is nothing else that is JSON', () => {
    for (const text of ['1', 'null', '{}', '{"file":1}', '{"file":"a"}', '{"file":"a","probability":1}']) {
      expect(parseRow(text)).toBe(undefined);
    }
  });

  it('keeps six digits of a probability', () => {
    expect(digitRow('a', 7, Math.fround(0.9961), true).probability).toBe(0.9961);
    expect(digitRow('a', 7, 1 / 3, true).probability).toBe(0.333333);
  });
});

describe('counts of rows', () => {
  it('say what became of the images', () => {
    const tally = tallyRows([
      digitRow('a', 7, 0.9, true),
      digitRow('b', 7, 0.2, false),
      numberRow('c', '42', 0.9, true),
      numberRow('d', '', 0, false),
      failedRow('e', { code: 'truncated_image', message: 'cut off' }),
    ]);
    expect(tally).toMatchObject({ images: 5, failed: 1, accepted: 2, errors: { truncated_image: 1 } });
    expect(tally.classes).toEqual([0, 0, 0, 0, 0, 0, 0, 1, 0, 0]);
  });

  it('are the sum of those of the parts', () => {
    fc.assert(
      fc.property(fc.array(rows), fc.array(rows), (some, others) => {
        const sum = addTallies(tallyRows(some), tallyRows(others));
        expect(sum).toEqual(tallyRows([...some, ...others]));
        expect(addTallies(NOTHING, sum)).toEqual(sum);
      }),
    );
  });
});
