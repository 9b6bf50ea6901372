/** Numbers and times as the reader's language writes them. */
import type { Words } from '../words/index.js';

export function clock(time: number, words: Words): string {
  return new Date(time).toLocaleTimeString(words.htmlLang, { hour12: false });
}

export function dateAndTime(time: number, words: Words): string {
  return new Date(time).toLocaleString(words.htmlLang, { hour12: false });
}

export function count(number: number, words: Words): string {
  return Math.round(number).toLocaleString(words.htmlLang);
}

/** Short: 1.2M, or 120万. */
export function roughly(number: number, words: Words): string {
  return number.toLocaleString(words.htmlLang, { notation: 'compact', maximumSignificantDigits: 3 });
}
