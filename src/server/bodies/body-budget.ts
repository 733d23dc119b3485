import { Transform, type Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { InkdigitError, messageOf } from '../../errors.js';
import { bodyTooLarge, type Limits } from '../limits.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the service holds of a body that may be large; `null` of one that is announced to be small. */
    heldBody: HeldBody | null;
  }
}

/** Bodies up to this size always pass, so that large ones that stall do not lock out small ones. */
const ALWAYS_PASSES_BYTES = 128 * 1024;

/**
 * How many bytes of large request bodies a process holds at once. What counts is what has arrived, not what was
 * announced.
 */
export class BodyBudget {
  readonly #maxBytes: number;
  #heldBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  hasRoomFor(bytes: number): boolean {
    return this.#heldBytes + bytes <= this.#maxBytes;
  }

  /** @throws InkdigitError `overloaded` where there is no room */
  take(bytes: number): void {
    if (!this.hasRoomFor(bytes)) throw this.overloaded();
    this.#heldBytes += bytes;
  }

  giveBack(bytes: number): void {
    this.#heldBytes -= bytes;
  }

  overloaded(): InkdigitError {
    return new InkdigitError(
      'overloaded',
      `The service holds as many bytes of large bodies as it may (${this.#maxBytes} in each process); try again soon.`,
    );
  }
}

/** One body, from its first byte until the last of those who hold it has let go. */
export class HeldBody {
  readonly #budget: BodyBudget;
  #arrivedBytes = 0;
  #countedBytes = 0;
  #holders = 0;

  constructor(budget: BodyBudget) {
    this.#budget = budget;
  }

  /**
   * Counts what has arrived.
   * @throws InkdigitError `overloaded` where there is no room for it
   */
  add(bytes: number): void {
    this.#arrivedBytes += bytes;
    if (this.#arrivedBytes <= ALWAYS_PASSES_BYTES) return;
    const uncounted = this.#arrivedBytes - this.#countedBytes;
    this.#budget.take(uncounted);
    this.#countedBytes += uncounted;
  }

  /** Adds a holder. @returns what lets go again, once. */
  hold(): () => void {
    this.#holders += 1;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#holders -= 1;
      if (this.#holders > 0) return;
      this.#budget.giveBack(this.#countedBytes);
      this.#countedBytes = 0;
    };
  }
}

/**
 * Bounds the bytes of large bodies that are held: one that cannot fit is refused before it arrives, one that finds no
 * room on the way as soon as it does not. A body is held until its answer has left, and by others who `hold` it.
 */
export function limitBodies(app: FastifyInstance, { maxBodyBytes, maxHeldBytes }: Limits): void {
  const budget = new BodyBudget(Math.max(maxHeldBytes, maxBodyBytes));
  app.decorateRequest('heldBody', null);
  app.addHook('onRequest', (request, reply, done) => {
    requireUncompressed(request);
    const bytes = announcedBytes(request);
    if (bytes > maxBodyBytes) throw bodyTooLarge(maxBodyBytes);
    if (bytes > ALWAYS_PASSES_BYTES || isChunked(request)) {
      if (!budget.hasRoomFor(bytes)) throw budget.overloaded();
      request.heldBody = new HeldBody(budget);
      reply.raw.once('close', request.heldBody.hold());
    }
    done();
  });
  app.addHook('preParsing', (request, _reply, payload, done) => {
    const { heldBody } = request;
    // The parser of forms reads from the connection itself; `form-uploads.ts` counts what it finds.
    if (heldBody && !isForm(request)) done(null, countedBy(heldBody, payload));
    else done(null, payload);
  });
}

/**
 * The body as it is, counted as it passes. An error of either side reaches the reader; the connection stays, for the
 * answer.
 */
function countedBy(body: HeldBody, payload: Readable): Readable {
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      try {
        body.add(chunk.length);
      } catch (thrown) {
        done(thrown instanceof Error ? thrown : new Error(messageOf(thrown)));
        return;
      }
      done(null, chunk);
    },
  });
  payload.once('error', (error) => counter.destroy(error));
  // What is still to come is read and dropped.
  counter.once('error', () => payload.unpipe(counter).resume());
  return payload.pipe(counter);
}

function isForm({ headers }: FastifyRequest): boolean {
  return /^multipart\/form-data/i.test(headers['content-type'] ?? '');
}

function isChunked({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined;
}

/** 0 where it is not announced. */
function announcedBytes(request: FastifyRequest): number {
  return isChunked(request) ? 0 : Number(request.headers['content-length'] ?? 0);
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
