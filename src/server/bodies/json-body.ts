import type { FastifyInstance } from 'fastify';
import { InkdigitError, messageOf } from '../../errors.js';

export const EXPECTED_CORRECTION = '{"image":"<base64 of an image file>","label":"7"}';
export const EXPECTED_JSON = '{"requests":[{"image":"<base64 of an image file>"}, …]}';

/**
 * Brackets, colons and commas that a body may have beside those of its images: each makes the parser do work, and
 * 30 MB of nothing else would keep a worker busy for seconds. Base64 has none of them.
 */
const MAX_EXTRA_STRUCTURE = 100_000;
/** Those of one image, `{"image":"data:image/png;base64,…"},` and some members that are ignored. */
const STRUCTURE_PER_IMAGE = 16;

/** Takes `application/json` bodies; unlike Fastify's own parser it says where the text stops being JSON. */
export function addJsonParser(app: FastifyInstance, maxBatch: number): void {
  const maxStructure = MAX_EXTRA_STRUCTURE + STRUCTURE_PER_IMAGE * maxBatch;
  const parseSecurely = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, text, done) => {
    if (!hasAtMostStructure(text, maxStructure)) {
      done(tooMuchStructure(maxStructure));
      return;
    }
    const plain = mayPoison(text) ? undefined : valueOf(text);
    if (plain !== undefined) {
      done(null, plain);
      return;
    }
    void parseSecurely(request, text, (error, body) => {
      done(error ? describeJsonFault(text) : null, body);
    });
  });
}

/**
 * Whether a text may have a member that reaches the prototype of an object, its name written out or in escapes. To look
 * for these takes a fraction of what the patterns do that tell such a member for certain.
 */
function mayPoison(text: string): boolean {
  return text.includes('__proto__') || text.includes('constructor') || text.includes('\\u');
}

/** @returns undefined where a text is not JSON */
function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The value of a JSON text that another parser than Fastify's took in, under the same bound.
 * @param expected as messages name it
 * @throws InkdigitError `malformed_json`, or `body_too_large` for more than `maxStructure` brackets, colons and commas
 */
export function parseBoundedJson(text: string, maxStructure: number, expected: string): unknown {
  if (!hasAtMostStructure(text, maxStructure)) throw tooMuchStructure(maxStructure, expected);
  try {
    return JSON.parse(text);
  } catch (cause) {
    const found = text.trim() === '' ? 'is empty' : `is not JSON: ${messageOf(cause)}`;
    throw new InkdigitError('malformed_json', `The body ${found}; expected ${expected}.`, { cause });
  }
}

function hasAtMostStructure(text: string, max: number): boolean {
  if (text.length <= max) return true;
  let count = 0;
  for (const mark of ['{', '[', ':', ',']) {
    for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + 1)) {
      count += 1;
      if (count > max) return false;
    }
  }
  return true;
}

function tooMuchStructure(max: number, expected = EXPECTED_JSON): InkdigitError {
  return new InkdigitError(
    'body_too_large',
    `The body has too many items and members: at most ${max} brackets, colons and commas; expected ${expected}.`,
  );
}

function describeJsonFault(text: string): InkdigitError {
  if (text.trim() === '') {
    return new InkdigitError('malformed_json', `The body is empty; expected ${EXPECTED_JSON}.`);
  }
  try {
    JSON.parse(text);
  } catch (cause) {
    return new InkdigitError('malformed_json', `The body is not JSON: ${messageOf(cause)}.`, { cause });
  }
  return new InkdigitError(
    'malformed_json',
    'The body has a member "__proto__" or "constructor.prototype", which is not accepted.',
  );
}
