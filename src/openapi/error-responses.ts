import { statusOf } from '../server/http/error-table.js';
import { headerRefs } from './answer-headers.js';
import { hasExample } from './error-examples.js';
import type { DocumentedError, Reference, Response } from './document-types.js';
import { REQUEST_ERROR_CODES, REQUEST_ERRORS, type RequestErrorCode } from './request-errors.js';

/** What any request may be answered with, by the name of its response in `components`. */
const OF_ANY_REQUEST = {
  BrokenRequest: ['invalid_request'],
  RequestTimeout: ['request_timeout'],
  BodyTooLarge: ['body_too_large'],
  UnsupportedBody: ['unsupported_media_type'],
  HeadersTooLarge: ['headers_too_large'],
  InternalError: ['internal'],
  Overloaded: ['overloaded'],
} as const satisfies Readonly<Record<string, readonly RequestErrorCode[]>>;

/** The schemas of errors: of the service, and of the Open Inference Protocol and KServe's first one. */
export type ErrorForm = 'ErrorResponse' | 'InferErrorResponse';

/** What is answered before the service knows the path, in its own form therefore. */
const BEFORE_ANY_PATH: ReadonlySet<string> = new Set(['RequestTimeout', 'HeadersTooLarge']);

/** The name of a response in `components`, by the form that it has. */
function sharedName(name: string, form: ErrorForm): string {
  return form === 'ErrorResponse' || BEFORE_ANY_PATH.has(name) ? name : `Infer${name}`;
}

/** What `components.responses` has. */
export function sharedResponses(): Record<string, Response> {
  return Object.fromEntries(
    Object.entries(OF_ANY_REQUEST).flatMap(([name, codes]) => [
      [name, errorResponse(codes, 'ErrorResponse')],
      [sharedName(name, 'InferErrorResponse'), errorResponse(codes, formOf(name))],
    ]),
  );
}

/** The form that a shared response has in the Open Inference Protocol. */
function formOf(name: string): ErrorForm {
  return BEFORE_ANY_PATH.has(name) ? 'ErrorResponse' : 'InferErrorResponse';
}

/**
 * The responses of an operation that are errors, by status: its own codes, and those of any request.
 * @param own the codes that it has beside those of any request
 * @param form the schema of its errors
 */
export function errorResponsesOf(
  own: readonly RequestErrorCode[],
  form: ErrorForm = 'ErrorResponse',
): Record<string, Response | Reference> {
  const shared = new Map(
    Object.entries(OF_ANY_REQUEST).map(([name, codes]) => [statusOf(codes[0]), { name, codes }]),
  );
  const statuses = [...new Set([...shared.keys(), ...own.map(statusOf)])].toSorted((a, b) => a - b);
  return Object.fromEntries(
    statuses.map((status): [string, Response | Reference] => {
      const { name = '', codes = [] } = shared.get(status) ?? {};
      const ownCodes = own.filter((code) => statusOf(code) === status);
      if (ownCodes.length === 0)
        return [String(status), { $ref: `#/components/responses/${sharedName(name, form)}` }];
      return [String(status), errorResponse([...new Set([...ownCodes, ...codes])], form)];
    }),
  );
}

/** One status, with all the codes that come with it here. */
function errorResponse(codes: readonly RequestErrorCode[], form: ErrorForm): Response {
  const headers = headerRefs(
    ...(codes.some((code) => [429, 503].includes(statusOf(code))) ? (['RetryAfter'] as const) : []),
    ...(codes.includes('rate_limited') ? (['RateLimitPolicy'] as const) : []),
    ...(codes.includes('unauthorized') ? (['WwwAuthenticate'] as const) : []),
  );
  return {
    description: codes.map((code) => `- \`${code}\`: ${REQUEST_ERRORS[code]}`).join('\n'),
    ...(Object.keys(headers).length > 0 && { headers }),
    content: {
      'application/json': {
        schema: {
          allOf: [
            { $ref: `#/components/schemas/${form}` },
            { type: 'object', properties: { code: { enum: codes } } },
          ],
        },
        ...(form === 'ErrorResponse' && codes.every(hasExample) && { examples: examplesOf(codes) }),
      },
    },
  };
}

function examplesOf(codes: readonly RequestErrorCode[]): Record<string, Reference> {
  return Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }]));
}

/** Every code of the service with its status. */
export function documentedErrors(): Record<string, DocumentedError> {
  return Object.fromEntries(
    REQUEST_ERROR_CODES.map((code) => [code, { status: statusOf(code), when: REQUEST_ERRORS[code] }]),
  );
}
