import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReadCandidate } from '../../src/numbers/candidate.js';
import { numberPaths, type LatticePlace } from '../../src/numbers/lattice.js';
import { rulesOf } from '../../src/numbers/rules.js';
import { placesOf } from '../../src/numbers/signs/line-places.js';
import { candidate } from './candidates.js';

const none = rulesOf({});

/** Every set of candidates that exclude no other, and every way to read it: text -> weight. */
function allNumbers(candidates: readonly ReadCandidate[]): Map<string, number> {
  const weights = new Map<string, number>();
  const span = ({ box }: ReadCandidate): [number, number] => [
    box.x + 0.22 * box.width,
    box.x + 0.78 * box.width,
  ];
  const visit = (at: number, chosen: readonly ReadCandidate[], weight: number): void => {
    const next = candidates[at];
    if (!next) {
      const sorted = chosen.toSorted((a, b) => span(a)[1] - span(b)[1]);
      let texts = new Map([['', weight]]);
      for (const { probabilities } of sorted) {
        const longer = new Map<string, number>();
        for (const [text, value] of texts) {
          probabilities.forEach((p, digit) => longer.set(`${text}${digit}`, value * p));
        }
        texts = longer;
      }
      for (const [text, value] of texts) weights.set(text, (weights.get(text) ?? 0) + value);
      return;
    }
    visit(at + 1, chosen, weight);
    const fits = chosen.every((other) => span(other)[1] <= span(next)[0] || span(next)[1] <= span(other)[0]);
    if (fits) visit(at + 1, [...chosen, next], (weight * next.isDigit) / (1 - next.isDigit));
  };
  visit(0, [], 1);
  return weights;
}

const someCandidates = fc.array(
  fc.record({
    digit: fc.integer({ min: 0, max: 9 }),
    x: fc.integer({ min: 0, max: 60 }),
    width: fc.integer({ min: 8, max: 30 }),
    isDigit: fc.double({ min: 0.1, max: 0.95, noNaN: true }),
    sure: fc.double({ min: 0.5, max: 0.99, noNaN: true }),
  }),
  { minLength: 1, maxLength: 4 },
);

