import { factsOf, type ModelCard } from '../../model-facts.js';
import { text } from '../../words/words.js';
import { byId, make } from '../elements.js';

/** What the model's card says of it: its name at the foot of the page, the facts in a panel. */
export class ModelPanel {
  readonly #name = byId('model', HTMLElement);
  readonly #panel = byId('about', HTMLDetailsElement);
  readonly #facts = byId('model-facts', HTMLElement);
  #card: ModelCard | null = null;

  /** @param card `null` where it is not known */
  show(card: ModelCard | null = this.#card): void {
    this.#card = card;
    this.#panel.hidden = card === null;
    if (!card) return;
    this.#name.textContent = text('model', { name: card.name });
    const facts = factsOf(card).map(([name, value]) =>
      make('div', '', make('dt', '', name), make('dd', '', value)),
    );
    this.#facts.replaceChildren(...facts);
  }
}
