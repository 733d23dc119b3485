import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

/** A connection that has just been accepted gets this long to bring its first request. */
const ARRIVAL_GRACE_MS = 250;

/**
 * Goes on for `drainMs`, each answer closing its connection; then stops listening, lets the open requests end, and
 * closes what is left: connections without a request, such as browsers open in advance, which Node would otherwise
 * wait for until they time out.
 * @param timeoutMs how long all of it may take; `drainMs` is a part of it
 */
export async function drain(app: FastifyInstance, drainMs: number, timeoutMs: number): Promise<void> {
  await delay(drainMs);
  const closed = app.close();
  await delay(Math.min(ARRIVAL_GRACE_MS, timeoutMs / 4));
  await app.openRequests.none();
  app.server.closeAllConnections();
  await closed;
}
