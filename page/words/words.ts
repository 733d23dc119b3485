import { EN, type WordKey, type Words } from './en.js';

/** Languages that are complete, each by its name in itself. */
export const LANGUAGES = { en: 'English', de: 'Deutsch', es: 'Español', fr: 'Français' } as const;
export type Language = keyof typeof LANGUAGES;

/** Probabilities that are not certain never look so. */
const ALMOST_ONE = 0.999;

let words: Words = EN;
let language: Language = 'en';

/** Which language the texts are in. */
export function currentLanguage(): Language {
  return language;
}

/** From here on every text is in this language. */
export function speak(spoken: Language, itsWords: Words): void {
  language = spoken;
  words = itsWords;
}

/** A text of the page. @param values what stands for each `{name}` of it */
export function text(key: WordKey, values: Readonly<Record<string, string | number>> = {}): string {
  return words[key].replaceAll(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole));
}

/** The first of the languages that someone reads which the page has; English where it has none. */
export function chooseLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const [primary = ''] = tag.toLowerCase().split('-');
    if (isLanguage(primary)) return primary;
  }
  return 'en';
}

export function isLanguage(tag: string): tag is Language {
  return Object.hasOwn(LANGUAGES, tag);
}

/** `0.9876` as "98.8%", as the language writes it; what is not quite certain never becomes 100%. */
export function percent(probability: number): string {
  const shown = probability < 1 ? Math.min(probability, ALMOST_ONE) : 1;
  return tenths(Math.round(shown * 1000));
}

/** A share in tenths of a percent. */
export function tenths(share: number): string {
  const digits = share === 1000 ? 0 : 1;
  return new Intl.NumberFormat(language, {
    style: 'percent',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(share / 1000);
}

/** A number as the language writes it. */
export function count(n: number): string {
  return new Intl.NumberFormat(language).format(n);
}
