const REPORT_EVERY_MS = 1000;

/** What is said of some requests together. */
export interface LiveReport {
  readonly count: number;
  /** The longest time to an answer, in milliseconds. */
  readonly maxMs: number;
}

/** Requests that the page sends while someone draws: dozens a second, of which one line a second tells. */
export class LiveRequests {
  readonly #report: (report: LiveReport) => void;
  #count = 0;
  #maxMs = 0;

  constructor(report: (report: LiveReport) => void) {
    this.#report = report;
  }

  add(ms: number): void {
    if (this.#count === 0) setTimeout(() => this.flush(), REPORT_EVERY_MS).unref();
    this.#count += 1;
    this.#maxMs = Math.max(this.#maxMs, ms);
  }

  /** Tells of those since it last did. */
  flush(): void {
    if (this.#count === 0) return;
    this.#report({ count: this.#count, maxMs: Math.round(this.#maxMs * 100) / 100 });
    this.#count = 0;
    this.#maxMs = 0;
  }
}
