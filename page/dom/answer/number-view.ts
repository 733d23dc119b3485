import type { PageNumber } from '../../answers.js';
import { alternativesOf, digitCaption, numberCaption, unreadNote } from '../../number/number-words.js';
import { byId, make } from '../elements.js';

/** Less probable digits are marked. */
const DOUBTFUL = 0.9;

/** A number in large type, of which each digit can be chosen: by mouse, finger or keys. */
export class NumberView {
  readonly #block = byId('number', HTMLElement);
  readonly #numerals = byId('numerals', HTMLElement);
  readonly #caption = byId('number-caption', HTMLElement);
  readonly #others = byId('number-others', HTMLElement);
  readonly #unread = byId('number-unread', HTMLElement);
  readonly #onPoint: (at: number | null) => void;
  readonly #onChoose: (at: number) => void;
  #inputs: readonly HTMLInputElement[] = [];

  /**
   * @param onPoint a mouse points to a digit, by its place, or to none any more
   * @param onChoose a digit was chosen
   */
  constructor(onPoint: (at: number | null) => void, onChoose: (at: number) => void) {
    this.#onPoint = onPoint;
    this.#onChoose = onChoose;
  }

  hide(): void {
    this.#block.hidden = true;
    this.#numerals.replaceChildren();
    this.#inputs = [];
  }

  /** @param chosen the digit that is chosen at first */
  show(number: PageNumber, chosen: number): void {
    const hadFocus = this.#inputs.some((input) => input === document.activeElement);
    const inputs: HTMLInputElement[] = [];
    const lines = number.lines.map(({ text, digits: [from = 0] }) => {
      let at = from;
      const marks = text.split('').map((mark) => {
        if (mark === ' ') return make('span', 'numeral', '\u2007');
        const { element, input } = this.#numeral(number, mark, at);
        inputs.push(input);
        at += 1;
        return element;
      });
      return make('div', 'number-line', ...marks);
    });
    this.#numerals.replaceChildren(...lines);
    this.#inputs = inputs;
    this.#numerals.style.setProperty('--columns', String(Math.max(...number.lines.map(lengthOf), 1)));
    this.#numerals.style.setProperty('--rows', String(Math.max(number.lines.length, 1)));
    this.#block.dataset['accepted'] = String(number.accepted);
    this.#caption.textContent = numberCaption(number);
    tell(this.#others, alternativesOf(number));
    tell(this.#unread, unreadNote(number));
    this.#block.hidden = false;
    this.choose(chosen);
    if (hadFocus) this.#inputs[chosen]?.focus({ preventScroll: true });
  }

  choose(at: number): void {
    this.#inputs.forEach((input, i) => (input.checked = i === at));
  }

  #numeral(number: PageNumber, mark: string, at: number): { element: HTMLElement; input: HTMLInputElement } {
    const input = make('input', 'unseen');
    input.type = 'radio';
    input.name = 'numeral';
    input.ariaLabel = `${mark}. ${digitCaption(number, at)}`;
    input.addEventListener('change', () => this.#onChoose(at));
    const seen = make('span', '', mark);
    seen.ariaHidden = 'true';
    const element = make('label', 'numeral', input, seen);
    const digit = number.digits[at];
    element.classList.toggle('doubtful', digit !== undefined && digit.probability < DOUBTFUL);
    element.addEventListener('pointerenter', () => this.#onPoint(at));
    element.addEventListener('pointerleave', () => this.#onPoint(null));
    return { element, input };
  }
}

function lengthOf({ text }: { readonly text: string }): number {
  return text.length;
}

function tell(element: HTMLElement, text: string): void {
  element.textContent = text;
  element.hidden = text === '';
}
