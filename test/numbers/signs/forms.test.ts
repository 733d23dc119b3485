import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { weightOfForm } from '../../../src/numbers/signs/forms.js';

const usual = weightOfForm('555-0100');
const plain = weightOfForm('5550100');

describe('weightOfForm', () => {
  it.each([
    '212-555-0100',
    '1-212-555-0100',
    '212.555.0100',
    '(212)555-0100',
    '(212555-0100',
    '(212)5550100',
    '90210-1234',
    '12.50',
    '1.250.00',
    '12.500',
    '24/12/97',
    '3.12.1997',
    '12-24-1997',
    '1997-12-24',
  ])('finds %s usual', (written) => {
    expect(weightOfForm(written)).toBe(usual);
    expect(usual).toBeGreaterThan(plain);
  });

  it.each(['643-240-378', '45/32/97', '12/24/3997', '0/1/97', '55-0100', '12.5', '3/4'])(
    'finds %s less usual than digits alone',
    (written) => expect(weightOfForm(written)).toBeLessThan(plain),
  );

  it('asks more where there is a second slash and no date, or one bracket alone', () => {
    expect(weightOfForm('1/2/3/4')).toBeLessThan(weightOfForm('3/4'));
    expect(weightOfForm('12)34')).toBeLessThan(weightOfForm('(12)34'));
    expect(weightOfForm('976-33(85)16')).toBeLessThan(weightOfForm('(12)34'));
    expect(weightOfForm('(1234)')).toBe(weightOfForm('(12)34'));
  });

  it('asks more for a slash at an end, which is a 1 more often', () => {
    expect(weightOfForm('4928/')).toBeLessThan(weightOfForm('4928'));
    expect(weightOfForm('/12.50')).toBeLessThan(weightOfForm('12.50'));
  });

  it('takes no account of a hyphen or dot before a number or behind it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('12', '12.50', '24/12/97', '(212)555-0100', '3/4/5'),
        fc.stringMatching(/^[-.]{0,3}$/),
        (number, beside) => {
          const expected = weightOfForm(number);
          expect(weightOfForm(`${number}${beside}`)).toBe(expected);
          expect(weightOfForm(`${beside}${number}`)).toBe(expected);
        },
      ),
    );
  });
});
