import { CLASS_COUNT } from '../../model/contract.js';
import { digitLine } from '../plan/result-rows.js';
import type { ChunkRows } from './chunk-reader.js';

/** Rows of images that show a digit or none, as they are written and counted: without an object for each. */
export class DigitLines {
  readonly #classes = Array.from({ length: CLASS_COUNT }, () => 0);
  #text = '';
  #images = 0;
  #accepted = 0;

  /** @param quotedFile the image's name, as JSON has it. @param probability 0..1 */
  add(quotedFile: string, digitClass: number, probability: number, digit: boolean): void {
    this.#text += digitLine(quotedFile, digitClass, probability, digit);
    this.#images++;
    if (!digit) return;
    this.#accepted++;
    this.#classes[digitClass] = (this.#classes[digitClass] ?? 0) + 1;
  }

  /** All that were added, in their order. */
  get rows(): ChunkRows {
    const tally = { images: this.#images, failed: 0, errors: {}, accepted: this.#accepted };
    return { text: this.#text, tally: { ...tally, classes: [...this.#classes] } };
  }
}
