import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** Stands for every origin. */
export const ANY_ORIGIN = '*';

/** What a page of another origin may send; without a permission browsers send neither. */
const ALLOWED_HEADERS = 'authorization, content-type, x-api-key';

/** What its scripts may read beside the usual ones. */
const EXPOSED_HEADERS = 'retry-after, ratelimit, ratelimit-policy, x-inkdigit-model';

/** For how long a browser need not ask again. */
const PREFLIGHT_SECONDS = 600;

/**
 * What lets a page of another origin read an answer (https://fetch.spec.whatwg.org/#http-cors-protocol), an error
 * included. Credentials are never allowed: a key is sent by the page itself.
 * @param origins as `https://example.org`; none switches it off, `*` allows every one
 * @returns the headers of the answer to a request
 */
export function corsHeaders(
  origins: readonly string[],
): (request: IncomingMessage) => Readonly<Record<string, string>> {
  if (origins.length === 0 || origins.includes(ANY_ORIGIN)) {
    const ofAll = origins.length === 0 ? {} : permit(ANY_ORIGIN);
    return () => ofAll;
  }
  // A cache must not give one origin what was meant for another.
  const vary = { vary: 'origin' };
  const ofOrigin = new Map(origins.map((origin) => [origin, { ...vary, ...permit(origin) }]));
  // Several of them are joined by Node, and so are none that is known.
  return ({ headers }) => ofOrigin.get(headers.origin ?? '') ?? vary;
}

function permit(origin: string): Readonly<Record<string, string>> {
  return { 'access-control-allow-origin': origin, 'access-control-expose-headers': EXPOSED_HEADERS };
}

/** Puts those headers on every answer, and answers what browsers ask beforehand. */
export function addCors(app: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) return;
  const headersFor = corsHeaders(origins);
  app.addHook('onSend', async (request, reply) => {
    const { method, headers } = request;
    const { vary, ...permission } = headersFor(request.raw);
    if (vary !== undefined) addVary(reply, vary);
    void reply.headers(permission);
    if (!('access-control-allow-origin' in permission)) return;
    if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) return;
    void reply.headers({
      'access-control-allow-methods': reply.getHeader('allow') ?? '',
      'access-control-allow-headers': ALLOWED_HEADERS,
      'access-control-max-age': PREFLIGHT_SECONDS,
    });
  });
}

/** Beside what the route itself varies with. */
function addVary(reply: FastifyReply, name: string): void {
  const others = reply.getHeader('vary');
  void reply.header('vary', others === undefined ? name : `${String(others)}, ${name}`);
}
