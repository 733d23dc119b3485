/** One answer as it came over a connection. */
export interface Answer {
  readonly status: number;
  /** Whether the server closes the connection after it. */
  readonly closes: boolean;
  /** `null` where bodies are not kept. */
  readonly body: Buffer | null;
}

const END_OF_HEAD = '\r\n\r\n';
/** A server that sends more without an end is not one to measure. */
const MAX_HEAD_BYTES = 16 * 1024;

/**
 * Finds answers in what comes over one connection, in pieces of any size. It knows as much of HTTP/1.1 as a load
 * generator needs that shares the cores with the server: the status and `content-length`, no chunked bodies.
 */
export class ResponseParser {
  readonly #onAnswer: (answer: Answer) => void;
  readonly #keepsBodies: boolean;
  /** A head that has not ended yet: a copy, as pieces may lie in memory that the next one overwrites. */
  #begun: Buffer | null = null;
  #status = 0;
  #closes = false;
  #bodyBytes = -1;
  #bodyRead = 0;
  #body: Buffer | null = null;

  constructor(onAnswer: (answer: Answer) => void, { keepsBodies = false } = {}) {
    this.#onAnswer = onAnswer;
    this.#keepsBodies = keepsBodies;
  }

  /** @throws Error when the answer is none that it can follow */
  push(piece: Uint8Array): void {
    let bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    if (this.#begun) bytes = Buffer.concat([this.#begun, bytes]);
    this.#begun = null;
    for (let at = 0; at < bytes.length;) {
      if (this.#bodyBytes < 0) {
        const end = bytes.indexOf(END_OF_HEAD, at, 'latin1');
        if (end < 0) {
          if (bytes.length - at > MAX_HEAD_BYTES) throw new Error('The head of an answer does not end.');
          this.#begun = Buffer.from(bytes.subarray(at));
          return;
        }
        this.#beginBody(bytes.toString('latin1', at, end));
        at = end + END_OF_HEAD.length;
      }
      at += this.#readBody(bytes, at);
    }
  }

  #beginBody(head: string): void {
    const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1];
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (status === undefined || (length === undefined && status !== '204')) {
      throw new Error(
        `Expected an HTTP answer with its content-length, got ${JSON.stringify(head.slice(0, 200))}.`,
      );
    }
    this.#status = Number(status);
    this.#closes = /\r\nconnection: *close/i.test(head);
    this.#bodyBytes = Number(length ?? 0);
    this.#bodyRead = 0;
    this.#body = this.#keepsBodies ? Buffer.allocUnsafe(this.#bodyBytes) : null;
  }

  /** @returns how many bytes of the piece belong to the body */
  #readBody(bytes: Buffer, at: number): number {
    const count = Math.min(this.#bodyBytes - this.#bodyRead, bytes.length - at);
    if (this.#body) bytes.copy(this.#body, this.#bodyRead, at, at + count);
    this.#bodyRead += count;
    if (this.#bodyRead === this.#bodyBytes) {
      this.#bodyBytes = -1;
      this.#onAnswer({ status: this.#status, closes: this.#closes, body: this.#body });
    }
    return count;
  }
}
