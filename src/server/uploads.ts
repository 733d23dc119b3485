import type { FastifyRequest, FastifySchemaValidationError } from 'fastify';
import { codeOf, InkdigitError, messageOf } from '../errors.js';
import { NORMALIZE_MODES } from '../image/normalize-mode.js';
import { decodeBase64 } from './base64.js';
import { EXPECTED_JSON } from './json-body.js';
import { bodyTooLarge, tooManyImages, type Limits } from './limits.js';
import type { ClassifyRequest } from '../api/schemas.js';

/** Gives the bytes of one image file of a request, or throws what is wrong with that one alone. */
export type Upload = () => Uint8Array;

/**
 * The images of a request, whichever way they were sent.
 * @throws InkdigitError when the request as a whole is wrong.
 */
export async function uploadsOf(request: FastifyRequest, limits: Limits): Promise<readonly Upload[]> {
  const { validationError } = request;
  if (validationError?.validationContext === 'querystring') {
    throw describeQueryFault(request.query, validationError.validation);
  }
  if (request.isMultipart()) return uploadsOfForm(request, limits);
  if (Buffer.isBuffer(request.body)) return [uploadOfFile(request.body)];
  if (request.body === undefined) {
    throw new InkdigitError(
      'invalid_request',
      `The body is empty; expected ${EXPECTED_JSON} or an image file.`,
    );
  }
  return uploadsOfJson(request.body, validationError?.validation ?? []);
}

/**
 * Refuses a JSON body with too many images before anything looks at them one by one.
 * @throws InkdigitError `too_many_images`
 */
export function checkImageCount(body: unknown, maxBatch: number): void {
  const requests = isObject(body) ? body['requests'] : undefined;
  if (Array.isArray(requests) && requests.length > maxBatch) throw tooManyImages(maxBatch, requests.length);
}

/** What the members of the query may be, in words. */
const QUERY_MEMBERS: Readonly<Record<string, string>> = {
  detail: 'may only be "full" (?detail=full)',
  normalize: `may be ${NORMALIZE_MODES.map((mode) => `"${mode}"`).join(', ')}`,
  length: 'is a whole number of digits (?length=4)',
  minLength: 'is a whole number of digits (?minLength=2)',
  maxLength: 'is a whole number of digits (?maxLength=8)',
  pattern: 'is d for each digit with . , : / - \' or spaces between them (?pattern=dd.dd)',
  max: 'is a whole number (?max=100)',
  lines: 'is a whole number of lines (?lines=1)',
  cells: 'is a whole number of cells (?cells=8)',
  grid: 'is columns x rows (?grid=9x9)',
  reject: 'is a number from 0 to 1 (?reject=0.99)',
};

function describeQueryFault(query: unknown, faults: readonly FastifySchemaValidationError[]): InkdigitError {
  const name = faults[0]?.instancePath.split('/')[1] ?? '';
  const value = isObject(query) ? query[name] : undefined;
  const expected = QUERY_MEMBERS[name] ?? 'is wrong';
  return new InkdigitError(
    'invalid_request',
    `The query member "${name}" ${expected}, got ${JSON.stringify(value ?? null).slice(0, 30)}.`,
  );
}

function uploadOfFile(bytes: Uint8Array): Upload {
  return () => {
    if (bytes.length === 0) {
      throw new InkdigitError('not_an_image', 'expected an image file, got 0 bytes');
    }
    return bytes;
  };
}

async function uploadsOfForm(request: FastifyRequest, limits: Limits): Promise<readonly Upload[]> {
  const { files, fields } = await readForm(request, limits.maxBodyBytes).catch((cause: unknown) => {
    // Whatever is left of the form is read and dropped, or the connection would stay stuck behind it.
    request.raw.unpipe().resume();
    if (cause instanceof InkdigitError || codeOf(cause)?.startsWith('FST_')) throw cause;
    throw new InkdigitError('invalid_request', describeFormFault(cause), { cause });
  });
  if (files.length > 0) return files.map(uploadOfFile);
  const [field] = fields;
  const found = field === undefined ? '' : `: its field ${JSON.stringify(field.slice(0, 30))} is text`;
  throw new InkdigitError(
    'invalid_request',
    `The form has no file${found}. Expected at least one file, as in curl -F image=@7.png (mind the @), ` +
      'or with Python\'s requests files={"image": open("7.png", "rb")}, not data=.',
  );
}

/** What the parser says where the boundary that content-type names is none. */
const NO_BOUNDARY = /boundary not found/i;
const NO_END = /unexpected end of (?:form|multipart data)/i;

function describeFormFault(cause: unknown): string {
  const said = messageOf(cause);
  if (NO_BOUNDARY.test(said)) {
    return 'The content-type multipart/form-data names no boundary. Let your client set content-type itself: it makes the boundary up.';
  }
  if (NO_END.test(said)) {
    return 'The form ends too early, or its boundary is not the one that content-type names. Let your client set content-type itself.';
  }
  return `The form cannot be read: ${said}.`;
}

/** The files of a form, and the names of the fields that are none. */
interface Form {
  readonly files: readonly Uint8Array[];
  readonly fields: readonly string[];
}

/** The parser bounds the fields; this bounds all of the form, as it arrives. */
async function readForm(request: FastifyRequest, maxTotalBytes: number): Promise<Form> {
  const files: Uint8Array[] = [];
  const fields: string[] = [];
  let totalBytes = 0;
  const count = (bytes: number): void => {
    totalBytes += bytes;
    if (totalBytes > maxTotalBytes) throw bodyTooLarge(maxTotalBytes);
    request.heldBody?.add(bytes);
  };
  for await (const part of request.parts()) {
    if (part.type !== 'file') {
      count(String(part.value).length);
      fields.push(part.fieldname);
      continue;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of part.file) {
      count(chunk.length);
      chunks.push(chunk);
    }
    files.push(Buffer.concat(chunks));
  }
  return { files, fields };
}

function uploadsOfJson(body: unknown, faults: readonly FastifySchemaValidationError[]): readonly Upload[] {
  const faultOfItem = new Map<number, string>();
  for (const fault of faults) {
    const [, index] = /^\/requests\/(\d+)/.exec(fault.instancePath) ?? [];
    if (index === undefined) {
      throw new InkdigitError('invalid_request', `Expected ${EXPECTED_JSON}; ${describeFault(fault, body)}.`);
    }
    faultOfItem.set(Number(index), describeFault(fault, body));
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the schema was checked; items at fault are not looked at
  const { requests } = body as ClassifyRequest;
  return requests.map((item, index) => () => {
    const fault = faultOfItem.get(index);
    if (fault !== undefined)
      throw new InkdigitError('invalid_request', `expected {"image":"<base64>"}; ${fault}`);
    return decodeBase64(item.image);
  });
}

function describeFault(fault: FastifySchemaValidationError, body: unknown): string {
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

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
