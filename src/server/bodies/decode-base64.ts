import { InkdigitError } from '../../errors.js';

// A search for one bad character is linear and keeps no backtracking state, which a pattern for the whole text would.
const NOT_BASE64 = /[^A-Za-z0-9+/_-]/;

/**
 * Of characters beyond Latin-1 Buffer.from takes the low byte. V8 knows without a look that a text of one byte a
 * character has none.
 */
const BEYOND_LATIN_1 = /[\u0100-\uffff]/;

const LINE_BREAK = /[\r\n]/;

const DATA_URL = /^data:/i;

/** A data: URL names its type and encoding in fewer characters than this. */
const MAX_DATA_URL_HEADER = 256;

/**
 * The bytes of base64 text: standard or URL-safe alphabet, padding optional, line breaks as in mail, a
 * `data:…;base64,` prefix accepted.
 * @throws InkdigitError `invalid_base64` for anything else, with the place of the first wrong character, or with what
 * the text seems to be.
 */
export function decodeBase64(text: string): Uint8Array {
  const bytes = decodeUnbroken(text);
  if (bytes) return bytes;
  const unbroken = withoutLineBreaks(text);
  const rejoined = unbroken.length < text.length ? decodeUnbroken(unbroken) : undefined;
  if (rejoined) return rejoined;
  throw new InkdigitError('invalid_base64', `"image" is not valid base64: ${describeFault(text, unbroken)}`);
}

/** @returns undefined where the text is not base64 without line breaks */
function decodeUnbroken(text: string): Uint8Array | undefined {
  const start = DATA_URL.test(text) ? dataUrlHeaderLength(text) : 0;
  if (start === -1) return undefined;
  const paddingAt = text.indexOf('=', start);
  const padding = paddingAt === -1 ? 0 : text.length - paddingAt;
  const body = text.slice(start, text.length - padding);
  if (body.length === 0 || body.length % 4 === 1) return undefined;
  const isPadded =
    padding === 0 ||
    (padding <= 2 && (body.length + padding) % 4 === 0 && text.endsWith('='.repeat(padding)));
  if (!isPadded) return undefined;
  const bytes = Buffer.from(body, 'base64');
  // Buffer.from passes over what it does not know, and fewer bytes come out.
  const isClean = bytes.length === Math.floor((body.length * 3) / 4) && !BEYOND_LATIN_1.test(body);
  return isClean ? bytes : undefined;
}

/** @returns -1 where a data: URL is not one of base64 */
function dataUrlHeaderLength(text: string): number {
  const header = text.slice(0, MAX_DATA_URL_HEADER);
  const comma = header.indexOf(',');
  return comma !== -1 && /;base64$/i.test(header.slice(0, comma)) ? comma + 1 : -1;
}

/**
 * MIME breaks lines after 76 characters, PEM after 64. Byte by byte: replaced by a pattern, 10 million would take
 * seconds.
 */
function withoutLineBreaks(text: string): string {
  if (!LINE_BREAK.test(text)) return text;
  const bytes = Buffer.from(text);
  let length = 0;
  for (const byte of bytes) if (byte !== 10 && byte !== 13) bytes[length++] = byte;
  return bytes.toString('utf8', 0, length);
}

/** What senders take for base64, and what they are to send. Bounded: the texts are of any length. */
const LOOKALIKES: readonly (readonly [RegExp, string])[] = [
  [/^b(['"])/, "it looks like Python's b'…'; send base64.b64encode(data).decode('ascii')"],
  [
    /^[a-z][a-z\d+.:-]{0,30}:\/\//i,
    'it looks like an address, and nothing is fetched; send the content of the file in base64',
  ],
  [/^\[object \w{1,40}\]$/, 'it looks like a JavaScript object turned into text; send its bytes in base64'],
  [
    /^@|^[^\n]{0,1000}\.(?:png|jpe?g|gif|bmp|webp|tiff?|heic|svg)$/i,
    'it looks like the name of a file; send its content in base64 (base64 -w0 7.png), or the file in a form (-F ' +
      'image=@7.png)',
  ],
];

/** @param unbroken the text without line breaks */
function describeFault(text: string, unbroken: string): string {
  const lookalike = LOOKALIKES.find(([pattern]) => pattern.test(text));
  if (lookalike) return lookalike[1];
  const start = DATA_URL.test(unbroken) ? dataUrlHeaderLength(unbroken) : 0;
  if (start === -1) return 'a data: URL must begin as "data:image/png;base64,"';
  const paddingAt = unbroken.indexOf('=', start);
  const end = paddingAt === -1 ? unbroken.length : paddingAt;
  const body = unbroken.slice(start, end);
  const padding = unbroken.length - end;
  const badAt = body.search(NOT_BASE64);
  if (badAt !== -1) return describeBadCharacter(text, unbroken, start + badAt);
  if (padding > 2 || unbroken.slice(end) !== '='.repeat(padding))
    return describeBadCharacter(text, unbroken, end);
  if (body.length === 0) return 'it is empty';
  return `its length of ${body.length + padding} characters is impossible; the end seems to be missing`;
}

function describeBadCharacter(text: string, unbroken: string, at: number): string {
  const character = String.fromCodePoint(unbroken.codePointAt(at) ?? 0);
  const count = text.length > unbroken.length ? `${unbroken.length}, line breaks not counted,` : text.length;
  const place = `character ${at + 1} of ${count} is ${JSON.stringify(character)}`;
  if (character === '=') return `${place}; padding is one or two "=" at the very end`;
  return character === ' '
    ? `${place}; a "+" becomes one where a form is sent without percent-encoding`
    : place;
}
