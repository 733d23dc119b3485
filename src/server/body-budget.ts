import type { FastifyInstance, FastifyRequest } from 'fastify';
import { InkdigitError } from '../errors.js';
import type { Limits } from './limits.js';

/** Bodies up to this size always pass, so that stalled large ones do not lock out small ones. */
const ALWAYS_PASSES_BYTES = 128 * 1024;

/** How many bytes of request bodies a process holds at once. */
export class BodyBudget {
  readonly #maxBytes: number;
  #heldBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** @returns what to call when the body is no longer held; `null` when there is no room for it. */
  take(bytes: number): (() => void) | null {
    if (bytes <= ALWAYS_PASSES_BYTES) return () => {};
    if (this.#heldBytes + bytes > this.#maxBytes) return null;
    this.#heldBytes += bytes;
    let isHeld = true;
    return () => {
      if (isHeld) this.#heldBytes -= bytes;
      isHeld = false;
    };
  }
}

/** Refuses large bodies before they arrive while too many others are held: slow senders cannot fill the memory. */
export function limitBodies(app: FastifyInstance, { maxBodyBytes, maxHeldBytes }: Limits): void {
  const budget = new BodyBudget(Math.max(maxHeldBytes, maxBodyBytes));
  app.addHook('onRequest', async (request, reply) => {
    requireUncompressed(request);
    const release = budget.take(announcedBytes(request, maxBodyBytes));
    if (release) {
      reply.raw.once('close', release);
      return;
    }
    throw new InkdigitError(
      'overloaded',
      `The service is holding as many large bodies as it may (${maxHeldBytes} bytes in each process); try again soon.`,
    );
  });
}

/** What a body may come to; one that is too large is refused anyway, without being held. */
function announcedBytes({ headers }: FastifyRequest, maxBodyBytes: number): number {
  if (headers['transfer-encoding'] !== undefined) return maxBodyBytes;
  const length = Number(headers['content-length'] ?? 0);
  return length <= maxBodyBytes ? length : 0;
}

/** A compressed body is not unpacked: what it comes to could not be known beforehand. */
function requireUncompressed({ headers }: FastifyRequest): void {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() === 'identity') return;
  throw new InkdigitError(
    'unsupported_media_type',
    `Expected a body without content-encoding, got ${JSON.stringify(encoding)}; send it uncompressed.`,
  );
}
