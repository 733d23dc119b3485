/** What is wrong with a request, in words: what the schemas found, and what senders mostly mean by it. */
import type { FastifySchemaValidationError } from 'fastify';
import { InkdigitError } from '../../errors.js';
import { NORMALIZE_MODES } from '../../image/normalize-mode.js';

/** What the members of the query may be, in words. */
const QUERY_MEMBERS: Readonly<Record<string, string>> = {
  detail: 'may only be "full" (?detail=full)',
  normalize: `may be ${NORMALIZE_MODES.map((mode) => `"${mode}"`).join(', ')}`,
  length: 'is a whole number of digits (?length=4)',
  minLength: 'is a whole number of digits (?minLength=2)',
  maxLength: 'is a whole number of digits (?maxLength=8)',
  pattern: "is d for each digit with . , : / - ' or spaces between them (?pattern=dd.dd)",
  max: 'is a whole number (?max=100)',
  lines: 'is a whole number of lines (?lines=1)',
  cells: 'is a whole number of cells (?cells=8)',
  grid: 'is columns x rows (?grid=9x9)',
  reject: 'is a number from 0 to 1 (?reject=0.99)',
  partial: 'must be "true" or "false" where it is there',
};

/** The first member of a query that is not as its schema has it. */
export function describeQueryFault(
  query: unknown,
  faults: readonly FastifySchemaValidationError[],
): InkdigitError {
  const name = faults[0]?.instancePath.split('/')[1] ?? '';
  const value = isObject(query) ? query[name] : undefined;
  const expected = QUERY_MEMBERS[name] ?? 'is wrong';
  return new InkdigitError(
    'invalid_request',
    `The query member "${name}" ${expected}, got ${JSON.stringify(value ?? null).slice(0, 30)}.`,
  );
}

/** What is wrong within a JSON body, as `"image" must be string, got a number`. */
export function describeBodyFault(fault: FastifySchemaValidationError, body: unknown): string {
  if (fault.keyword === 'required')
    return `the member "${String(fault.params['missingProperty'])}" is missing`;
  const path = fault.instancePath.split('/').slice(1);
  const value = path.reduce<unknown>((parent, key) => (isObject(parent) ? parent[key] : undefined), body);
  const name = path.findLast((key) => !/^\d+$/.test(key));
  const where = path.length === 0 ? 'the body' : /^\d+$/.test(path.at(-1) ?? '') ? 'the item' : `"${name}"`;
  return `${where} ${fault.message ?? 'is wrong'}, got ${kindOf(value)}${name === 'image' ? adviceOn(value) : ''}`;
}

/** What to send in place of what JSON makes of pixels and bytes. */
function adviceOn(image: unknown): string {
  if (isObject(image) && image['type'] === 'Buffer') return " of Node's; send buffer.toString('base64')";
  const isNumeric = isObject(image) && typeof image['0'] === 'number';
  if (!isNumeric && !(Array.isArray(image) && image.length > 0)) return '';
  return '; pixels and bytes are not taken as numbers: send an image file (PNG, JPEG, …) in base64';
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** Whether a value has members: an object or an array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
