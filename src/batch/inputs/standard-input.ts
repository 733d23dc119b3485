import { HEAD_BYTES } from './file-kind.js';

/** Standard input, of which the first bytes may be looked at before it is read. */
export class StandardInput {
  readonly #stdin: AsyncIterable<Uint8Array>;
  #pieces: AsyncIterator<Uint8Array> | undefined;
  #held: Uint8Array = new Uint8Array();

  constructor(stdin: AsyncIterable<Uint8Array>) {
    this.#stdin = stdin;
  }

  /** Lets what waits for it go: a terminal or a pipe may have no end. */
  close(): void {
    if (this.#pieces && 'destroy' in this.#stdin && typeof this.#stdin.destroy === 'function') {
      this.#stdin.destroy();
    }
  }

  #next(): Promise<IteratorResult<Uint8Array>> {
    // Not before it is asked for: an open standard input keeps the process from ending.
    this.#pieces ??= this.#stdin[Symbol.asyncIterator]();
    return this.#pieces.next();
  }

  /** The first `HEAD_BYTES`, or all where there are fewer. */
  async head(): Promise<Uint8Array> {
    while (this.#held.length < HEAD_BYTES) {
      const { done, value } = await this.#next();
      if (done) break;
      this.#held = Buffer.concat([this.#held, value]);
    }
    return this.#held.subarray(0, HEAD_BYTES);
  }

  /** All of it, what was looked at too; once. */
  async *stream(): AsyncGenerator<Uint8Array> {
    if (this.#held.length > 0) yield this.#held;
    for (;;) {
      const { done, value } = await this.#next();
      if (done) return;
      yield value;
    }
  }
}
