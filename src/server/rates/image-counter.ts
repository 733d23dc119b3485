import type { RateLimit } from './rate-limit.js';

/** What became of a request, and what is left of each limit, in their order. */
export interface Verdict {
  readonly isAllowed: boolean;
  readonly left: readonly Left[];
}

/** Of one limit. */
export interface Left {
  /** Images that the caller may still send in this window. */
  readonly images: number;
  /** Milliseconds until the window ends. */
  readonly ms: number;
}

/** What a caller has sent in the window of one limit. */
interface Window {
  endsMs: number;
  images: number;
}

/** The callers that sent something last are known; of the others some 150 bytes each are given up. */
const MAX_CALLERS = 100_000;

/**
 * Counts the images of each caller. A window begins with the first image after the one before has ended, and in no
 * window there is one image more than its limit. A request is taken as a whole or not at all, and from all limits or
 * from none.
 */
export class ImageCounter {
  readonly #limits: readonly RateLimit[];
  readonly #maxCallers: number;
  /** The one that sent something last comes last. */
  readonly #callers = new Map<string, Window[]>();

  constructor(limits: readonly RateLimit[], maxCallers = MAX_CALLERS) {
    this.#limits = limits;
    this.#maxCallers = maxCallers;
  }

  /**
   * @param caller any name that is its own
   * @param nowMs of a clock that only goes forward
   */
  take(caller: string, images: number, nowMs: number): Verdict {
    const windows = this.#windowsOf(caller, nowMs);
    const isAllowed = this.#limits.every((limit, i) => (windows[i]?.images ?? 0) + images <= limit.images);
    if (isAllowed) for (const window of windows) window.images += images;
    const left = this.#limits.map((limit, i): Left => {
      const { images: sent = 0, endsMs = nowMs } = windows[i] ?? {};
      return { images: limit.images - sent, ms: endsMs - nowMs };
    });
    return { isAllowed, left };
  }

  #windowsOf(caller: string, nowMs: number): Window[] {
    const known = this.#callers.get(caller);
    const windows = known ?? this.#limits.map(() => ({ endsMs: -Infinity, images: 0 }));
    for (const [i, window] of windows.entries()) {
      if (nowMs < window.endsMs) continue;
      window.endsMs = nowMs + (this.#limits[i]?.seconds ?? 0) * 1000;
      window.images = 0;
    }
    this.#callers.delete(caller);
    this.#callers.set(caller, windows);
    if (this.#callers.size > this.#maxCallers) {
      const [oldest] = this.#callers.keys();
      if (oldest !== undefined) this.#callers.delete(oldest);
    }
    return windows;
  }
}
