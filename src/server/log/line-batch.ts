/** Takes one text or more, each of whole lines. */
interface LineSink {
  write(lines: string): void;
}

/**
 * Hands lines on together that are written in one go, such as those of the answers to one batch: a call of the system
 * for each would take longer than the line. They wait until what runs now has ended, and for no event.
 */
export class LineBatch implements LineSink {
  readonly #sink: LineSink;
  #lines = '';

  constructor(sink: LineSink) {
    this.#sink = sink;
  }

  write(lines: string): void {
    if (this.#lines === '') queueMicrotask(() => this.flush());
    this.#lines += lines;
  }

  /** Hands on what waits: to be called where the process ends at once. */
  flush(): void {
    if (this.#lines === '') return;
    const lines = this.#lines;
    this.#lines = '';
    this.#sink.write(lines);
  }
}
