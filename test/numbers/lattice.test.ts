import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReadCandidate } from '../../src/numbers/candidate.js';
import { numberPaths } from '../../src/numbers/lattice.js';
import { rulesOf } from '../../src/numbers/rules.js';
import { candidate } from './candidates.js';

const none = rulesOf({});

/** Every set of candidates that exclude no other, and every way to read it: text -> weight. */
function allNumbers(candidates: readonly ReadCandidate[]): Map<string, number> {
  const weights = new Map<string, number>();
  const span = ({ box }: ReadCandidate): [number, number] => [
    box.x + 0.2 * box.width,
    box.x + 0.8 * box.width,
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
    const [best] = numberPaths([candidate(7, 50), candidate(0, 0), candidate(4, 25)], none);
    expect(best?.text).toBe('047');
    expect(best?.candidates).toEqual([1, 2, 0]);
    expect(best?.classes).toEqual([0, 4, 7]);
  });

  it('finds the number that weighs most of all, and how probable it is, as trying all of them does', () => {
    fc.assert(
      fc.property(someCandidates, (drawn) => {
        const candidates = drawn.map(({ digit, x, ...rest }) => candidate(digit, x, rest));
        const all = allNumbers(candidates);
        const total = [...all.values()].reduce((sum, weight) => sum + weight, 0);
        const most = Math.max(...all.values()) / total;
        const [best] = numberPaths(candidates, none);
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
    const paths = numberPaths([wide, ...narrow], none);
    expect(paths[0]?.text).toBe('11');
    expect(paths.map(({ text }) => text)).toContain('0');
    expect(numberPaths([wide, ...narrow], rulesOf({ length: 1 }))[0]?.text).toMatch(/^[01]$/);
  });

  it('considers only numbers of the length that is asked for, and is less sure where that does not fit', () => {
    const candidates = [candidate(4, 0), candidate(2, 30), candidate(7, 60, { isDigit: 0.3 })];
    expect(numberPaths(candidates, none)[0]?.text).toBe('42');
    const [three] = numberPaths(candidates, rulesOf({ length: 3 }));
    expect(three?.text).toBe('427');
    expect(numberPaths(candidates, rulesOf({ length: 4 }))).toEqual([]);
    const [one] = numberPaths(candidates, rulesOf({ length: 1 }));
    expect(one?.probability).toBeLessThan(0.5);
  });

  it('considers only numbers up to a maximum', () => {
    const seven = candidate(7, 0, { sure: 0.6 });
    expect(numberPaths([seven, candidate(5, 30)], none)[0]?.text).toBe('75');
    const [best] = numberPaths([seven, candidate(5, 30)], rulesOf({ max: 31, length: 2 }));
    expect(Number(best?.text)).toBeLessThanOrEqual(31);
  });

  it('reads hundreds of digits', () => {
    const line = Array.from({ length: 500 }, (_, i) => candidate(i % 10, 30 * i, { isDigit: 0.999 }));
    const [best] = numberPaths(line, none);
    expect(best?.text).toHaveLength(500);
    expect(best?.probability).toBeGreaterThan(0);
  });
});
