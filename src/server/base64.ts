import { InkdigitError } from '../errors.js';

// A search for one bad character is linear and keeps no backtracking state, which a pattern for the whole text would.
const NOT_BASE64 = /[^A-Za-z0-9+/_-]/;

/** Of characters beyond Latin-1 Buffer.from takes the low byte. V8 knows without a look that a text of one byte a character has none. */
const BEYOND_LATIN_1 = /[\u0100-\uffff]/;

/** A data: URL names its type and encoding in fewer characters than this. */
const MAX_DATA_URL_HEADER = 256;

/**
 * Up to here a text is decoded by this file's own loop. Node's decoder is quicker by itself, but it is written in 512-bit instructions, and on
 * processors that have those all that runs after it is slower: an image of 464 characters takes four microseconds longer with it, with the loop one.
 */
const SHORT_CHARACTERS = 4096;

/** What each code unit of UTF-16 stands for, 0-63, in either alphabet; -1 where it is none of base64. */
const SEXTETS = new Int8Array(65_536).fill(-1);
for (const [characters, value] of [
  ['ABCDEFGHIJKLMNOPQRSTUVWXYZ', 0],
  ['abcdefghijklmnopqrstuvwxyz', 26],
  ['0123456789', 52],
  ['+/', 62],
  ['-_', 62],
] as const) {
  for (let i = 0; i < characters.length; i++) SEXTETS[characters.charCodeAt(i)] = value + i;
}

const PADDING = '='.charCodeAt(0);

/**
 * The bytes of base64 text: standard or URL-safe alphabet, padding optional, a `data:…;base64,` prefix accepted.
 * @throws InkdigitError `invalid_base64` for anything else, with the place of the first wrong character.
 */
export function decodeBase64(text: string): Uint8Array {
  return (text.length <= SHORT_CHARACTERS ? decodeShort(text) : undefined) ?? decodeAny(text);
}

/** @returns undefined where the text is anything but the characters of whole bytes and their padding */
function decodeShort(text: string): Uint8Array | undefined {
  const { length } = text;
  let end = length;
  while (end > length - 2 && text.charCodeAt(end - 1) === PADDING) end -= 1;
  if (end === 0 || end % 4 === 1 || (end < length && length % 4 !== 0)) return undefined;
  const bytes = Buffer.allocUnsafe(Math.floor((end * 3) / 4));
  /** Below 0 once a character was none of base64. */
  let all = 0;
  let to = 0;
  let from = 0;
  for (; from + 3 < end; from += 4, to += 3) {
    const group =
      (sextetAt(text, from) << 18) |
      (sextetAt(text, from + 1) << 12) |
      (sextetAt(text, from + 2) << 6) |
      sextetAt(text, from + 3);
    bytes[to] = group >> 16;
    bytes[to + 1] = group >> 8;
    bytes[to + 2] = group;
    all |= group;
  }
  if (from < end) {
    const third = from + 2 < end;
    const group =
      (sextetAt(text, from) << 18) |
      (sextetAt(text, from + 1) << 12) |
      (third ? sextetAt(text, from + 2) << 6 : 0);
    bytes[to] = group >> 16;
    if (third) bytes[to + 1] = group >> 8;
    all |= group;
  }
  return all < 0 ? undefined : bytes;
}

function sextetAt(text: string, at: number): number {
  return SEXTETS[text.charCodeAt(at)]!;
}

function decodeAny(text: string): Uint8Array {
  const start = dataUrlHeaderLength(text);
  const paddingAt = text.indexOf('=', start);
  const padding = paddingAt === -1 ? 0 : text.length - paddingAt;
  const body = text.slice(start, text.length - padding);

  const bytes = Buffer.from(body, 'base64');
  // Buffer.from passes over what it does not know, and fewer bytes come out, but for lengths that no base64 has: most texts need no look for what
  // that was.
  const isClean =
    body.length % 4 !== 1 && bytes.length === Math.floor((body.length * 3) / 4) && !BEYOND_LATIN_1.test(body);
  const badAt = padding > 2 ? start + body.length : isClean ? -1 : indexOfBadCharacter(body, start);
  if (badAt !== -1) throw invalid(describeBadCharacter(text, badAt));
  if (padding > 0 && text.slice(paddingAt) !== '='.repeat(padding)) {
    throw invalid(describeBadCharacter(text, paddingAt));
  }
  if (body.length === 0) throw invalid('it is empty');
  const isWhole = padding === 0 ? body.length % 4 !== 1 : (body.length + padding) % 4 === 0;
  if (!isWhole) {
    throw invalid(
      `its length of ${body.length + padding} characters is impossible; the end seems to be missing`,
    );
  }
  return bytes;
}

function indexOfBadCharacter(body: string, start: number): number {
  const at = body.search(NOT_BASE64);
  return at === -1 ? -1 : start + at;
}

function dataUrlHeaderLength(text: string): number {
  if (!/^data:/i.test(text)) return 0;
  const header = text.slice(0, MAX_DATA_URL_HEADER);
  const comma = header.indexOf(',');
  if (comma === -1 || !/;base64$/i.test(header.slice(0, comma))) {
    throw invalid('a data: URL must begin as "data:image/png;base64,"');
  }
  return comma + 1;
}

function describeBadCharacter(text: string, at: number): string {
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  const place = `character ${at + 1} of ${text.length} is ${JSON.stringify(character)}`;
  if (character === '=') return `${place}; padding is one or two "=" at the very end`;
  return /\s/.test(character) ? `${place}; encode without spaces or line breaks (base64 -w0)` : place;
}

function invalid(what: string): InkdigitError {
  return new InkdigitError('invalid_base64', `"image" is not valid base64: ${what}`);
}
