import { describe, expect, it } from 'vitest';
import type { ReadCandidate } from '../../src/numbers/candidate.js';
import { dateSlashes, type LineDigit } from '../../src/numbers/dates.js';
import { candidate } from './candidates.js';

/** A line of digits; `!` is a one that may well be a slash, `/` a slash that is seen before the next digit. */
function lineOf(text: string): LineDigit[] {
  const line: LineDigit[] = [];
  let mark = '';
  for (const [i, char] of Array.from(text).entries()) {
    if (char === '/') {
      mark = char;
      continue;
    }
    line.push({
      candidate: char === '!' ? slash(24 * i) : candidate(Number(char), 24 * i),
      class: classOf(char),
      mark,
    });
    mark = '';
  }
  return line;
}

function slash(x: number): ReadCandidate {
  return candidate(1, x, { y: -4, height: 38, isDigit: 0.7, separator: 0.2 });
}

function classOf(char: string): number {
  return char === '!' ? 1 : Number(char);
}

function placesOf(text: string): number[] | undefined {
  const line = lineOf(text);
  const date = dateSlashes(line);
  if (!date || date.probability < 0.5) return undefined;
  return date.slashes.map((one) => line.findIndex((digit) => digit.candidate === one));
}

describe('dateSlashes', () => {
  it('sees the slashes of dates, whichever of them looks like a one', () => {
    expect(placesOf('24!12!97')).toEqual([2, 5]);
    expect(placesOf('3!12!1997')).toEqual([1, 4]);
    expect(placesOf('24/12!97')).toEqual([4]);
    expect(placesOf('4!1/97')).toEqual([1]);
  });

  it('is sure of them where they hardly look like ones, and not where they do', () => {
    expect(dateSlashes(lineOf('24!12!97'))?.probability).toBeGreaterThan(0.9);
    expect(dateSlashes(lineOf('24112197'))?.probability ?? 0).toBeLessThan(0.5);
  });

  it('sees none in other numbers', () => {
    expect(placesOf('24!1297')).toBeUndefined();
    expect(placesOf('2/4!12!97')).toBeUndefined();
    expect(placesOf('24/12/97')).toBeUndefined();
    expect(placesOf('!!')).toBeUndefined();
    expect(placesOf('')).toBeUndefined();
  });

  it('takes no other digit than a one for a slash', () => {
    const line = lineOf('24!12!97').map((digit) => (digit.class === 1 ? { ...digit, class: 7 } : digit));
    expect(dateSlashes(line)).toBeUndefined();
  });
});
