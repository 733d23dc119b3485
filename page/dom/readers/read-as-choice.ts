import {
  knownOf,
  READ_AS_CHOICES,
  readAsOf,
  USUAL_COUNTS,
  type KnownNumber,
  type ReadAs,
  type ReadAsName,
} from '../../number/read-as.js';
import { text } from '../../words/words.js';
import { byId } from '../elements.js';

const KEPT_AS = 'inkdigit-read-as';

/** The choice of what is looked for in pictures. The browser remembers it, where it may. */
export class ReadAsChoice {
  readonly #select = byId('read-as', HTMLSelectElement);
  readonly #count = byId('read-as-count', HTMLInputElement);
  #known: KnownNumber = {};

  constructor(onChange: () => void) {
    const [name = 'auto', count] = (remembered() ?? '').split(' ');
    this.#select.value = nameOf(name);
    this.#showCount(count);
    this.#take();
    this.#select.addEventListener('change', () => {
      this.#showCount();
      this.#take();
      onChange();
    });
    this.#count.addEventListener('input', () => {
      if (this.#take()) onChange();
    });
  }

  get value(): ReadAs {
    return readAsOf(nameOf(this.#select.value));
  }

  /** What is known of the number. */
  get known(): KnownNumber {
    return this.#known;
  }

  #showCount(count?: string): void {
    const usual = USUAL_COUNTS[nameOf(this.#select.value)];
    this.#count.hidden = usual === undefined;
    this.#count.value = count ?? usual ?? '';
  }

  /** @returns whether what was typed can be asked for; else what was known before holds on */
  #take(): boolean {
    const name = nameOf(this.#select.value);
    const known = knownOf(name, this.#count.value);
    this.#count.setCustomValidity(known ? '' : text('typeAs', { usual: USUAL_COUNTS[name] ?? '' }));
    this.#count.ariaInvalid = String(!known);
    if (!known) return false;
    this.#known = known;
    remember(`${name} ${this.#count.value}`.trim());
    return true;
  }
}

function nameOf(name: string): ReadAsName {
  return READ_AS_CHOICES.find((each) => each === name) ?? 'auto';
}

function remembered(): string | null {
  try {
    return localStorage.getItem(KEPT_AS);
  } catch {
    return null; // the browser keeps nothing for pages
  }
}

function remember(choice: string): void {
  try {
    // What every visitor begins with is not kept.
    if (choice === 'auto') localStorage.removeItem(KEPT_AS);
    else localStorage.setItem(KEPT_AS, choice);
  } catch {
    // Then it holds until the page is closed.
  }
}
