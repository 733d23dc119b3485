/** One answer as it came over a connection. */
export interface Answer {
  readonly status: number;
  /** Whether the server closes the connection after it. */
  readonly closes: boolean;
  /** `null` where bodies are not kept. */
  readonly body: Buffer | null;
}

/** What the head of an answer says. */
interface Head {
  readonly status: number;
  readonly closes: boolean;
  readonly bodyBytes: number;
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
  /** Of the answer whose body is arriving. */
  #head: Head | null = null;
  #bodyRead = 0;
  #body: Buffer | null = null;

  constructor(onAnswer: (answer: Answer) => void, { keepsBodies = false } = {}) {
    this.#onAnswer = onAnswer;
    this.#keepsBodies = keepsBodies;
  }

  /** @throws Error when the answer is none that it can follow */
  push(piece: Buffer): void {
    const bytes = this.#begun ? Buffer.concat([this.#begun, piece]) : piece;
    this.#begun = null;
    for (let at = 0; at < bytes.length;) {
      if (!this.#head) {
        const end = bytes.indexOf(END_OF_HEAD, at, 'latin1');
        if (end < 0) {
          if (bytes.length - at > MAX_HEAD_BYTES) throw new Error('The head of an answer does not end.');
          this.#begun = Buffer.from(bytes.subarray(at));
          return;
        }
        this.#head = headAt(bytes, at, end);
        this.#bodyRead = 0;
        this.#body = this.#keepsBodies ? Buffer.allocUnsafe(this.#head.bodyBytes) : null;
        at = end + END_OF_HEAD.length;
      }
      at += this.#readBody(this.#head, bytes, at);
    }
  }

  /** @returns how many bytes of the piece belong to the body */
  #readBody({ status, closes, bodyBytes }: Head, bytes: Buffer, at: number): number {
    const count = Math.min(bodyBytes - this.#bodyRead, bytes.length - at);
    if (this.#body) bytes.copy(this.#body, this.#bodyRead, at, at + count);
    this.#bodyRead += count;
    if (this.#bodyRead === bodyBytes) {
      this.#head = null;
      this.#onAnswer({ status, closes, body: this.#body });
    }
    return count;
  }
}

/**
 * The last head of any connection: under overload thousands a second are the same bytes, and a look at them costs the
 * shared cores less.
 */
let last: { readonly bytes: Buffer; readonly head: Head } | null = null;

/** @throws Error when it is none that the parser can follow */
function headAt(bytes: Buffer, from: number, to: number): Head {
  if (last && bytes.compare(last.bytes, 0, last.bytes.length, from, to) === 0) return last.head;
  const head = parseHead(bytes.toString('latin1', from, to));
  last = { bytes: Buffer.from(bytes.subarray(from, to)), head };
  return head;
}

function parseHead(text: string): Head {
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1];
  const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
  if (status === undefined || (length === undefined && status !== '204')) {
    throw new Error(
      `Expected an HTTP answer with its content-length, got ${JSON.stringify(text.slice(0, 200))}.`,
    );
  }
  return {
    status: Number(status),
    closes: /\r\nconnection: *close/i.test(text),
    bodyBytes: Number(length ?? 0),
  };
}
