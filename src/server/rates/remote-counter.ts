import type { Verdict } from './image-counter.js';

/** What a worker asks the primary to count: a caller and its images. */
export type CountRequest = readonly [caller: string, images: number];

/**
 * Has images counted by another process, which answers in the order in which it was asked. What comes up in one turn of
 * the event loop is asked in one message: a worker with much to do sends few.
 */
export class RemoteCounter {
  readonly #send: (requests: readonly CountRequest[]) => void;
  #unsent: CountRequest[] = [];
  readonly #waiting: ((verdict: Verdict) => void)[] = [];

  constructor(send: (requests: readonly CountRequest[]) => void) {
    this.#send = send;
  }

  take(caller: string, images: number): Promise<Verdict> {
    if (this.#unsent.length === 0) setImmediate(() => this.#flush());
    this.#unsent.push([caller, images]);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** @param verdicts in the order of what was asked */
  receive(verdicts: readonly Verdict[]): void {
    for (const verdict of verdicts) this.#waiting.shift()?.(verdict);
  }

  #flush(): void {
    const requests = this.#unsent;
    this.#unsent = [];
    this.#send(requests);
  }
}
