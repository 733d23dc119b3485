import { writeSync } from 'node:fs';
import { codeOf } from '../../errors.js';

/** What waits where the system has no room at the moment (EAGAIN); lines beyond it are lost. */
const MAX_WAITING_BYTES = 256 * 1024;
const RETRY_MS = 100;
const LINE_FEED = 10;

/** How bytes are written; as `fs.writeSync`: returns how many were taken. */
export type WriteBytes = (bytes: Buffer) => number;

/**
 * Where log lines go, at once and in order. A log that cannot be written (a full disk, a reader that is gone) loses
 * lines and does not end the service; once there is room again, so are lines.
 */
export class LineWriter {
  readonly #writeBytes: WriteBytes;
  /** What could not be written yet. */
  #waiting: Buffer = Buffer.alloc(0);
  /** Whether the last byte written is within a line. */
  #isMidLine = false;
  #isRetryPlanned = false;

  constructor(writeBytes: WriteBytes = (bytes) => writeSync(1, bytes)) {
    this.#writeBytes = writeBytes;
  }

  /** @param line with its line feed */
  write(line: string): void {
    const isWaiting = this.#waiting.length > 0;
    // What is left of a line whose rest was lost ends here.
    const bytes = Buffer.from(!isWaiting && this.#isMidLine ? `\n${line}` : line);
    if (!isWaiting) this.#waiting = bytes;
    else if (this.#waiting.length + bytes.length <= MAX_WAITING_BYTES)
      this.#waiting = Buffer.concat([this.#waiting, bytes]);
    this.#flush();
  }

  #flush(): void {
    try {
      while (this.#waiting.length > 0) {
        const count = this.#writeBytes(this.#waiting);
        this.#isMidLine = this.#waiting[count - 1] !== LINE_FEED;
        this.#waiting = this.#waiting.subarray(count);
      }
    } catch (error) {
      if (codeOf(error) === 'EAGAIN') this.#retryLater();
      else this.#waiting = Buffer.alloc(0);
    }
  }

  #retryLater(): void {
    if (this.#isRetryPlanned) return;
    this.#isRetryPlanned = true;
    setTimeout(() => {
      this.#isRetryPlanned = false;
      this.#flush();
    }, RETRY_MS).unref();
  }
}
