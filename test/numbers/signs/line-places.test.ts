import { describe, expect, it } from 'vitest';
import type { DetectedSeparator } from '../../../src/numbers/detections.js';
import { numberPaths } from '../../../src/numbers/lattice.js';
import { rulesOf } from '../../../src/numbers/rules.js';
import { weightOfForm } from '../../../src/numbers/signs/forms.js';
import { placesOf } from '../../../src/numbers/signs/line-places.js';
import { candidate } from '../candidates.js';

const STEP = 24;

interface Doubts {
  /** Of a `?`, a stroke that is read as a one, and how far it reaches above and below the digits. */
  readonly isDigit?: number;
  readonly reach?: number;
  /** Of separators, those that a `?` may be as well. */
  readonly seen?: number;
  readonly mark?: string;
}

/** A line of digits and separators; what it is read as. */
function readAs(text: string, { isDigit = 0.9, reach = 0, seen = 0.9, mark }: Doubts = {}): string {
  const places = Array.from(text, (char, i) => ({ char, x: STEP * i }));
  const stroke = { y: -reach, height: 30 + 2 * reach, width: 12 };
  const candidates = places.flatMap(({ char, x }) => {
    if (char === '?') return [candidate(1, x, { ...stroke, isDigit })];
    return /\d/.test(char) ? [candidate(Number(char), x)] : [];
  });
  const separators = places.flatMap(({ char, x }): DetectedSeparator[] => {
    if (/[-./()]/.test(char))
      return [{ mark: char, box: { x, y: 10, width: 12, height: 8 }, probability: seen }];
    return char === '?' && mark ? [{ mark, box: { x, ...stroke }, probability: seen }] : [];
  });
  return numberPaths(placesOf(candidates, separators), rulesOf({}), weightOfForm)[0]?.signs.join('') ?? '';
}

describe('placesOf', () => {
  it('has separators between the digits that they stand between', () => {
    expect(readAs('55-01')).toBe('55-01');
    expect(readAs('12.50')).toBe('12.50');
  });

  it('has a stroke as a one where the detector sees nothing else there', () => {
    expect(readAs('4?7')).toBe('417');
    expect(readAs('24?12?97')).toBe('24112197');
  });

  it('has it as a slash where it is seen as one, above all in a date', () => {
    expect(readAs('24?12?97', { mark: '/', isDigit: 0.6, reach: 4 })).toBe('24/12/97');
    expect(readAs('45?32?97', { mark: '/', isDigit: 0.97, reach: 4 })).toBe('45132197');
  });

  it('has it as a bracket of a phone number, and of no other form', () => {
    const line = (text: string): string => {
      const places = Array.from(text, (char, i) => ({ char, x: STEP * i }));
      const candidates = places.flatMap(({ char, x }) => {
        if (/[()]/.test(char)) return [candidate(1, x, { y: -4, height: 38, width: 12, isDigit: 0.9 })];
        return /\d/.test(char) ? [candidate(Number(char), x)] : [];
      });
      const separators = places.flatMap(({ char, x }): DetectedSeparator[] =>
        /[()]/.test(char)
          ? [{ mark: char, box: { x, y: -4, width: 12, height: 38 }, probability: 0.8 }]
          : char === '-'
            ? [{ mark: '-', box: { x, y: 12, width: 12, height: 6 }, probability: 0.95 }]
            : [],
      );
      return (
        numberPaths(placesOf(candidates, separators), rulesOf({}), weightOfForm)[0]?.signs.join('') ?? ''
      );
    };
    expect(line('(212)555-0100')).toBe('(212)555-0100');
    expect(line('976-33(85)16')).toBe('976-33185116');
    expect(line('92)')).toBe('921');
  });

  it('reads a doubtful digit where a number of a usual form lacks it, and leaves out one too many', () => {
    expect(readAs('55?-0100', { isDigit: 0.3 })).toBe('551-0100');
    expect(readAs('212-55?-0100', { isDigit: 0.3 })).toBe('212-551-0100');
    expect(readAs('902?0-1234', { isDigit: 0.3 })).toBe('90210-1234');
    expect(readAs('555?-0100', { isDigit: 0.6 })).toBe('555-0100');
    expect(readAs('4?-33', { isDigit: 0.3 })).toBe('4-33');
  });

  it('counts nothing twice: where one is exactly on the other they exclude each other', () => {
    const stroke = { width: 6, height: 30 };
    const twice = [
      candidate(1, 0, { ...stroke, isDigit: 0.9 }),
      candidate(1, 2, { ...stroke, isDigit: 0.8 }),
    ];
    expect(numberPaths(placesOf(twice, []), rulesOf({}))[0]?.text).toBe('1');
  });

  it('has one of several separators between two digits, but for a bracket beside it', () => {
    expect(readAs('12--34')).toBe('12-34');
    expect(readAs('12......34', { seen: 0.95 })).toBe('12.34');
  });
});
