/**
 * How many images are in the house: admitted and not yet answered. Whether there is room is one question, asked before
 * any work is done; what runs together is another, which the queue answers.
 */
export class Admission {
  readonly #maxImages: number;
  #images = 0;

  /** @param maxImages at least as many as one request may have */
  constructor(maxImages: number) {
    this.#maxImages = maxImages;
  }

  /** Whether there is no room for one more image. */
  get isFull(): boolean {
    return this.#images >= this.#maxImages;
  }

  /** @returns whether there was room; each that was admitted has to `leave`. */
  admit(images: number): boolean {
    if (this.#images + images > this.#maxImages) return false;
    this.#images += images;
    return true;
  }

  leave(images: number): void {
    this.#images -= images;
  }
}
