/** What is noted of one request on its way; spans are made of it when it has ended. */
export class RequestTrace {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits: the span of the request itself. */
  readonly spanId: string;
  readonly isSampled: boolean;
  readonly #now: () => number;
  /** When it came into the queue, and from when to when its images were decoded. */
  queuedMs: number | undefined;
  readFromMs: number | undefined;
  readToMs: number | undefined;

  constructor(
    ids: { readonly traceId: string; readonly spanId: string; readonly isSampled: boolean },
    now: () => number = () => performance.now(),
  ) {
    this.traceId = ids.traceId;
    this.spanId = ids.spanId;
    this.isSampled = ids.isSampled;
    this.#now = now;
  }

  /** The request waits for its turn. */
  queue(): void {
    this.queuedMs = this.#now();
  }

  /** One of its images is about to be decoded; the first one ends the wait. */
  beginReading(): void {
    this.readFromMs ??= this.#now();
  }

  /** All of its images are decoded, or found to be wrong. */
  endReading(): void {
    this.readToMs ??= this.#now();
  }

  /** For answers (https://www.w3.org/TR/trace-context-2/): `00-<trace>-<span>-<flags>`. */
  get header(): string {
    return `00-${this.traceId}-${this.spanId}-${this.isSampled ? '01' : '00'}`;
  }
}
