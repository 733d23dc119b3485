import type { FastifyRequest, FastifySchemaValidationError } from 'fastify';
import type { ClassifyRequest } from '../../api/schemas.js';
import { InkdigitError } from '../../errors.js';
import { tooManyImages, type Limits } from '../limits.js';
import { decodeBase64 } from './decode-base64.js';
import { filesOfForm } from './form-uploads.js';
import { EXPECTED_JSON } from './json-body.js';
import { describeBodyFault, describeQueryFault, isObject } from './request-faults.js';

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
  if (request.isMultipart()) return (await filesOfForm(request, limits)).map(uploadOfFile);
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

function uploadOfFile(bytes: Uint8Array): Upload {
  return () => {
    if (bytes.length === 0) {
      throw new InkdigitError('not_an_image', 'expected an image file, got 0 bytes');
    }
    return bytes;
  };
}

/** Most requests have none. */
const NO_FAULTS: ReadonlyMap<number, string> = new Map();

function uploadsOfJson(body: unknown, faults: readonly FastifySchemaValidationError[]): readonly Upload[] {
  const faultOfItem = faults.length === 0 ? NO_FAULTS : faultsOfItems(body, faults);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the schema was checked; no item at fault is used
  const { requests } = body as ClassifyRequest;
  return requests.map((item, index) => () => {
    const fault = faultOfItem.get(index);
    if (fault !== undefined)
      throw new InkdigitError('invalid_request', `expected {"image":"<base64>"}; ${fault}`);
    return decodeBase64(item.image);
  });
}

/**
 * What is wrong with single items.
 * @throws InkdigitError `invalid_request` where it is no item
 */
function faultsOfItems(
  body: unknown,
  faults: readonly FastifySchemaValidationError[],
): ReadonlyMap<number, string> {
  const faultOfItem = new Map<number, string>();
  for (const fault of faults) {
    const [, index] = /^\/requests\/(\d+)/.exec(fault.instancePath) ?? [];
    if (index === undefined) {
      throw new InkdigitError(
        'invalid_request',
        `Expected ${EXPECTED_JSON}; ${describeBodyFault(fault, body)}.`,
      );
    }
    faultOfItem.set(Number(index), describeBodyFault(fault, body));
  }
  return faultOfItem;
}
