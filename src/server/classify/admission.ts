/**
 * How many images are in flight: admitted and not yet released. Whether there is room is one question, asked before
 * any work is done; what runs together is another, which the queue answers.
 */
export class Admission {
  readonly #maxImages: number;
  #images = 0;
  /** Whether a request has found no room since the last release; then one is in flight, and will be released. */
  #isCrowded = false;

  /** @param maxImages at least as many as one request may have */
  constructor(maxImages: number) {
    this.#maxImages = maxImages;
  }

  /**
   * Whether it is not worth asking: there is no room for one more image, or was too little for the last request that
   * asked. Requests that leave a few places free would else all be read before they are refused.
   */
  get isFull(): boolean {
    return this.#isCrowded || this.#images >= this.#maxImages;
  }

  /** Whether nothing is in flight. */
  get isIdle(): boolean {
    return this.#images === 0;
  }

  /** Images that are in flight. */
  get images(): number {
    return this.#images;
  }

  /** @returns whether there was room; what was admitted has to be released. */
  admit(images: number): boolean {
    if (this.#images + images > this.#maxImages) {
      this.#isCrowded = true;
      return false;
    }
    this.#images += images;
    return true;
  }

  release(images: number): void {
    this.#images -= images;
    this.#isCrowded = false;
  }
}
