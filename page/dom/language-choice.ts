import { chooseLanguage, isLanguage, LANGUAGES, speak, type Language } from '../words/words.js';
import { EN, type Words } from '../words/en.js';
import { byId, make } from './elements.js';
import { translateDocument } from './translate.js';

const KEPT_AS = 'inkdigit-language';

/** The language of the page: the one that was chosen here once, else the browser's. */
export class LanguageChoice {
  readonly #select = byId('language', HTMLSelectElement);
  readonly #onChange: () => void;

  /** @param onChange what is shown has to be shown again, in another language */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
    for (const [tag, name] of Object.entries(LANGUAGES)) {
      const option = make('option', '', name);
      option.value = tag;
      option.lang = tag;
      this.#select.append(option);
    }
    this.#select.addEventListener('change', () => {
      if (!isLanguage(this.#select.value)) return;
      remember(this.#select.value);
      void this.#speak(this.#select.value);
    });
    const wanted = remembered() ?? chooseLanguage(navigator.languages);
    this.#select.value = wanted;
  }

  /** Puts the page into the language that was chosen, where the document is in another. */
  begin(): void {
    const { value } = this.#select;
    if (value !== 'en' && isLanguage(value)) void this.#speak(value);
  }

  async #speak(language: Language): Promise<void> {
    const words = await wordsOf(language).catch(() => null);
    if (!words || this.#select.value !== language) return;
    speak(language, words);
    translateDocument();
    this.#onChange();
  }
}

/** Each language is a file of its own, which is loaded where it is spoken. */
async function wordsOf(language: Language): Promise<Words> {
  if (language === 'de') return (await import('../words/de.js')).DE;
  if (language === 'es') return (await import('../words/es.js')).ES;
  if (language === 'fr') return (await import('../words/fr.js')).FR;
  return EN;
}

function remembered(): Language | null {
  try {
    const kept = localStorage.getItem(KEPT_AS) ?? '';
    return isLanguage(kept) ? kept : null;
  } catch {
    return null; // the browser keeps nothing for pages
  }
}

function remember(language: Language): void {
  try {
    localStorage.setItem(KEPT_AS, language);
  } catch {
    // Then it holds until the page is closed.
  }
}
