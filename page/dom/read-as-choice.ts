import { READ_AS, type ReadAs } from '../number/picture-asker.js';
import { byId } from './elements.js';

const KEPT_AS = 'inkdigit-read-as';

/** The choice of what is looked for in pictures. The browser remembers it, where it may. */
export class ReadAsChoice {
  readonly #select = byId('read-as', HTMLSelectElement);

  constructor(onChange: () => void) {
    this.#select.value = remembered() ?? 'auto';
    this.#select.addEventListener('change', () => {
      remember(this.value);
      onChange();
    });
  }

  get value(): ReadAs {
    return readAsOf(this.#select.value) ?? 'auto';
  }
}

function readAsOf(text: string | null): ReadAs | undefined {
  return READ_AS.find((each) => each === text);
}

function remembered(): ReadAs | undefined {
  try {
    return readAsOf(localStorage.getItem(KEPT_AS));
  } catch {
    return undefined; // the browser keeps nothing for pages
  }
}

function remember(value: ReadAs): void {
  try {
    localStorage.setItem(KEPT_AS, value);
  } catch {
    // Then it holds until the page is closed.
  }
}
