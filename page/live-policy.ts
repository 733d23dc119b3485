/** The times that the policy keeps, all in milliseconds. */
export interface LiveTimes {
  /** Between the starts of two requests. */
  readonly minGapMs: number;
  /** So old a request may be when the drawing has moved on; then it is given up for a new one. */
  readonly patienceMs: number;
  /** The wait after the first failure; it doubles each time, up to the maximum. */
  readonly firstRetryMs: number;
  readonly maxRetryMs: number;
}

export const LIVE_TIMES: LiveTimes = { minGapMs: 40, patienceMs: 400, firstRetryMs: 500, maxRetryMs: 5_000 };

/** What is to be done now. */
export type LiveStep =
  | { readonly kind: 'rest' }
  /** Ask again after this time. */
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'send' }
  /** The request in flight is not worth waiting for. */
  | { readonly kind: 'cancel' };

interface Flight {
  readonly revision: number;
  readonly sinceMs: number;
  isObsolete: boolean;
  isCancelled: boolean;
}

/**
 * When to ask about a picture that keeps changing: never more than one request in flight, always the newest picture
 * next. An answer to a drawing of a moment ago is still worth showing while the pen moves, so that a request is only
 * given up when it has become old, or when it is about another picture altogether. Knows no clock and no network.
 */
export class LivePolicy {
  readonly #times: LiveTimes;
  #revision = 0;
  #settledRevision = 0;
  #flight: Flight | null = null;
  #notBeforeMs = 0;
  #failures = 0;

  constructor(times: LiveTimes = LIVE_TIMES) {
    this.#times = times;
  }

  /** Whether an answer to the picture as it is now is still to come. */
  get isBusy(): boolean {
    return this.#settledRevision !== this.#revision;
  }

  /** The picture has changed. @param isOther whether an answer to the one before is of no use any more. */
  change(isOther = false): void {
    this.#revision += 1;
    if (isOther && this.#flight) this.#flight.isObsolete = true;
  }

  /** There is nothing to ask about. */
  clear(): void {
    this.change(true);
    this.#settledRevision = this.#revision;
  }

  /** The pen rests: the next request is not to be spared for a newer picture. */
  rest(): void {
    if (this.#failures === 0) this.#notBeforeMs = 0;
  }

  /** Does not wait for the next attempt after a failure. */
  hurry(): void {
    this.#notBeforeMs = 0;
  }

  next(nowMs: number): LiveStep {
    const flight = this.#flight;
    if (flight) return this.#nextInFlight(flight, nowMs);
    if (!this.isBusy) return { kind: 'rest' };
    return nowMs < this.#notBeforeMs ? { kind: 'wait', ms: this.#notBeforeMs - nowMs } : { kind: 'send' };
  }

  #nextInFlight(flight: Flight, nowMs: number): LiveStep {
    if (flight.isCancelled) return { kind: 'rest' };
    if (flight.isObsolete) return { kind: 'cancel' };
    if (flight.revision === this.#revision) return { kind: 'rest' };
    const leftMs = flight.sinceMs + this.#times.patienceMs - nowMs;
    return leftMs > 0 ? { kind: 'wait', ms: leftMs } : { kind: 'cancel' };
  }

  /** A request with the picture as it is now was sent. */
  sent(nowMs: number): void {
    this.#flight = { revision: this.#revision, sinceMs: nowMs, isObsolete: false, isCancelled: false };
    this.#notBeforeMs = nowMs + this.#times.minGapMs;
  }

  /** The request in flight was told to end; `ended` follows. */
  cancelled(): void {
    if (this.#flight) this.#flight.isCancelled = true;
  }

  /**
   * The request in flight has ended, with an answer or with a refusal that asking again would not change.
   * @returns whether it is still wanted.
   */
  settled(): boolean {
    const flight = this.#land();
    if (!flight || flight.isCancelled || flight.isObsolete) return false;
    this.#settledRevision = flight.revision;
    this.#failures = 0;
    return true;
  }

  /**
   * The request in flight has failed for now.
   * @param retryAfterMs what the service asked to wait, if it did.
   * @returns after how long it is asked again, in milliseconds; `null` where its answer is not needed any more.
   */
  failed(nowMs: number, retryAfterMs = 0): number | null {
    const flight = this.#land();
    if (!flight || flight.isCancelled || flight.isObsolete) return null;
    const { firstRetryMs, maxRetryMs } = this.#times;
    const delayMs = Math.max(retryAfterMs, Math.min(maxRetryMs, firstRetryMs * 2 ** this.#failures));
    this.#failures += 1;
    this.#notBeforeMs = nowMs + delayMs;
    return delayMs;
  }

  #land(): Flight | null {
    const flight = this.#flight;
    this.#flight = null;
    return flight;
  }
}
