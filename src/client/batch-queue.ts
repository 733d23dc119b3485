/** Images `from … to - 1` of a call. */
export interface Batch {
  readonly from: number;
  readonly to: number;
}

/** Cuts the images of a call into batches, one at a time, so that what the server refuses can be cut smaller. */
export class BatchQueue {
  readonly #count: number;
  #maxBatch: number;
  #begun = 0;
  readonly #halves: Batch[] = [];

  constructor(count: number, maxBatch: number) {
    this.#count = count;
    this.#maxBatch = maxBatch;
  }

  /** Images a batch has at most, by what was learned so far. */
  get maxBatch(): number {
    return this.#maxBatch;
  }

  /** The batch to send next; `undefined` when all have been given out. */
  next(): Batch | undefined {
    const half = this.#halves.pop();
    if (half || this.#begun === this.#count) return half;
    const from = this.#begun;
    this.#begun = Math.min(this.#count, from + this.#maxBatch);
    return { from, to: this.#begun };
  }

  /** Takes a batch of two images or more back, as two. @returns the size of the larger half. */
  halve({ from, to }: Batch): number {
    const middle = Math.ceil((from + to) / 2);
    this.#halves.push({ from: middle, to }, { from, to: middle });
    return middle - from;
  }

  /** Makes the batches to come smaller. */
  limit(maxBatch: number): void {
    this.#maxBatch = Math.min(this.#maxBatch, maxBatch);
  }
}
