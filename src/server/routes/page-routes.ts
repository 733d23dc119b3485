import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PageFile } from './page-files.js';

/** Everything comes from this service, nothing is inline, and no other page may frame it. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'permissions-policy': 'camera=(self), microphone=(), geolocation=()',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  // Kept by browsers, but asked for each time: the names of the files do not change with a new version.
  'cache-control': 'no-cache',
} as const;

/** The page to draw on: its files under their own names. `GET /` gives it to browsers too. */
export function addPageRoutes(app: FastifyInstance, files: readonly PageFile[]): void {
  for (const file of files) app.get(file.path, async (request, reply) => sendPageFile(file, request, reply));
}

/** Sends a file, or 304 where the caller has it already. */
export function sendPageFile(file: PageFile, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  void reply.headers(HEADERS).header('etag', file.etag);
  if (isKept(request.headers['if-none-match'], file.etag)) return reply.code(304).send();
  return reply.type(file.contentType).send(file.body);
}

/** Whether the caller would rather see a page than JSON: browsers name HTML, programs do not. */
export function prefersHtml({ headers }: FastifyRequest): boolean {
  return /\btext\/html\b/i.test(headers.accept ?? '');
}

/** By the weak comparison (RFC 9110, 13.1.2): a proxy that compresses makes the tag weak. */
function isKept(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = new Set((ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, '')));
  return tags.has(etag) || tags.has('*');
}
