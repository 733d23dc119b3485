import type { Histogram } from './recorder.js';

/** Moments for which the delay is counted lie so far apart. */
export const DELAY_INTERVAL_MS = 20;

/**
 * Turns how late a timer came into the delays at every moment that it was due: a loop that is held up for a second
 * delays whatever comes in that second, and one late timer alone would be one observation among fifty.
 */
export class EventLoopDelay {
  readonly #delays: Histogram;
  #dueMs: number;

  /** @param startMs of a steady clock */
  constructor(delays: Histogram, startMs: number) {
    this.#delays = delays;
    this.#dueMs = startMs + DELAY_INTERVAL_MS;
  }

  /** To be called about every `DELAY_INTERVAL_MS`. */
  tick(nowMs: number): void {
    // Timers may come a little early; the moment is then due all the same.
    do {
      this.#delays.observe(Math.max(0, nowMs - this.#dueMs) / 1000);
      this.#dueMs += DELAY_INTERVAL_MS;
    } while (this.#dueMs <= nowMs);
    // Timers have whole milliseconds, and each may come one late: what adds up would be taken for a delay.
    this.#dueMs = nowMs + DELAY_INTERVAL_MS;
  }
}
