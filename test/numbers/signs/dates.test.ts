import { describe, expect, it } from 'vitest';
import type { ReadCandidate } from '../../../src/numbers/candidate.js';
import { findDate } from '../../../src/numbers/signs/dates.js';
import type { FoundSigns, LineDigit } from '../../../src/numbers/signs/found-signs.js';
import type { DetectedSeparator } from '../../../src/numbers/detections.js';
import { candidate } from '../candidates.js';

const STEP = 24;

/**
 * A line of digits; `!` is a one that may well be a slash, `/` a slash that is seen where no digit was read, `?` one
 * that was seen as a one and not read.
 */
function dateIn(text: string): FoundSigns | undefined {
  const digits: LineDigit[] = [];
  const others: ReadCandidate[] = [];
  const separators: DetectedSeparator[] = [];
  for (const [i, char] of Array.from(text).entries()) {
    const x = STEP * i;
    if (char === '/') separators.push({ mark: '/', box: boxAt(x), probability: 0.9 });
    else if (char === '?') others.push(slash(x, 0.2));
    else if (char === '!') digits.push({ candidate: slash(x, 0.7), class: 1 });
    else digits.push({ candidate: candidate(Number(char), x), class: Number(char) });
  }
  return findDate(digits, others, separators);
}

function boxAt(x: number): ReadCandidate['box'] {
  return { x, y: -4, width: 20, height: 38 };
}

function slash(x: number, isDigit: number): ReadCandidate {
  return candidate(1, x, { y: -4, height: 38, isDigit, separator: 0.2 });
}

/** Where the slashes of a date are in the text. */
function placesOf(text: string): number[] | undefined {
  const date = dateIn(text);
  return date && date.probability >= 0.5 ? date.marks.map(({ box: { x } }) => x / STEP) : undefined;
}

describe('findDate', () => {
  it('sees the slashes of dates, whichever of them looks like a one', () => {
    expect(placesOf('24!12!97')).toEqual([2, 5]);
    expect(placesOf('3!12!1997')).toEqual([1, 4]);
    expect(placesOf('24/12!97')).toEqual([2, 5]);
    expect(placesOf('4!1/97')).toEqual([1, 3]);
    expect(placesOf('24?12/97')).toEqual([2, 5]);
  });

  it('takes only those from the digits that were read as digits', () => {
    expect(dateIn('24/12!97')?.digits.map(({ box }) => box.x / STEP)).toEqual([5]);
    expect(dateIn('24?12/97')?.digits).toEqual([]);
  });

  it('is sure of them where they hardly look like ones, and not where they do', () => {
    expect(dateIn('24!12!97')?.probability).toBeGreaterThan(0.9);
    expect(dateIn('24112197')?.probability ?? 0).toBeLessThan(0.5);
  });

  it('is less sure of dates that no calendar has', () => {
    const [real = 0, other = 0] = ['24!12!97', '45!32!97'].map((text) => dateIn(text)?.probability);
    expect(other).toBeLessThan(real);
    expect(dateIn('12!24!1997')?.probability).toBeGreaterThan(0.9);
    expect(dateIn('12!24!3997')?.probability).toBeLessThan(dateIn('12!24!1997')?.probability ?? 0);
  });

  it('sees none in other numbers', () => {
    expect(placesOf('24!1297')).toBeUndefined();
    expect(placesOf('2/4!12!97')).toBeUndefined();
    expect(placesOf('!!')).toBeUndefined();
    expect(placesOf('')).toBeUndefined();
  });

  it('looks at nothing of a line that is longer than a date', () => {
    const untouched = (one: ReadCandidate): ReadCandidate =>
      new Proxy(one, {
        get: () => {
          throw new Error('it was looked at');
        },
      });
    const digits = Array.from({ length: 11 }, (_, i) => ({
      candidate: untouched(slash(STEP * i, 0.7)),
      class: 1,
    }));
    expect(findDate(digits, [untouched(slash(0, 0.2))], [])).toBeUndefined();
  });

  it('takes no other digit than a one for a slash', () => {
    expect(placesOf('24712797')).toBeUndefined();
  });
});
