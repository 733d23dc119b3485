import {
  SNIPPET_LANGUAGES,
  snippetOf,
  type AskedQuestion,
  type SnippetLanguage,
} from '../../share/snippets.js';
import { text } from '../../words/words.js';
import { copyText } from '../copy.js';
import { byId, make } from '../elements.js';

/** Programs that ask the same as the page did, one language at a time, with a button that copies. */
export class SnippetView {
  readonly #code = byId('curl', HTMLElement);
  readonly #copy = byId('copy', HTMLButtonElement);
  readonly #say: (said: string) => void;
  #language: SnippetLanguage = 'curl';
  #question: AskedQuestion | null = null;

  constructor(say: (said: string) => void) {
    this.#say = say;
    const choices = SNIPPET_LANGUAGES.map((language) => {
      const input = make('input');
      input.type = 'radio';
      input.name = 'snippet';
      input.value = language;
      input.checked = language === this.#language;
      input.addEventListener('change', () => {
        this.#language = language;
        this.show();
      });
      const name = make('span', '', language === 'inkdigit' ? text('commandLine') : language);
      if (language === 'inkdigit') name.dataset['t'] = 'commandLine';
      return make('label', '', input, name);
    });
    byId('snippet-languages', HTMLElement).append(...choices);
    this.#copy.addEventListener('click', () => void this.#copyCode());
    this.show();
  }

  /** @param question what was asked last; `null` where nothing was */
  show(question: AskedQuestion | null = this.#question): void {
    this.#question = question;
    this.#code.textContent = question ? snippetOf(this.#language, question) : text('drawFirst');
    this.#copy.disabled = question === null;
  }

  /** Nothing was asked. */
  clear(): void {
    this.#question = null;
    this.show();
  }

  async #copyCode(): Promise<void> {
    const isCopied = await copyText(this.#code);
    this.#copy.textContent = text(isCopied ? 'copied' : 'pressCopy');
    this.#say(text(isCopied ? 'copiedSaid' : 'selectedSaid'));
    setTimeout(() => (this.#copy.textContent = text('copy')), 2_000);
  }
}
