import { describe, expect, it } from 'vitest';
import type { ReadCandidate } from '../../../src/numbers/candidate.js';
import { findBrackets } from '../../../src/numbers/signs/brackets.js';
import type { FoundSigns, LineDigit } from '../../../src/numbers/signs/found-signs.js';
import { candidate } from '../candidates.js';

const STEP = 24;

/** A line of digits; `(` and `)` are ones that may well be brackets, `?` is such a one that was not read. */
function bracketsIn(text: string): FoundSigns | undefined {
  const digits: LineDigit[] = [];
  const others: ReadCandidate[] = [];
  for (const [i, char] of Array.from(text).entries()) {
    const x = STEP * i;
    if (char === '(' || char === ')') digits.push({ candidate: bracket(x, 0.8), class: 1 });
    else if (char === '?') others.push(bracket(x, 0.2));
    else if (char !== ' ') digits.push({ candidate: candidate(Number(char), x), class: Number(char) });
  }
  return findBrackets(digits, others);
}

/** Higher and lower than the digits. */
function bracket(x: number, isDigit: number): ReadCandidate {
  return candidate(1, x, { y: -4, height: 38, isDigit });
}

/** Where brackets are in the text, and which. */
function placesOf(text: string): string[] | undefined {
  const found = bracketsIn(text);
  return found && found.probability >= 0.5
    ? found.marks.map(({ mark, box }) => `${mark}${box.x / STEP}`)
    : undefined;
}

describe('findBrackets', () => {
  it('sees those of a phone number, read as ones or not', () => {
    expect(placesOf('(212)5550100')).toEqual(['(0', ')4']);
    expect(placesOf('?212)5550100')).toEqual(['(0', ')4']);
    expect(placesOf('(212?5550100')).toEqual(['(0', ')4']);
    expect(placesOf('1(212)5550100')).toEqual(['(1', ')5']);
  });

  it('sees one where the other left no trace, and asks more of it', () => {
    expect(placesOf(' 212)5550100')).toEqual([')4']);
    expect(bracketsIn(' 212)5550100')?.probability).toBeLessThan(
      bracketsIn('(212)5550100')?.probability ?? 0,
    );
  });

  it('takes ones that stand as digits do for brackets only where a phone number is likelier', () => {
    expect(placesOf('121215550100')).toEqual(['(0', ')4']);
    expect(placesOf('12125550100')).toBeUndefined();
    expect(placesOf('21215550100')).toBeUndefined();
    expect(placesOf('1212155501002')).toBeUndefined();
  });

  it('sees others where both reach above and below the digits', () => {
    expect(placesOf('47(12)')).toEqual(['(2', ')5']);
    expect(placesOf('471121')).toBeUndefined();
    expect(placesOf('47(12')).toBeUndefined();
  });

  it('says which digits are none', () => {
    expect(bracketsIn('?212)5550100')?.digits.map(({ box }) => box.x / STEP)).toEqual([4]);
    expect(bracketsIn('')).toBeUndefined();
    expect(bracketsIn('2'.repeat(17))).toBeUndefined();
  });
});
