import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { chooseCoding } from './content-coding.js';
import type { PageFile } from './page-files.js';
import { PAGE_POLICY } from './page-policy.js';

/** No other page may frame it, either. */
const CONTENT_SECURITY_POLICY = [...PAGE_POLICY, "frame-ancestors 'none'"].join('; ');

/** Kept by browsers, but asked for each time: the names of the files do not change with a new version. */
const CACHE_HEADERS = { 'cache-control': 'no-cache' } as const;

const PAGE_HEADERS = {
  ...CACHE_HEADERS,
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'permissions-policy': 'camera=(self), microphone=(), geolocation=()',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
} as const;

/** The files that the service serves as they are, under their own paths. `GET /` gives the first to browsers too. */
export function addPageRoutes(app: FastifyInstance, files: readonly PageFile[]): void {
  for (const file of files) app.get(file.path, async (request, reply) => sendPageFile(file, request, reply));
}

/** Sends a file, in the coding that the caller likes best, or 304 where the caller has that already. */
export function sendPageFile(file: PageFile, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const coding = chooseCoding(
    request.headers['accept-encoding']?.toString(),
    file.encoded.map((one) => one.coding),
  );
  const chosen = file.encoded.find((one) => one.coding === coding) ?? file;
  // What is data keeps the policy of every answer, which allows nothing.
  void reply.headers(file.contentType.startsWith('application/json') ? CACHE_HEADERS : PAGE_HEADERS);
  void reply.header('etag', chosen.etag);
  if (file.encoded.length > 0) varyByEncoding(reply);
  if (isKept(request.headers['if-none-match'], chosen.etag)) return reply.code(304).send();
  if (coding !== null) void reply.header('content-encoding', coding);
  return reply.type(file.contentType).send(chosen.body);
}

/** A cache must not give one coding to a caller that asked for another. */
function varyByEncoding(reply: FastifyReply): void {
  const others = reply.getHeader('vary');
  void reply.header('vary', others === undefined ? 'accept-encoding' : `${String(others)}, accept-encoding`);
}

/** Whether the caller would rather see a page than JSON: browsers name HTML, programs do not. */
export function prefersHtml({ headers }: FastifyRequest): boolean {
  return /\btext\/html\b/i.test(headers.accept ?? '');
}

/** By the weak comparison (RFC 9110, 13.1.2): a proxy that compresses makes the tag weak. */
export function isKept(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = new Set((ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, '')));
  return tags.has(etag) || tags.has('*');
}
