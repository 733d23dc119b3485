import { InkdigitError } from '../../errors.js';
import type { ExpositionFormat } from './exposition.js';

/** Messages wait behind others; a primary that takes so long is not going to answer. */
const TIMEOUT_MS = 5000;

/** Asks the primary, by messages, for the text that it alone can write. */
export class PrimaryText {
  readonly #ask: (id: number, format: ExpositionFormat) => void;
  readonly #open = new Map<number, (text: string) => void>();
  #nextId = 1;

  /** @param ask sends the question; its answer is given to `receive` with the same id */
  constructor(ask: (id: number, format: ExpositionFormat) => void) {
    this.#ask = ask;
  }

  /** @throws InkdigitError `not_ready` where no answer comes */
  get(format: ExpositionFormat): Promise<string> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#open.delete(id);
        reject(
          new InkdigitError(
            'not_ready',
            `Metrics are added up by another process, which has not answered for ${TIMEOUT_MS} ms; try again, or ` +
              'ask on --metrics-port.',
          ),
        );
      }, TIMEOUT_MS);
      this.#open.set(id, (text) => {
        clearTimeout(timer);
        resolve(text);
      });
      this.#ask(id, format);
    });
  }

  receive(id: number, text: string): void {
    const resolve = this.#open.get(id);
    this.#open.delete(id);
    resolve?.(text);
  }
}
