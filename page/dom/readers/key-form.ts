import { byId } from '../elements.js';

/** Where a key is typed in, once the service has asked for one. The page keeps it in memory alone. */
export class KeyForm {
  readonly #form = byId('key-form', HTMLFormElement);
  readonly #input = byId('key', HTMLInputElement);

  constructor(onKey: (key: string) => void) {
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      const key = this.#input.value;
      this.#input.value = '';
      this.#form.hidden = true;
      onKey(key);
    });
  }

  show(): void {
    this.#form.hidden = false;
  }
}
