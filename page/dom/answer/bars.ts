import { NONE, shares } from '../../answers.js';
import { tenths, text } from '../../words/words.js';
import { byId, make } from '../elements.js';

/** The probabilities of the ten digits, and of no digit. What they show adds up to 100%. */
export class Bars {
  readonly #bars = Array.from({ length: NONE + 1 }, (_, value) => new Bar(value));

  constructor() {
    byId('bars', HTMLElement).append(...this.#bars.map((bar) => bar.element));
  }

  /** @param best the digit that it is, or `NONE` */
  show(probabilities: readonly number[], best: number): void {
    const shown = shares(probabilities);
    for (const [value, bar] of this.#bars.entries()) bar.show(shown[value] ?? 0, value === best);
  }

  blank(): void {
    for (const bar of this.#bars) bar.show(null, false);
  }
}

class Bar {
  readonly element: HTMLLIElement;
  readonly #fill = make('span', 'bar-fill');
  readonly #number = make('span', 'bar-number');

  constructor(value: number) {
    const name = make('span', 'bar-digit', value === NONE ? text('noDigitBar') : String(value));
    if (value === NONE) name.dataset['t'] = 'noDigitBar';
    this.element = make('li', 'bar', name, make('span', 'bar-track', this.#fill), this.#number);
    this.element.classList.toggle('bar-none', value === NONE);
  }

  /** @param share in tenths of a percent; `null` where there is none */
  show(share: number | null, isBest: boolean): void {
    this.element.classList.toggle('best', isBest);
    this.element.classList.toggle('tiny', share !== null && share < 10);
    this.#fill.style.setProperty('--share', String((share ?? 0) / 1000));
    this.#number.textContent = share === null ? '–' : tenths(share);
  }
}
