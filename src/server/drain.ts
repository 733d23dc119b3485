import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

/**
 * For so long a service that was told to stop still takes what comes, each answer closing its connection: requests
 * that were on their way on a kept connection are not lost, and load balancers see that it is not ready.
 */
const CLOSING_GRACE_MS = 500;

/** A connection that has just been accepted gets this long to bring its first request. */
const ARRIVAL_GRACE_MS = 250;

/** Follows the open requests of a server, so that it can be closed when the last has been answered. */
export class OpenRequests {
  #count = 0;
  #onNone: (() => void) | undefined;

  constructor(server: Server) {
    server.on('request', (_request, response) => {
      this.#count += 1;
      response.once('close', () => {
        this.#count -= 1;
        if (this.#count === 0) this.#onNone?.();
      });
    });
  }

  /** Resolves when no request is open. */
  none(): Promise<void> {
    if (this.#count === 0) return Promise.resolve();
    return new Promise((resolve) => (this.#onNone = resolve));
  }
}

/**
 * After a grace period stops listening, lets the open requests end, and closes what is left: connections without a
 * request, such as browsers open in advance, which Node would otherwise wait for until they time out.
 * @param timeoutMs how long all of it may take; the grace periods are a part of it
 */
export async function drain(app: FastifyInstance, open: OpenRequests, timeoutMs: number): Promise<void> {
  await delay(Math.min(CLOSING_GRACE_MS, timeoutMs / 4));
  const closed = app.close();
  await delay(Math.min(ARRIVAL_GRACE_MS, timeoutMs / 4));
  await open.none();
  app.server.closeAllConnections();
  await closed;
}
