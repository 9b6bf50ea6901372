/** The languages of the page. One more is one file more, and one line here. */
import { en, type Words } from './en.js';
import { zh } from './zh.js';

export type { Words } from './en.js';

export const LANGUAGES = { en, zh } satisfies Record<string, Words>;
export type Language = keyof typeof LANGUAGES;

/** The first of the reader's languages that there is. */
export function preferredLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const language = tag.toLowerCase().split('-')[0] as Language;
    if (Object.hasOwn(LANGUAGES, language)) return language;
  }
  return 'en';
}
