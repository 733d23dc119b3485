import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { InkdigitError } from '../../errors.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Which of the service's keys came with it, from 0; undefined where none was asked for. */
    keyIndex: number | undefined;
  }
}

/** What becomes known of a key beyond the process that was given it: its SHA-256, in hexadecimal. */
export function digestOfKey(key: string): string {
  return sha256(key).toString('hex');
}

/** The keys of a service. */
export class ApiKeys {
  readonly #digests: readonly Buffer[];

  /** @param digests by `digestOfKey` */
  constructor(digests: readonly string[]) {
    this.#digests = digests.map((digest) => Buffer.from(digest, 'hex'));
  }

  /**
   * Takes the same time for every key of a length: digests are compared, whole and with all of them.
   * @returns which one it is, from 0; -1 where it is none
   */
  indexOf(key: string): number {
    const digest = sha256(key);
    return this.#digests.map((known) => timingSafeEqual(known, digest)).indexOf(true);
  }
}

/**
 * Asks for a key before a body arrives.
 * @param digests by `digestOfKey`; none lets everybody in
 * @param openPaths what is answered without one; everything else, also what is added later, wants it
 */
export function requireApiKey(
  app: FastifyInstance,
  digests: readonly string[],
  openPaths: readonly string[],
): void {
  app.decorateRequest('keyIndex', undefined);
  if (digests.length === 0) return;
  const keys = new ApiKeys(digests);
  const open: ReadonlySet<string> = new Set(openPaths);
  app.addHook('onRequest', async (request, reply) => {
    if (open.has(request.routeOptions.url ?? '')) return;
    const key = keyOf(request);
    const index = key === undefined ? -1 : keys.indexOf(key);
    if (index >= 0) {
      request.keyIndex = index;
      return;
    }
    const fault = key === undefined ? '' : ', error="invalid_token"';
    void reply.header('www-authenticate', `Bearer realm="inkdigit"${fault}`);
    throw unauthorized(key);
  });
}

/** @param key the wrong one that came, if any did */
export function unauthorized(key: string | undefined): InkdigitError {
  return new InkdigitError(
    'unauthorized',
    `${key === undefined ? 'This service requires an API key' : 'The API key is not one of this service'}; ` +
      'send yours as "Authorization: Bearer KEY" or as "x-api-key: KEY".',
  );
}

/** The key that a request brings, in either header. */
export function keyOf({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  const [, token] = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '') ?? [];
  const other = headers['x-api-key'];
  return token ?? (typeof other === 'string' ? other : undefined);
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
