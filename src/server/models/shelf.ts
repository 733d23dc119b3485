/** What can be closed. */
interface Closable {
  close(): Promise<void>;
}

interface Entry<T> {
  readonly opening: Promise<T>;
  takers: number;
}

/** A thing from the shelf. */
export interface Taken<T> {
  readonly item: T;
  /** To be called once. */
  putBack(): void;
}

/** Things by key, each opened once however often it is taken, and closed when the last taker has put it back. */
export class Shelf<T extends Closable> {
  readonly #entries = new Map<string, Entry<T>>();

  /** How many are open. */
  get size(): number {
    return this.#entries.size;
  }

  /** @throws what `open` throws, to all who wait for it */
  async take(key: string, open: () => Promise<T>): Promise<Taken<T>> {
    const entry = this.#entries.get(key) ?? { opening: open(), takers: 0 };
    this.#entries.set(key, entry);
    entry.takers += 1;
    try {
      return { item: await entry.opening, putBack: () => this.#putBack(key, entry) };
    } catch (thrown) {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
      throw thrown;
    }
  }

  #putBack(key: string, entry: Entry<T>): void {
    entry.takers -= 1;
    if (entry.takers > 0) return;
    this.#entries.delete(key);
    void entry.opening.then((item) => item.close());
  }
}
