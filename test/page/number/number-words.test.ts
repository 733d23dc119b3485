import { describe, expect, it } from 'vitest';
import {
  alternativesOf,
  digitCaption,
  leastSure,
  numberCaption,
  spokenNumber,
  unreadNote,
} from '../../../page/number/number-words.js';
import { numberAnswer } from './numbers.js';

describe('a number in words', () => {
  const number = numberAnswer('0472', { probabilities: [0.99, 0.71, 0.98, 0.97] });

  it('tells whether it is accepted, and how sure it is', () => {
    expect(numberCaption(number)).toBe('93.0% sure');
    expect(numberCaption(numberAnswer('0472', { accepted: false }))).toBe(
      'Not accepted: only 31.0% sure of all of it',
    );
    expect(numberCaption(numberAnswer(''))).toBe('Nothing in it looks like a digit.');
  });

  it('names what else is likely, lines beside each other', () => {
    const alternatives = [
      { text: '0417', probability: 0.08 },
      { text: '04\n72', probability: 0.02 },
      { text: '', probability: 0.015 },
      { text: '0471', probability: 0.012 },
      { text: '0479', probability: 0.001 },
    ];
    expect(alternativesOf({ ...number, alternatives })).toBe(
      'or 0417, 8.0%; or 04 / 72, 2.0%; or nothing, 1.5%',
    );
    expect(alternativesOf(number)).toBe('');
  });

  it('tells of what was not read', () => {
    const place = { box: [1, 2, 3, 4], probability: 0.6 };
    expect(unreadNote(number)).toBe('');
    expect(unreadNote({ ...number, unread: [place] })).toContain('one more digit');
    expect(unreadNote({ ...number, unread: [place, place], truncated: true })).toMatch(
      /2 more digits\. .*than can be read/,
    );
  });

  it('tells of each digit where it stands, how sure it is and what else it could be', () => {
    expect(digitCaption(number, 0)).toBe('Digit 1 of 4: 99.0% sure');
    expect(digitCaption(number, 1)).toBe('Digit 2 of 4: 4 71.0%, no digit 28.1%');
    expect(digitCaption(numberAnswer('35\n812'), 3)).toBe('Digit 2 of 3 on line 2: 98.0% sure');
    expect(digitCaption(number, 4)).toBe('');
  });

  it('looks at the least sure digit first', () => {
    expect(leastSure(number)).toBe(1);
    expect(leastSure(numberAnswer(''))).toBe(0);
  });

  it('is said digit by digit', () => {
    expect(spokenNumber(number)).toBe('0 4 7 2. 93.0% sure.');
    const more = {
      ...numberAnswer('35\n81', { accepted: false }),
      alternatives: [{ text: '35\n87', probability: 0.2 }],
      unread: [{ box: [1, 2, 3, 4], probability: 0.6 }],
    };
    expect(spokenNumber(more)).toBe(
      '3 5, next line: 8 1. Not accepted: only 31.0% sure of all of it, or 87 on line 2, 20.0%. ' +
        'Where the dashed box is, there may be one more digit.',
    );
    expect(spokenNumber(numberAnswer(''))).toBe('No digits. Nothing in it looks like a digit.');
  });
});
