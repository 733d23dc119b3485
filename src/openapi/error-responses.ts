import { statusOf } from '../server/http/error-table.js';
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

/** What `components.responses` has. */
export function sharedResponses(): Record<string, Response> {
  return Object.fromEntries(
    Object.entries(OF_ANY_REQUEST).map(([name, codes]) => [name, errorResponse(codes)]),
  );
}

/**
 * The responses of an operation that are errors, by status: its own codes, and those of any request.
 * @param own the codes that it has beside those of any request
 */
export function errorResponsesOf(own: readonly RequestErrorCode[]): Record<string, Response | Reference> {
  const shared = new Map(
    Object.entries(OF_ANY_REQUEST).map(([name, codes]) => [statusOf(codes[0]), { name, codes }]),
  );
  const statuses = [...new Set([...shared.keys(), ...own.map(statusOf)])].toSorted((a, b) => a - b);
  return Object.fromEntries(
    statuses.map((status): [string, Response | Reference] => {
      const { name = '', codes = [] } = shared.get(status) ?? {};
      const ownCodes = own.filter((code) => statusOf(code) === status);
      if (ownCodes.length === 0) return [String(status), { $ref: `#/components/responses/${name}` }];
      return [String(status), errorResponse([...new Set([...ownCodes, ...codes])])];
    }),
  );
}

/** One status, with all the codes that come with it here. */
function errorResponse(codes: readonly RequestErrorCode[]): Response {
  const headers = {
    ...(codes.some((code) => statusOf(code) === 503) && {
      'Retry-After': { $ref: '#/components/headers/RetryAfter' },
    }),
    ...(codes.includes('unauthorized') && {
      'WWW-Authenticate': { $ref: '#/components/headers/WwwAuthenticate' },
    }),
  };
  return {
    description: codes.map((code) => `- \`${code}\`: ${REQUEST_ERRORS[code]}`).join('\n'),
    ...(Object.keys(headers).length > 0 && { headers }),
    content: {
      'application/json': {
        schema: {
          allOf: [
            { $ref: '#/components/schemas/ErrorResponse' },
            { type: 'object', properties: { code: { enum: codes } } },
          ],
        },
        examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
      },
    },
  };
}

/** Every code of the service with its status. */
export function documentedErrors(): Record<string, DocumentedError> {
  return Object.fromEntries(
    REQUEST_ERROR_CODES.map((code) => [code, { status: statusOf(code), when: REQUEST_ERRORS[code] }]),
  );
}
