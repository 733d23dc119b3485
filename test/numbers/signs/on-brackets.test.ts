import { describe, expect, it } from 'vitest';
import type { DetectedSeparator } from '../../../src/numbers/detections.js';
import { apartFromBrackets } from '../../../src/numbers/signs/on-brackets.js';
import { candidate } from '../candidates.js';

function seen(mark: string, x: number, probability: number): DetectedSeparator {
  return { mark, box: { x, y: -4, width: 10, height: 38 }, probability };
}

describe('apartFromBrackets', () => {
  const stroke = candidate(1, 0, { width: 10, isDigit: 0.9 });
  const piece = candidate(1, 2, { y: 20, width: 6, height: 10, isDigit: 0.6 });
  const beside = candidate(7, 8, { isDigit: 0.9 });

  it('takes a bracket, and a piece of one, less for digits, and what stands beside it no less', () => {
    for (const [mark, other, x] of [
      ['(', ')', 80],
      [')', '(', -80],
    ] as const) {
      const pair = [seen(mark, 0, 0.95), seen(other, x, 0.95)];
      const [onIt, ofIt, nextTo] = apartFromBrackets([stroke, piece, beside], pair);
      expect(onIt?.isDigit).toBeLessThan(0.1);
      expect(ofIt?.isDigit).toBeLessThan(0.1);
      expect(nextTo).toBe(beside);
    }
  });

  it('believes the detector as much as it is sure', () => {
    const after = (probability: number): number =>
      apartFromBrackets([stroke], [seen('(', 0, probability), seen(')', 80, 0.95)])[0]?.isDigit ?? NaN;
    expect(after(0.99)).toBeLessThan(after(0.7));
    expect(after(0.7)).toBeLessThan(0.9);
    expect(after(0.5)).toBeGreaterThan(0.5);
  });

  it('takes a bracket without another for a one: none, one on another line, too near or too far away', () => {
    const below = { ...seen(')', 80, 0.99), box: { x: 80, y: 60, width: 10, height: 38 } };
    for (const others of [
      [],
      [below],
      [seen(')', 20, 0.99)],
      [seen(')', 400, 0.99)],
      [seen('(', 80, 0.99)],
    ]) {
      expect(apartFromBrackets([stroke], [seen('(', 0, 0.99), ...others])[0]).toBe(stroke);
    }
  });

  it('changes nothing where other separators are seen, or none', () => {
    expect(apartFromBrackets([stroke], [seen('/', 0, 0.99)])[0]).toBe(stroke);
    expect(apartFromBrackets([stroke], [])[0]).toBe(stroke);
  });
});
