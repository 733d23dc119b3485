import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digitsApart, editsBetween, measureNumbers, numbersReport } from '../../src/evaluation/number-metrics.js';

const number = (truth: string, text: string, probability = 0.5) => ({
  file: 'a.png',
  truth,
  text,
  probability,
});

describe('editsBetween', () => {
  it('tells missed, invented and wrong digits apart', () => {
    expect(editsBetween('0472', '0472')).toEqual({ missed: 0, invented: 0, wrong: 0 });
    expect(editsBetween('0472', '072')).toEqual({ missed: 1, invented: 0, wrong: 0 });
    expect(editsBetween('0472', '04172')).toEqual({ missed: 0, invented: 1, wrong: 0 });
    expect(editsBetween('0472', '0972')).toEqual({ missed: 0, invented: 0, wrong: 1 });
    expect(editsBetween('12', '')).toEqual({ missed: 2, invented: 0, wrong: 0 });
  });

  it('never needs more edits than there are digits, and accounts for the difference in length', () => {
    const digits = fc.stringMatching(/^\d{0,8}$/);
    fc.assert(
      fc.property(digits, digits, (truth, text) => {
        const { missed, invented, wrong } = editsBetween(truth, text);
        expect(missed + invented + wrong).toBeLessThanOrEqual(Math.max(truth.length, text.length));
        expect(text.length - truth.length).toBe(invented - missed);
      }),
    );
  });
});

describe('digitsApart', () => {
  it('lays digit beside digit, and marks what differs', () => {
    const marksOf = (truth: string, text: string): string[] =>
      digitsApart(truth, text).map((marks) =>
        marks.map(({ mark, differs }) => (differs ? `[${mark}]` : mark)).join(''),
      );
    expect(marksOf('0472', '0472')).toEqual(['0472', '0472']);
    expect(marksOf('0472', '072')).toEqual(['0[4]72', '0[]72']);
    expect(marksOf('0472', '04172')).toEqual(['04[]72', '04[1]72']);
    expect(marksOf('12', '')).toEqual(['[1][2]', '[][]']);
  });

  it('loses nothing of either', () => {
    const digits = fc.stringMatching(/^\d{0,8}$/);
    fc.assert(
      fc.property(digits, digits, (truth, text) => {
        const [a, b] = digitsApart(truth, text).map((marks) => marks.map(({ mark }) => mark).join(''));
        expect([a, b]).toEqual([truth, text]);
      }),
    );
  });
});

describe('measureNumbers', () => {
  it('counts whole numbers, digits and lengths', () => {
    const metrics = measureNumbers([number('12', '12', 1), number('34', '3', 1), number('567', '567', 0)]);
    expect(metrics).toMatchObject({ count: 3, right: 2, missedDigits: 1, inventedDigits: 0 });
    expect(metrics.digitErrorRate).toBeCloseTo(1 / 7);
    expect(metrics.calibrationError).toBeCloseTo(2 / 3);
    expect(metrics.calibration).toHaveLength(10);
    expect(metrics.calibration[0]).toEqual({ count: 1, probability: 0, accuracy: 1 });
    expect(metrics.calibration[9]).toEqual({ count: 2, probability: 1, accuracy: 0.5 });
    expect(metrics.lengths).toEqual([
      { length: 2, count: 2, right: 1 },
      { length: 3, count: 1, right: 1 },
    ]);
    expect(numbersReport(metrics)).toContain('2 of 3 (66.67 %)');
  });
});
