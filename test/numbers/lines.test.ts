import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReadCandidate } from '../../src/numbers/candidate.js';
import { linesOf } from '../../src/numbers/lines.js';
import { candidate } from './candidates.js';

const STEP = 30;

/** A digit each 30 pixels, of 20 x 30 pixels unless said. */
function row(digits: string, changes: (i: number) => Parameters<typeof candidate>[2] = () => ({})) {
  return Array.from(digits, (digit, i) => candidate(Number(digit), STEP * i, changes(i)));
}

const textsOf = (lines: readonly (readonly ReadCandidate[])[]): string[] =>
  lines.map((line) =>
    line.map(({ probabilities }) => probabilities.indexOf(Math.max(...probabilities))).join(''),
  );

describe('linesOf', () => {
  it('follows lines that rise and fall, from the top', () => {
    const rising = row('123456', (i) => ({ y: 100 - 8 * i }));
    const below = row('789', () => ({ y: 160 }));
    expect(textsOf(linesOf([...below, ...rising]))).toEqual(['123456', '789']);
  });

  it('goes on behind a hyphen that might be a digit, where the line rises', () => {
    const hyphen = candidate(2, 95, { y: 42, height: 12, isDigit: 0.6 });
    const before = row('830', (i) => ({ y: 40 - 4 * i }));
    const behind = row('6738', (i) => ({ y: 26 - 4 * i })).map((digit) => ({
      ...digit,
      box: { ...digit.box, x: digit.box.x + 125 },
    }));
    expect(textsOf(linesOf([...before, hyphen, ...behind]))).toEqual(['83026738']);
  });

  it('makes no line of its own of what stands on another: small digits, and short strokes', () => {
    const digits = row('64746');
    const small = candidate(8, 150, { y: 18, width: 8, height: 12 });
    const [line = [], ...others] = linesOf([...digits, small]);
    expect(others).toEqual([]);
    expect(line).toHaveLength(6);
  });

  it('takes a short one for a hyphen more than a small digit for none', () => {
    const probabilityOf = (digit: number): number => {
      const [line = []] = linesOf([
        ...row('64746'),
        candidate(digit, 150, { y: 8, height: 14, isDigit: 0.9 }),
      ]);
      return line.at(-1)?.isDigit ?? NaN;
    };
    expect(probabilityOf(1)).toBeLessThan(0.5);
    expect(probabilityOf(0)).toBeGreaterThan(0.5);
  });

  it('has each candidate once, from left to right', () => {
    const any = fc.record({
      digit: fc.integer({ min: 0, max: 9 }),
      x: fc.integer({ min: 0, max: 400 }),
      y: fc.integer({ min: 0, max: 200 }),
      height: fc.integer({ min: 1, max: 80 }),
      isDigit: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 30 }), (all) => {
        const candidates = all.map(({ digit, x, ...changes }) => candidate(digit, x, changes));
        const lines = linesOf(candidates);
        const boxes = lines.flat().map(({ box }) => box);
        expect(boxes).toHaveLength(candidates.length);
        expect(new Set(boxes)).toEqual(new Set(candidates.map(({ box }) => box)));
        for (const line of lines) {
          const middles = line.map(({ box }) => box.x + box.width / 2);
          expect(middles).toEqual(middles.toSorted((a, b) => a - b));
        }
      }),
    );
  });
});
