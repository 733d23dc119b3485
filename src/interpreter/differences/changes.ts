import type { Slot } from '../slot.js';

/** What in the memory of a slot is not as it was for the image that others are compared with. */
export class Changes {
  readonly data: Slot['data'];
  /** Of the changed values; the first `count` hold, and each stands there once. */
  readonly places: Int32Array;
  /** What was there. */
  readonly before: Float64Array;
  count = 0;
  readonly #kept: Float64Array;

  constructor(data: Slot['data']) {
    this.data = data;
    this.places = new Int32Array(data.length);
    this.before = new Float64Array(data.length);
    this.#kept = new Float64Array(data.length);
  }

  /** Remembers values that are computed next; `compare` follows. */
  keep(from: number, to: number): void {
    const { data } = this;
    for (let i = from; i < to; i++) this.#kept[i] = data[i]!;
  }

  /** Notes which of the values that were kept are others now. */
  compare(from: number, to: number): void {
    const { data } = this;
    const kept = this.#kept;
    for (let i = from; i < to; i++) {
      if (data[i] !== kept[i]) this.note(i, kept[i]!);
    }
  }

  /** A value was changed, for the first time. */
  note(at: number, before: number): void {
    this.places[this.count] = at;
    this.before[this.count] = before;
    this.count++;
  }

  /** Puts back what was there. */
  undo(): void {
    const { data, places, before } = this;
    for (let i = 0; i < this.count; i++) data[places[i]!] = before[i]!;
    this.count = 0;
  }
}

/** Places that were reached, each once. */
export class Reached {
  readonly list: Int32Array;
  count = 0;
  readonly #isThere: Uint8Array;

  constructor(size: number) {
    this.list = new Int32Array(size);
    this.#isThere = new Uint8Array(size);
  }

  /** @returns whether it is the first time */
  add(place: number): boolean {
    if (this.#isThere[place] === 1) return false;
    this.#isThere[place] = 1;
    this.list[this.count++] = place;
    return true;
  }

  clear(): void {
    for (let i = 0; i < this.count; i++) this.#isThere[this.list[i]!] = 0;
    this.count = 0;
  }
}
