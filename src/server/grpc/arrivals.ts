import { InkdigitError } from '../../errors.js';

/** A message that is to be received. */
export interface Arrival {
  /** Called when its bytes may come. */
  start(): void;
  /** Called once where it takes too long, or there is no room to wait. */
  refuse(error: InkdigitError): void;
}

interface ArrivalLimits {
  /** Messages that arrive at once. */
  readonly maxArriving: number;
  /** Messages that wait for their turn to arrive. */
  readonly maxWaiting: number;
  /** While others wait, one that arrives for longer than this makes room. */
  readonly stallMs: number;
  /** No message takes longer, from when its call began. */
  readonly timeoutMs: number;
}

interface Entry extends Arrival {
  sinceMs: number;
  timer?: NodeJS.Timeout;
}

/**
 * Bounds how many messages a process receives at once: what has arrived of each lies in memory, and how long it will
 * be is not known before. A message that waits has no more than a window of its stream in memory.
 */
export class Arrivals {
  readonly #limits: ArrivalLimits;
  readonly #now: () => number;
  readonly #arriving = new Set<Entry>();
  readonly #waiting = new Set<Entry>();
  #watch: NodeJS.Timeout | undefined;

  /** @param now milliseconds of any steady clock */
  constructor(limits: ArrivalLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Has a message arrive, now or in its turn. @returns to be called when it has arrived, or will not */
  enter(arrival: Arrival): () => void {
    const { maxArriving, maxWaiting, timeoutMs } = this.#limits;
    const entry: Entry = {
      sinceMs: 0,
      start: () => arrival.start(),
      refuse: (error) => arrival.refuse(error),
    };
    if (this.#arriving.size >= maxArriving && this.#waiting.size >= maxWaiting) {
      entry.refuse(overloaded('as many messages wait to be received as may'));
      return () => {};
    }
    entry.timer = setTimeout(() => {
      this.#leave(entry);
      entry.refuse(
        new InkdigitError('request_timeout', `The request did not arrive within ${timeoutMs} ms.`),
      );
    }, timeoutMs);
    if (this.#arriving.size < maxArriving) this.#begin(entry);
    else this.#waiting.add(entry);
    this.#watchOldest();
    return () => this.#leave(entry);
  }

  #begin(entry: Entry): void {
    this.#waiting.delete(entry);
    this.#arriving.add(entry);
    entry.sinceMs = this.#now();
    entry.start();
  }

  #leave(entry: Entry): void {
    clearTimeout(entry.timer);
    this.#waiting.delete(entry);
    if (!this.#arriving.delete(entry)) return;
    const [next] = this.#waiting;
    if (next) this.#begin(next);
  }

  /** The oldest one is the first in the set. */
  #watchOldest(): void {
    const [oldest] = this.#arriving;
    if (this.#watch || !oldest || this.#waiting.size === 0) return;
    const leftMs = oldest.sinceMs + this.#limits.stallMs - this.#now();
    this.#watch = setTimeout(
      () => {
        this.#watch = undefined;
        this.#endStalled();
        this.#watchOldest();
      },
      Math.max(1, leftMs),
    ).unref();
  }

  #endStalled(): void {
    const [oldest] = this.#arriving;
    if (!oldest || this.#waiting.size === 0) return;
    if (this.#now() - oldest.sinceMs < this.#limits.stallMs) return;
    this.#leave(oldest);
    oldest.refuse(overloaded('the message arrives slowly while others wait'));
  }
}

function overloaded(why: string): InkdigitError {
  return new InkdigitError('overloaded', `The service has no room for this request: ${why}; try again soon.`);
}
