import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { DE } from '../../../page/words/de.js';
import { EN, type WordKey, type Words } from '../../../page/words/en.js';
import { ES } from '../../../page/words/es.js';
import { FR } from '../../../page/words/fr.js';
import { chooseLanguage, percent, speak, text } from '../../../page/words/words.js';

afterEach(() => speak('en', EN));

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- they are the keys
const KEYS = Object.keys(EN) as WordKey[];
const holes = (words: string): string[] => (words.match(/\{\w+\}/g) ?? []).toSorted();

describe.each([
  ['de', DE],
  ['es', ES],
  ['fr', FR],
] as const)('the texts in %s', (_language, words: Words) => {
  it('are all there, with the same places to fill in', () => {
    expect(Object.keys(words).toSorted()).toEqual(KEYS.toSorted());
    for (const key of KEYS) {
      expect(words[key].trim(), key).not.toBe('');
      expect(holes(words[key]), key).toEqual(holes(EN[key]));
    }
  });

  it('are another language', () => {
    const same = KEYS.filter((key) => words[key] === EN[key]);
    expect(same.length).toBeLessThan(12);
  });
});

describe('words', () => {
  it('are in the first language that someone reads and the page has', () => {
    expect(chooseLanguage(['nl-NL', 'fr-CA', 'de'])).toBe('fr');
    expect(chooseLanguage(['DE-at'])).toBe('de');
    expect(chooseLanguage(['zh', 'constructor'])).toBe('en');
    expect(chooseLanguage([])).toBe('en');
  });

  it('are filled in, and figures are written as the language has them', () => {
    speak('de', DE);
    expect(text('foolScore', { won: 1, tries: 3 })).toBe('1 von 3 Mal hereingelegt');
    expect(percent(0.98765)).toBe('98,8\u00A0%');
  });

  it('has a text for every place of the document', () => {
    const html = ['index.html', 'files/files.html']
      .map((name) => readFileSync(new URL(`../../../page/${name}`, import.meta.url), 'utf8'))
      .join('');
    const keys = [...html.matchAll(/data-t(?:-[a-z-]+)?="(\w+)"/g)].map(([, key]) => key);
    expect(keys.length).toBeGreaterThan(50);
    expect(keys.filter((key) => key !== undefined && !(key in EN))).toEqual([]);
  });
});
