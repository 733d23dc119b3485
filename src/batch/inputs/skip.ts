/** How many images are still to be passed over, as they have their rows. */
export class Skip {
  #left: number;

  constructor(images: number) {
    this.#left = images;
  }

  get left(): number {
    return this.#left;
  }

  /** Passes over one image, if any is to be. @returns whether it did */
  one(): boolean {
    return this.some(1) === 1;
  }

  /** Passes over some at once. @param most how many there are @returns how many were passed over */
  some(most: number): number {
    const passed = Math.min(this.#left, most);
    this.#left -= passed;
    return passed;
  }
}
