import type { FastifyInstance, FastifyReply } from 'fastify';

/** Stands for every origin. */
export const ANY_ORIGIN = '*';

/** What a page of another origin may send; without a permission browsers send neither. */
const ALLOWED_HEADERS = 'authorization, content-type, x-api-key';

/** For how long a browser need not ask again. */
const PREFLIGHT_SECONDS = 600;

/**
 * Lets pages of other origins read the answers (https://fetch.spec.whatwg.org/#http-cors-protocol), errors included.
 * Credentials are never allowed: a key is sent by the page itself.
 * @param origins as `https://example.org`; none switches it off, `*` allows every one
 */
export function addCors(app: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) return;
  const isForAll = origins.includes(ANY_ORIGIN);
  const allowed: ReadonlySet<string> = new Set(origins);
  app.addHook('onSend', async ({ method, headers }, reply) => {
    const { origin } = headers;
    if (!isForAll) addVary(reply, 'origin');
    if (!isForAll && !(origin && allowed.has(origin))) return;
    void reply.header('access-control-allow-origin', isForAll ? ANY_ORIGIN : origin);
    void reply.header('access-control-expose-headers', 'retry-after');
    if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) return;
    void reply.headers({
      'access-control-allow-methods': reply.getHeader('allow') ?? '',
      'access-control-allow-headers': ALLOWED_HEADERS,
      'access-control-max-age': PREFLIGHT_SECONDS,
    });
  });
}

/** A cache must not give one origin what was meant for another. */
function addVary(reply: FastifyReply, name: string): void {
  const others = reply.getHeader('vary');
  void reply.header('vary', others === undefined ? name : `${String(others)}, ${name}`);
}
