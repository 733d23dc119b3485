import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { visibleLine, visibleText } from '../src/visible-text.js';

const STEERING = [
  '\0',
  '\b',
  '\r',
  '\x1b',
  '\x7f',
  '\x80',
  '\x9b',
  '\x9f',
  '\u061c',
  '\u2028',
  '\u2029',
  '\u202e',
  '\u2066',
];
const texts = fc.string({ unit: fc.oneof(fc.constantFrom(...STEERING, '\n', '\t', '\\', '"'), fc.string()) });

it('shows every character that steers a terminal as an escape, and no other', () => {
  for (const character of STEERING) {
    const code = character.charCodeAt(0).toString(16).padStart(4, '0');
    expect(visibleText(`a${character}b`)).toBe(`a\\u${code}b`);
  }
  const plain = 'Größe 7.png, 数字, שלום, 👩‍🔬 \\u001b\n\t';
  expect(visibleText(plain)).toBe(plain);
  expect(visibleLine('a\n\tb')).toBe(String.raw`a\u000a\u0009b`);
});

it('leaves JSON what it is, and changes nothing twice', () => {
  fc.assert(
    fc.property(texts, fc.constantFrom(undefined, 2), (text, indent) => {
      const json = visibleText(JSON.stringify({ [text]: text }, null, indent));
      expect(JSON.parse(json)).toEqual({ [text]: text });
      expect(visibleText(json)).toBe(json);
      for (const character of STEERING) expect(json).not.toContain(character);
    }),
  );
});
