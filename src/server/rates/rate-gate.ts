import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { InkdigitError } from '../../errors.js';
import { addressOf, networkOf } from '../security/client-address.js';
import type { Left, Verdict } from './image-counter.js';
import { nameOf, type RateLimit } from './rate-limit.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set once its images were counted. */
    isCounted: boolean;
  }
  interface FastifyInstance {
    /** Where there are limits for callers. */
    rateGate: RateGate | null;
  }
}

/** The limits for callers, and who counts. */
export interface Rates {
  readonly limits: readonly RateLimit[];
  readonly take: (caller: string, images: number) => Promise<Verdict>;
  /** Milliseconds of any steady clock. */
  readonly now?: () => number;
}

/** Takes the headers of an answer. */
type TellHeaders = (headers: Readonly<Record<string, string>>) => void;

/** Beyond it those that are known to have nothing left are asked about again. */
const MAX_REFUSED = 10_000;

/** Answers to requests at fault in what they send: these were read, and count as one image. */
const COUNTED_FAULTS: ReadonlySet<number> = new Set([400, 413, 415]);

/**
 * Refuses callers that have sent as many images as they may: by their key, or by their address where keys are not asked
 * for.
 */
export class RateGate {
  readonly #rates: Rates;
  readonly #now: () => number;
  readonly #policy: string;
  /** Until when a caller has nothing left: not worth a question, or a look at a body. */
  readonly #refusedUntilMs = new Map<string, number>();

  constructor(rates: Rates) {
    this.#rates = rates;
    this.#now = rates.now ?? (() => performance.now());
    this.#policy = rates.limits
      .map((limit) => `"${nameOf(limit)}";q=${limit.images};qu="images";w=${limit.seconds}`)
      .join(', ');
  }

  /**
   * Refuses before a body is read.
   * @throws InkdigitError `rate_limited` where the caller is known to have nothing left
   */
  check(caller: string, tell: TellHeaders): void {
    const untilMs = this.#refusedUntilMs.get(caller);
    if (untilMs === undefined) return;
    const waitMs = untilMs - this.#now();
    if (waitMs <= 0) this.#refusedUntilMs.delete(caller);
    else throw this.#refuse(waitMs, tell);
  }

  /**
   * Counts the images of a request, whichever protocol it came by.
   * @param tell is given the headers of the answer
   * @throws InkdigitError `rate_limited`; `too_many_images` where there are more than any window has
   */
  async count(caller: string, images: number, tell: TellHeaders): Promise<void> {
    const { limits, take } = this.#rates;
    const smallest = limits.toSorted((a, b) => a.images - b.images)[0];
    if (smallest && images > smallest.images) {
      throw new InkdigitError(
        'too_many_images',
        `Too many images: this service takes at most ${smallest.images} in a ${nameOf(smallest)} from one caller, ` +
          `got ${images}. Send them in several requests.`,
      );
    }
    // A request without images is one that was read all the same.
    const counted = Math.max(1, images);
    const { isAllowed, left } = await take(caller, counted);
    tell({ 'ratelimit-policy': this.#policy, ratelimit: this.#describe(left) });
    if (isAllowed) return;
    const waitMs = Math.max(...left.filter((one) => one.images < counted).map(({ ms }) => ms));
    if (left.some((one) => one.images === 0)) this.#remember(caller, waitMs);
    throw this.#refuse(waitMs, tell);
  }

  #remember(caller: string, waitMs: number): void {
    if (this.#refusedUntilMs.size >= MAX_REFUSED) this.#refusedUntilMs.clear();
    this.#refusedUntilMs.set(caller, this.#now() + waitMs);
  }

  #refuse(waitMs: number, tell: TellHeaders): InkdigitError {
    const seconds = Math.max(1, Math.ceil(waitMs / 1000));
    tell({ 'retry-after': String(seconds), 'ratelimit-policy': this.#policy });
    const limits = this.#rates.limits.map((limit) => `${limit.images} in a ${nameOf(limit)}`).join(' and ');
    return new InkdigitError(
      'rate_limited',
      `This caller has sent as many images as it may (${limits}); try again in ${seconds} s.`,
    );
  }

  #describe(left: readonly Left[]): string {
    return this.#rates.limits
      .map((limit, i) => {
        const { images = 0, ms = 0 } = left[i] ?? {};
        return `"${nameOf(limit)}";r=${images};t=${Math.ceil(ms / 1000)}`;
      })
      .join(', ');
  }
}

/** Refuses callers by the limits, once keys were asked for and before bodies are read; without limits does nothing. */
export function limitRates(app: FastifyInstance, rates: Rates | undefined): void {
  app.decorate('rateGate', rates ? new RateGate(rates) : null);
  if (!rates) return;
  app.decorateRequest('isCounted', false);
  app.addHook('onRequest', async (request, reply) => {
    if (request.method === 'POST')
      app.rateGate?.check(callerOf(request), (headers) => void reply.headers(headers));
  });
  app.addHook('onResponse', async (request, reply) => {
    if (request.method !== 'POST' || request.isCounted || !COUNTED_FAULTS.has(reply.statusCode)) return;
    await rates.take(callerOf(request), 1);
  });
}

/**
 * Notes how many images a request has, and counts them where callers have limits.
 * @throws InkdigitError `rate_limited` or `too_many_images`
 */
export async function countImages(
  request: FastifyRequest,
  reply: FastifyReply,
  images: number,
): Promise<void> {
  request.imageCount = images;
  const { rateGate } = request.server;
  if (!rateGate) return;
  request.isCounted = true;
  await rateGate.count(callerOf(request), images, (headers) => void reply.headers(headers));
}

function callerOf({ keyIndex, ip }: FastifyRequest): string {
  return callerName(keyIndex, ip);
}

/**
 * Who is counted.
 * @param keyIndex which of the service's keys came with a request; undefined where none is asked for
 * @param ip the address of its sender
 */
export function callerName(keyIndex: number | undefined, ip: string | undefined): string {
  return keyIndex === undefined ? networkOf(addressOf({ ip })) : `key ${keyIndex}`;
}
