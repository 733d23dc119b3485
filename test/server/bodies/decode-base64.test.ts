import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64 } from '../../../src/server/bodies/decode-base64.js';

const bytes = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 300 }),
  fc.uint8Array({ minLength: 3060, maxLength: 3090 }),
);

describe('decodeBase64', () => {
  it('gives back any bytes, in either alphabet, with or without padding, bare or as a data: URL', () => {
    fc.assert(
      fc.property(
        bytes,
        fc.constantFrom('', 'data:image/png;base64,', 'DATA:;Base64,'),
        (content, prefix) => {
          const standard = Buffer.from(content).toString('base64');
          const urlSafe = Buffer.from(content).toString('base64url');
          for (const text of [standard, standard.replace(/=+$/, ''), urlSafe]) {
            expect(Buffer.from(decodeBase64(prefix + text)).equals(content)).toBe(true);
          }
        },
      ),
    );
  });

  it('refuses any text with one foreign character in it', () => {
    const foreign = fc.constantFrom(' ', '\t', '!', '%', ',', '=', '\u0141', '\u00e9', '\ud83d\ude00', '\0');
    fc.assert(
      fc.property(bytes, foreign, fc.nat(), (content, character, seed) => {
        const text = Buffer.from(content).toString('base64url');
        const at = seed % text.length;
        expect(() => decodeBase64(text.slice(0, at) + character + text.slice(at))).toThrow(
          expect.objectContaining({ code: 'invalid_base64' }),
        );
      }),
    );
  });

  it.each([
    ['', 'it is empty'],
    ['data:image/png;base64,', 'it is empty'],
    ['====', 'character 1 of 4 is "="'],
    ['AAAAA', 'its length of 5 characters is impossible'],
    ['AAA==', 'its length of 5 characters is impossible'],
    ['AA=', 'its length of 3 characters is impossible'],
    ['AA=A', 'character 3 of 4 is "="; padding is one or two "=" at the very end'],
    ['\r\n', 'it is empty'],
    ['AAAA AAAA', 'character 5 of 9 is " "; a "+" becomes one'],
    ['AAAA\r\nAA*A\r\n', 'character 7 of 8, line breaks not counted, is "*"'],
    ['AAAA\nA', 'its length of 5 characters is impossible'],
    ['data:image/png,AAAA', 'a data: URL must begin as "data:image/png;base64,"'],
    [`data:${'x'.repeat(500)};base64,AAAA`, 'a data: URL must begin as'],
    ['data:image/png;base64,AA*A', 'character 25 of 26 is "*"'],
  ])('says of %j: %s', (text, message) => {
    expect(() => decodeBase64(text)).toThrow(message);
  });

  it('takes the line breaks of mail and PEM, and any others, within padding too', () => {
    fc.assert(
      fc.property(
        bytes,
        fc.constantFrom('', 'data:image/png;base64,'),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.constantFrom(1, 3, 64, 76),
        (content, prefix, lineBreak, columns) => {
          const lines = Buffer.from(content)
            .toString('base64')
            .match(new RegExp(`.{1,${columns}}`, 'g'));
          const text = prefix + (lines ?? []).join(lineBreak);
          expect(Buffer.from(decodeBase64(text)).equals(content)).toBe(true);
          expect(Buffer.from(decodeBase64(text + lineBreak)).equals(content)).toBe(true);
        },
      ),
    );
  });

  it.each([
    ["b'iVBORw0KGgo='", "looks like Python's b'…'; send base64.b64encode(data).decode('ascii')"],
    ['b"iVBORw0KGgo="', "looks like Python's"],
    ['https://example.org/7.png', 'looks like an address, and nothing is fetched'],
    ['blob:https://example.org/0b1c', 'looks like an address'],
    ['file:///home/me/7.png', 'looks like an address'],
    ['7.png', 'looks like the name of a file; send its content in base64 (base64 -w0 7.png)'],
    ['C:\\digits\\3 photo.JPEG', 'looks like the name of a file'],
    ['@7.png', 'looks like the name of a file'],
    ['[object ArrayBuffer]', 'looks like a JavaScript object turned into text'],
  ])('says what %j looks like', (text, message) => {
    expect(() => decodeBase64(text)).toThrow(message);
  });

  it('takes texts of many megabytes, where a pattern that backtracks would fail', () => {
    const content = Buffer.alloc(24 * 1024 * 1024, 0xa7);
    expect(decodeBase64(content.toString('base64')).length).toBe(content.length);
    expect(() => decodeBase64(`${content.toString('base64')}!`)).toThrow('is "!"');
    expect(() => decodeBase64('a'.repeat(2 ** 25 + 1))).toThrow('is impossible');
  });
});
