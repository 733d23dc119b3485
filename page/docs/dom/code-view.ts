import { copyText } from '../../dom/copy.js';
import { make } from '../../dom/elements.js';
import { codeOf, LANGUAGES, type Language } from '../code-examples.js';
import type { Asked } from '../asked.js';
import { codeBlock } from './rich-text.js';

/** How long the button says what it did. */
const SAID_FOR_MS = 2_000;

/** The language that all operations show their code in. */
export class LanguageChoice {
  readonly #onChange: (() => void)[] = [];
  #language: Language = 'curl';

  get language(): Language {
    return this.#language;
  }

  choose(language: Language): void {
    this.#language = language;
    for (const show of this.#onChange) show();
  }

  onChange(show: () => void): void {
    this.#onChange.push(show);
  }
}

export interface CodeViewDeps {
  readonly choice: LanguageChoice;
  /** The address of the service, with a slash at its end. */
  readonly service: string;
  readonly say: (text: string) => void;
}

/** The request of a form as a program. */
export class CodeView {
  readonly element: HTMLElement;
  readonly #deps: CodeViewDeps;
  readonly #block = codeBlock('', 'The request as code');
  readonly #radios: readonly HTMLInputElement[];
  #asked: Asked;

  constructor(id: string, asked: Asked, deps: CodeViewDeps) {
    this.#asked = asked;
    this.#deps = deps;
    this.#radios = LANGUAGES.map((language) => {
      const radio = make('input');
      radio.type = 'radio';
      radio.name = `${id}-language`;
      radio.value = language;
      radio.addEventListener('change', () => deps.choice.choose(language));
      return radio;
    });
    const choices = this.#radios.map((radio) => make('label', '', radio, make('span', '', radio.value)));
    const languages = make('fieldset', 'segments', make('legend', 'unseen', 'Language'), ...choices);
    const copy = make('button', '', 'Copy');
    copy.type = 'button';
    copy.addEventListener('click', () => void this.#copy(copy));
    this.element = make('div', 'code', make('div', 'code-head', languages, copy), this.#block);
    deps.choice.onChange(() => this.#show());
    this.#show();
  }

  show(asked: Asked): void {
    this.#asked = asked;
    this.#show();
  }

  #show(): void {
    const { choice, service } = this.#deps;
    for (const radio of this.#radios) radio.checked = radio.value === choice.language;
    this.#block.replaceChildren(make('code', '', codeOf(choice.language, this.#asked, service)));
  }

  async #copy(button: HTMLButtonElement): Promise<void> {
    const isCopied = await copyText(this.#block);
    button.textContent = isCopied ? 'Copied' : 'Press Ctrl+C';
    this.#deps.say(isCopied ? 'The code is copied.' : 'The code is selected; copy it with Control C.');
    setTimeout(() => (button.textContent = 'Copy'), SAID_FOR_MS);
  }
}
