import type { ServiceKnown } from '../../readers/choose-reader.js';
import type { ReadBy } from '../../readers/page-reader.js';
import { text } from '../../words/words.js';
import { byId } from '../elements.js';

const KEPT_AS = 'inkdigit-read-by';

/** The choice of who reads: this device or the service. The browser remembers it, where it may. */
export class ReadByChoice {
  readonly #select = byId('read-by', HTMLSelectElement);
  readonly #row = byId('read-by-row', HTMLElement);
  readonly #device = byId('read-by-device', HTMLOptionElement);
  #chosen: ReadBy = remembered() === 'service' ? 'service' : 'device';

  constructor(onChange: () => void) {
    this.#select.addEventListener('change', () => {
      this.#chosen = this.#select.value === 'service' ? 'service' : 'device';
      remember(this.#chosen);
      onChange();
    });
  }

  /** What the user would have, where there is a choice. */
  get value(): ReadBy {
    return this.#chosen;
  }

  /**
   * Shows who reads, and whether there is a choice.
   * @param service what is known of it
   */
  show(readBy: ReadBy, service: ServiceKnown['kind']): void {
    const isOther = service === 'open' && readBy !== this.#chosen;
    this.#row.hidden = service === 'none';
    this.#row.title = isOther ? text('otherModel') : '';
    this.#device.disabled = isOther;
    this.#select.value = readBy;
  }
}

function remembered(): string | null {
  try {
    return localStorage.getItem(KEPT_AS);
  } catch {
    return null; // the browser keeps nothing for pages
  }
}

function remember(choice: ReadBy): void {
  try {
    // What every visitor begins with is not kept.
    if (choice === 'device') localStorage.removeItem(KEPT_AS);
    else localStorage.setItem(KEPT_AS, choice);
  } catch {
    // Then it holds until the page is closed.
  }
}
