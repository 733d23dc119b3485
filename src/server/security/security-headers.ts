import type { FastifyInstance } from 'fastify';
import { ANY_ORIGIN } from './cors.js';

/**
 * On every answer, errors included: it is what its content-type says, and nothing that a browser should run, frame,
 * embed or take as the origin of anything. The page has a policy of its own (`page-routes.ts`).
 * @param corsOrigins a service that answers the scripts of every page may be embedded by every page as well
 */
export function securityHeaders(corsOrigins: readonly string[]): Readonly<Record<string, string>> {
  return {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'x-frame-options': 'DENY',
    'cross-origin-resource-policy': corsOrigins.includes(ANY_ORIGIN) ? 'cross-origin' : 'same-origin',
  };
}

/** Puts the headers on every answer before its route does anything, so that a route may replace them. */
export function addSecurityHeaders(app: FastifyInstance, headers: Readonly<Record<string, string>>): void {
  app.addHook('onRequest', (_request, reply, done) => {
    void reply.headers(headers);
    done();
  });
}