describe('numberPaths', () => {
  it('reads digits from left to right', () => {
    const [best] = numberPaths(placesOf([candidate(7, 50), candidate(0, 0), candidate(4, 25)], []), none);
    expect(best?.text).toBe('047');
    expect(best?.places).toEqual([1, 2, 0]);
    expect(best?.signs).toEqual(['0', '4', '7']);
  });

  it('finds the number that weighs most of all, and how probable it is, as trying all of them does', () => {
    fc.assert(
      fc.property(someCandidates, (drawn) => {
        const candidates = drawn.map(({ digit, x, ...rest }) => candidate(digit, x, rest));
        const all = allNumbers(candidates);
        const total = [...all.values()].reduce((sum, weight) => sum + weight, 0);
        const most = Math.max(...all.values()) / total;
        const [best] = numberPaths(placesOf(candidates, []), none);
        // Ways to read the same text that are not among the best few are left out.
        expect(best?.probability).toBeLessThanOrEqual(most + 1e-6);
        expect(best?.probability).toBeGreaterThan(0.9 * most);
        expect((all.get(best?.text ?? 'none') ?? 0) / total).toBeGreaterThan(0.9 * most);
      }),
      { numRuns: 60 },
    );
  });

  it('takes two narrow digits or one wide one, whichever is likelier, and tells of the other', () => {
    const wide = candidate(0, 0, { width: 30, isDigit: 0.8 });
    const narrow = [
      candidate(1, 0, { width: 12, isDigit: 0.9 }),
      candidate(1, 18, { width: 12, isDigit: 0.9 }),
    ];
    const paths = numberPaths(placesOf([wide, ...narrow], []), none);
    expect(paths[0]?.text).toBe('11');
    expect(paths.map(({ text }) => text)).toContain('0');
    expect(numberPaths(placesOf([wide, ...narrow], []), rulesOf({ length: 1 }))[0]?.text).toMatch(/^[01]$/);
  });

  it('considers only numbers of the length that is asked for, and is less sure where that does not fit', () => {
    const candidates = [candidate(4, 0), candidate(2, 30), candidate(7, 60, { isDigit: 0.3 })];
    expect(numberPaths(placesOf(candidates, []), none)[0]?.text).toBe('42');
    const [three] = numberPaths(placesOf(candidates, []), rulesOf({ length: 3 }));
    expect(three?.text).toBe('427');
    expect(numberPaths(placesOf(candidates, []), rulesOf({ length: 4 }))).toEqual([]);
    const [one] = numberPaths(placesOf(candidates, []), rulesOf({ length: 1 }));
    expect(one?.probability).toBeLessThan(0.5);
  });

  it('considers only numbers up to a maximum', () => {
    const seven = candidate(7, 0, { sure: 0.6 });
    expect(numberPaths(placesOf([seven, candidate(5, 30)], []), none)[0]?.text).toBe('75');
    const [best] = numberPaths(placesOf([seven, candidate(5, 30)], []), rulesOf({ max: 31, length: 2 }));
    expect(Number(best?.text)).toBeLessThanOrEqual(31);
  });

  it('reads hundreds of digits', () => {
    const line = Array.from({ length: 500 }, (_, i) => candidate(i % 10, 30 * i, { isDigit: 0.999 }));
    const [best] = numberPaths(placesOf(line, []), none);
    expect(best?.text).toHaveLength(500);
    expect(best?.probability).toBeGreaterThan(0);
  });

  describe('with separators', () => {
    const digit = (sign: string, start: number, weight = 4): LatticePlace => ({
      start,
      end: start + 10,
      choices: [{ sign, weight }],
      digitOdds: Math.exp(weight),
    });
    const mark = (sign: string, at: number, weight: number): LatticePlace => ({
      start: at,
      end: at,
      choices: [{ sign, weight }],
      digitOdds: 0,
    });
    const date = [
      digit('2', 0),
      mark('/', 12, 3),
      digit('1', 14),
      digit('2', 30),
      mark('/', 42, 3),
      digit('9', 50),
    ];

    it('reads them among the digits, of which the text is made alone', () => {
      const [best] = numberPaths(date, none);
      expect(best?.signs.join('')).toBe('2/12/9');
      expect(best?.text).toBe('2129');
    });

    it('counts neither in the length nor in the value', () => {
      expect(numberPaths(date, rulesOf({ length: 4, max: 2129 }))[0]?.signs.join('')).toBe('2/12/9');
      expect(numberPaths(date, rulesOf({ length: 5 }))).toEqual([]);
    });

    it('reads a place as a digit or as a separator, whichever is likelier where it stands', () => {
      const either: LatticePlace = {
        start: 14,
        end: 20,
        choices: [
          { sign: '1', weight: 2 },
          { sign: '-', weight: 1 },
        ],
        digitOdds: Math.exp(2),
      };
      const places = [digit('3', 0), either, digit('4', 30)];
      expect(numberPaths(places, none)[0]?.text).toBe('314');
      const [best] = numberPaths(places, none, (written) => (written === '3-4' ? 2 : 0));
      expect(best?.signs.join('')).toBe('3-4');
    });

    it('is as sure of digits whatever may stand between them', () => {
      const digits = Array.from({ length: 12 }, (_, i) => digit(String(i % 10), 30 * i, 5));
      const without = numberPaths(digits, none)[0]?.probability ?? NaN;
      expect(without).toBeGreaterThan(0.9);
      for (const weight of [-1, 0, 1]) {
        const marks = digits.map((_, i) => mark('.', 30 * i + 20, weight));
        expect(numberPaths([...digits, ...marks], none)[0]?.probability).toBeCloseTo(without, 1);
      }
    });

    it('reads a digit rather than several separators within it', () => {
      const specks = [32, 35, 38].map((at) => mark('.', at, 1.7));
      const [best] = numberPaths([digit('3', 0), digit('8', 30, 3.5), digit('4', 60), ...specks], none);
      expect(best?.text).toBe('384');
    });

    it('gives probabilities that add up to 1 at most, however likely a form is', () => {
      const paths = numberPaths(date, none, (written) => (written.endsWith('/9') ? 3 : 0));
      const sum = paths.reduce((all, { probability }) => all + probability, 0);
      expect(sum).toBeLessThanOrEqual(1 + 1e-9);
      expect(sum).toBeGreaterThan(0.9);
      expect(paths.map(({ probability }) => probability)).toEqual(
        paths.map(({ probability }) => probability).toSorted((a, b) => b - a),
      );
    });
  });
});
