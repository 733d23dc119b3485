import type { FastifyInstance } from 'fastify';
import { InkdigitError, messageOf } from '../errors.js';

export const EXPECTED_JSON = '{"requests":[{"image":"<base64 of an image file>"}, …]}';

/** Takes `application/json` bodies; unlike Fastify's own parser it says where the text stops being JSON. */
export function addJsonParser(app: FastifyInstance): void {
  const parseSecurely = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, text, done) => {
    void parseSecurely(request, text, (error, body) => {
      done(error ? describeJsonFault(text) : null, body);
    });
  });
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
