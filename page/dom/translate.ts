import { currentLanguage, text } from '../words/words.js';
import type { WordKey } from '../words/en.js';

/** Attributes that have texts: `data-t-title="key"` fills `title`. */
const ATTRIBUTES = ['aria-label', 'title', 'content'] as const;

/** Puts every text of the document into the current language: of elements with `data-t`, and of their attributes. */
export function translateDocument(): void {
  const { documentElement } = document;
  documentElement.lang = currentLanguage();
  for (const element of document.querySelectorAll<HTMLElement>('[data-t]')) {
    element.textContent = text(keyOf(element.dataset['t']));
  }
  for (const attribute of ATTRIBUTES) {
    for (const element of document.querySelectorAll(`[data-t-${attribute}]`)) {
      element.setAttribute(attribute, text(keyOf(element.getAttribute(`data-t-${attribute}`) ?? '')));
    }
  }
}

/** The build refuses a document with a key that there is not. */
function keyOf(key = ''): WordKey {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return key as WordKey;
}
