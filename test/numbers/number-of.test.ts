import { describe, expect, it } from 'vitest';
import { InkdigitError } from '../../src/errors.js';
import { numberOf } from '../../src/numbers/number-of.js';
import { inPattern, rulesOf } from '../../src/numbers/rules.js';
import { candidate } from './candidates.js';

const textsOf = (number: ReturnType<typeof numberOf>): string[] =>
  number.lines.map(({ digits }) => digits.map((digit) => digit?.class ?? ' ').join(''));

describe('numberOf', () => {
  it('reads lines from the top, also where they rise', () => {
    const upper = [1, 2, 3, 4].map((digit, i) => candidate(digit, 30 * i, { y: 60 - 6 * i }));
    const lower = [5, 6].map((digit, i) => candidate(digit, 30 * i, { y: 120 }));
    const number = numberOf([...lower, ...upper], rulesOf({}));
    expect(textsOf(number)).toEqual(['1234', '56']);
    expect(number.probability).toBeLessThan(Math.min(...number.lines.map(({ probability }) => probability)));
  });

  it('takes the likeliest lines where fewer are asked for, and tells of what was not read', () => {
    const line = [1, 2, 3].map((digit, i) => candidate(digit, 30 * i));
    const slash = candidate(1, 24, { y: 100, isDigit: 0.75 });
    const seen = [{ mark: '/', box: slash.box, probability: 0.95 }];
    const fraction = [
      candidate(5, 0, { y: 100, isDigit: 0.6 }),
      slash,
      candidate(6, 48, { y: 100, isDigit: 0.6 }),
    ];
    expect(textsOf(numberOf([...line.slice(1), ...fraction], rulesOf({ lines: 1 }), seen))).toEqual(['23']);
    const speck = candidate(8, 0, { y: 100, isDigit: 0.6 });
    const one = numberOf([...line, speck], rulesOf({ lines: 1 }));
    expect(textsOf(one)).toEqual(['123']);
    expect(one.unread).toEqual([{ box: speck.box, probability: expect.closeTo(0.6) }]);
    expect(one.probability).toBeLessThan(numberOf(line, rulesOf({ lines: 1 })).probability);
  });

  it('does not read the same ink on two lines', () => {
    const seven = candidate(7, 0, { height: 60 });
    const piece = candidate(4, 2, { y: 28, height: 32, isDigit: 0.8 });
    expect(textsOf(numberOf([seven, piece, candidate(2, 26, { height: 60 })], rulesOf({})))).toEqual(['72']);
  });

  it('reads no one where the detector sees a bracket, and says that it is there', () => {
    const bracket = (mark: string, x: number) => ({
      mark,
      box: { x, y: -4, width: 20, height: 38 },
      probability: 0.98,
    });
    const line = [-1, 4, 7, -1, 5].map((digit, i) =>
      candidate(Math.abs(digit), 24 * i, digit < 0 ? { y: -4, height: 38, isDigit: 0.8 } : {}),
    );
    const number = numberOf(line, rulesOf({}), [bracket('(', 0), bracket(')', 72)]);
    expect(textsOf(number)).toEqual(['475']);
    expect(number.lines[0]?.marks).toEqual(['(', '', ')']);
    expect(number.unread).toEqual([]);
  });

  it('reads what has the form of a phone number rather than a digit less', () => {
    const line = [5, 5, 1, -1, 0, 1, 0, 0].flatMap((digit, i) =>
      digit < 0 ? [] : [candidate(digit, 24 * i, { isDigit: i === 2 ? 0.3 : 0.95 })],
    );
    const hyphen = { mark: '-', box: { x: 74, y: 12, width: 16, height: 4 }, probability: 0.99 };
    expect(textsOf(numberOf(line, rulesOf({})))).toEqual(['550100']);
    expect(textsOf(numberOf(line, rulesOf({}), [hyphen]))).toEqual(['5510100']);
  });

  it('has the bracket that is closed behind a line, and no hyphen beside it', () => {
    const line = [candidate(1, 24, { width: 8 }), candidate(2, 48), candidate(7, 72)];
    const box = { y: -4, width: 10, height: 38 };
    const signs = [
      { mark: '(', box: { ...box, x: 4 }, probability: 0.97 },
      { mark: ')', box: { ...box, x: 98 }, probability: 0.97 },
      { mark: '-', box: { x: 116, y: 12, width: 12, height: 5 }, probability: 0.97 },
    ];
    const [written] = numberOf(line, rulesOf({}), signs).lines;
    expect(written?.marks).toEqual(['(', '', '']);
    expect(written?.markBehind).toBe(')');
    expect(numberOf(line, rulesOf({}), signs.slice(2)).lines[0]).toMatchObject({
      marks: ['', '', ''],
      markBehind: '',
    });
  });

  it('has a comma that looks like a digit as well on the line that it stands on', () => {
    const line = [1, 2, 5, 0].map((digit, i) => candidate(digit, 24 * i + (i > 1 ? 14 : 0)));
    const low = candidate(1, 48, { y: 28, width: 8, height: 14, isDigit: 0.6 });
    const comma = { mark: '.', box: low.box, probability: 0.97 };
    const number = numberOf([...line, low], rulesOf({}), [comma]);
    expect(textsOf(number)).toEqual(['1250']);
    expect(number.lines[0]?.marks).toEqual(['', '', '.', '']);
    expect(number.unread).toEqual([]);
  });

  it('tells of a likely digit that a separator at an end took the place of', () => {
    const stroke = candidate(1, 0, { width: 8, isDigit: 0.6 });
    const line = [stroke, candidate(2, 24), candidate(3, 48)];
    const number = numberOf(line, rulesOf({}), [{ mark: '-', box: stroke.box, probability: 0.99 }]);
    expect(textsOf(number)).toEqual(['23']);
    expect(number.unread.map(({ box }) => box)).toEqual([stroke.box]);
  });

  it('has no digit that is less probable than its line', () => {
    const hyphen = { mark: '-', box: { x: 74, y: 12, width: 16, height: 4 }, probability: 0.99 };
    const line = [5, 5, 1, -1, 0, 1, 0, 0].flatMap((digit, i) =>
      digit < 0 ? [] : [candidate(digit, 24 * i, { isDigit: i === 2 ? 0.4 : 0.999, sure: 0.999 })],
    );
    const [{ digits, probability } = { digits: [], probability: NaN }] = numberOf(line, rulesOf({}), [
      hyphen,
    ]).lines;
    expect(probability).toBeGreaterThan(0.5);
    for (const digit of digits) {
      expect(digit?.probability).toBeGreaterThanOrEqual(probability);
      expect(digit?.probabilities[digit.class]).toBeCloseTo(digit?.probability ?? NaN, 5);
      expect(digit?.probabilities.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(1 + 1e-6);
    }
  });

  it('reads a date whose slashes look like ones, and says what it would be with them', () => {
    const slash = (x: number) => candidate(1, x, { y: -4, height: 38, isDigit: 0.8 });
    const seen = [48, 120].map((x) => ({ mark: '/', box: slash(x).box, probability: 0.8 }));
    const digits = [2, 4, -1, 1, 2, -1, 9, 7].map((digit, i) =>
      digit < 0 ? slash(24 * i) : candidate(digit, 24 * i),
    );
    const number = numberOf(digits, rulesOf({}), seen);
    expect(textsOf(number)).toEqual(['241297']);
    expect(number.lines[0]?.marks).toEqual(['', '', '/', '', '/', '']);
    expect(number.unread).toEqual([]);
    expect(number.alternatives.map(({ lines }) => lines.join())).toContain('24112197');
    expect(textsOf(numberOf(digits, rulesOf({ length: 8 }), seen))).toEqual(['24112197']);
  });

  it('reads nothing where there is nothing', () => {
    expect(numberOf([], rulesOf({}))).toEqual({ lines: [], probability: 1, unread: [], alternatives: [] });
  });

  it('tells what else the number may be', () => {
    for (const sure of [0.55, 0.3]) {
      const number = numberOf([candidate(1, 0, { sure }), candidate(2, 30)], rulesOf({}));
      expect(number.alternatives.length).toBeGreaterThan(3);
      for (const { lines, probability } of number.alternatives) {
        expect(lines).not.toEqual(['12']);
        expect(probability).toBeLessThanOrEqual(number.probability);
      }
    }
  });
});

describe('rulesOf', () => {
  it('takes the length of a pattern, and puts its separators back', () => {
    const rules = rulesOf({ pattern: 'dd.dd' });
    expect([rules.minLength, rules.maxLength]).toEqual([4, 4]);
    expect(inPattern('1250', rules)).toBe('12.50');
    expect(inPattern('7', rulesOf({}))).toBe('7');
  });

  it.each([
    [{ length: 0 }, 'length'],
    [{ length: 2.5 }, 'length'],
    [{ length: 3, minLength: 4 }, 'at least 4'],
    [{ pattern: 'xx' }, 'pattern'],
    [{ pattern: '..' }, 'pattern'],
    [{ pattern: 'dd', length: 3 }, 'length'],
    [{ max: -1 }, 'max'],
    [{ lines: 0 }, 'lines'],
    [{ cells: 4, length: 4 }, 'length'],
    [{ cells: 4, grid: '9x9' }, 'grid'],
    [{ cells: 99 }, 'cells'],
    [{ grid: '9 by 9' }, 'grid'],
    [{ grid: '0x9' }, 'grid'],
  ])('refuses %j', (constraints, named) => {
    expect(() => rulesOf(constraints)).toThrow(InkdigitError);
    expect(() => rulesOf(constraints)).toThrow(named);
  });
});
