import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

/**
 * For so long a service that was told to stop still takes what comes, each answer closing its connection: requests
 * that were on their way on a kept connection are not lost, and load balancers see that it is not ready.
 */
export const CLOSING_GRACE_MS = 500;

/** A connection that has just been accepted gets this long to bring its first request. */
const ARRIVAL_GRACE_MS = 250;

/**
 * After a grace period stops listening, lets the open requests end, and closes what is left: connections without a
 * request, such as browsers open in advance, which Node would otherwise wait for until they time out.
 * @param timeoutMs how long all of it may take; the grace periods are a part of it
 */
export async function drain(app: FastifyInstance, timeoutMs: number): Promise<void> {
  await delay(Math.min(CLOSING_GRACE_MS, timeoutMs / 4));
  const closed = app.close();
  await delay(Math.min(ARRIVAL_GRACE_MS, timeoutMs / 4));
  await app.openRequests.none();
  app.server.closeAllConnections();
  await closed;
}
