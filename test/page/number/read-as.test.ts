import { describe, expect, it } from 'vitest';
import { knownOf, READ_AS_CHOICES, readAsOf, USUAL_COUNTS } from '../../../page/number/read-as.js';

describe('the choice of what is read', () => {
  it('means a digit, a number, or either', () => {
    expect(READ_AS_CHOICES.map(readAsOf)).toEqual(['auto', 'digit', 'number', 'number', 'number', 'number']);
  });

  it('knows something of a number to begin with, where it takes a count', () => {
    const known = READ_AS_CHOICES.map((name) => knownOf(name, USUAL_COUNTS[name] ?? ''));
    expect(known).toEqual([{}, {}, {}, { length: 4 }, { cells: 8 }, { grid: '9x9' }]);
  });

  it.each([
    ['length', ' 12 ', { length: 12 }],
    ['length', '512', { length: 512 }],
    ['length', '513', null],
    ['length', '0', null],
    ['length', '', null],
    ['length', '1.5', null],
    ['cells', '32', { cells: 32 }],
    ['cells', '33', null],
    ['grid', '3 × 2', { grid: '3x2' }],
    ['grid', '3X2', { grid: '3x2' }],
    ['grid', '9', null],
    ['grid', '9x', null],
    ['grid', '33x9', null],
    ['grid', '9x9x9', null],
  ] as const)('takes %s %j as %j', (name, count, known) => {
    expect(knownOf(name, count)).toEqual(known);
  });
});
