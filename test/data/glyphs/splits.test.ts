import { expect, it } from 'vitest';
import {
  inLastSixth,
  omniglotValidates,
  optdigitsValidates,
  semeionValidates,
  writerValidates,
} from '../../../src/data/glyphs/splits.js';

it('lets about one writer in six validate, always the same', () => {
  const writers = Array.from({ length: 6000 }, (_, i) => `w-${i}`);
  const chosen = writers.filter(writerValidates);
  expect(chosen.length).toBeGreaterThan(850);
  expect(chosen.length).toBeLessThan(1150);
  expect(writers.filter(writerValidates)).toEqual(chosen);
});

it.each([
  ['German', ['gmd-117', 'gmd-118', 'gmd-119'], ['gmd-119']],
  ['Quebec', ['uqb-140', 'uqb-141', 'uqb-142', 'uqb-143'], ['uqb-142']],
])('has %s writers of UNIPEN on both sides', (_, writers, validating) => {
  expect(writers.filter(writerValidates)).toEqual(validating);
});

it('takes both writings of the same people of Semeion: a pair of its runs', () => {
  const rows = Array.from({ length: 1593 }, (_, row) => row).filter(semeionValidates);
  expect([rows[0], rows.at(-1), rows.length]).toEqual([398, 795, 398]);
});

it('takes the end of what is without writers', () => {
  for (const validates of [inLastSixth, optdigitsValidates]) {
    expect(Array.from({ length: 12 }, (_, i) => validates(i, 12))).toEqual(
      Array.from({ length: 12 }, (_, i) => i >= 10),
    );
    expect(validates(0, 5)).toBe(false);
  }
});

it('takes all that the same person drew of an alphabet', () => {
  for (let alphabet = 0; alphabet < 8; alphabet++) {
    for (let person = 0; person < 20; person++) {
      const sides = Array.from({ length: 5 }, (_, character) =>
        omniglotValidates(alphabet, 20 * character + person),
      );
      expect(new Set(sides).size).toBe(1);
    }
  }
});
