import type { Header, Reference } from './document-types.js';

/** Headers that answers may have, by the names that references use. */
const HEADERS = {
  RetryAfter: {
    name: 'Retry-After',
    description: 'After how many seconds to try again.',
    schema: { type: 'integer', minimum: 0 },
  },
  WwwAuthenticate: {
    name: 'WWW-Authenticate',
    description: 'How to send a key.',
    schema: { type: 'string' },
  },
  ETag: {
    name: 'ETag',
    description: 'Changes with the content, and differs by `Content-Encoding`.',
    schema: { type: 'string' },
  },
  ModelVersion: {
    name: 'X-Inkdigit-Model',
    description:
      'Which version of the store answered all images of the request; of a service that was started with `--models`.',
    schema: { type: 'integer', minimum: 1 },
  },
  RateLimitPolicy: {
    name: 'RateLimit-Policy',
    description:
      'Of each limit for a caller, its images and the seconds of its window; of a service with `--rate-limit`.',
    schema: { type: 'string' },
  },
  RateLimit: {
    name: 'RateLimit',
    description: 'Of each limit, the images that are left and the seconds to the end of its window.',
    schema: { type: 'string' },
  },
} as const satisfies Readonly<Record<string, Header & { readonly name: string }>>;

type HeaderName = keyof typeof HEADERS;

/** Refers to headers, as a response has them. */
export function headerRefs(...names: readonly HeaderName[]): Record<string, Reference> {
  return Object.fromEntries(
    names.map((name) => [HEADERS[name].name, { $ref: `#/components/headers/${name}` }]),
  );
}

/** Those of an answer to images. */
export const IMAGE_ANSWER_HEADERS = headerRefs('ModelVersion', 'RateLimit', 'RateLimitPolicy');

/** What `components.headers` has. */
export function sharedHeaders(): Record<string, Header> {
  return Object.fromEntries(
    Object.entries(HEADERS).map(([name, { description, schema }]) => [name, { description, schema }]),
  );
}
