/** Numbers and times as the reader's language writes them. */
import type { Words } from '../words/index.js';

export function clock(time: number, words: Words): string {
  return isInCalendar(time)
    ? new Date(time).toLocaleTimeString(words.htmlLang, { hourCycle: 'h23' })
    : seconds(time);
}

/** The time where it was today, the day where it was not. */
export function clockOrDay(time: number, words: Words): string {
  if (!isInCalendar(time)) return seconds(time);
  const day = new Date(time).toLocaleDateString(words.htmlLang, { dateStyle: 'medium' });
  const isToday = day === new Date().toLocaleDateString(words.htmlLang, { dateStyle: 'medium' });
  return isToday ? clock(time, words) : day;
}

export function dateAndTime(time: number, words: Words): string {
  if (!isInCalendar(time)) return seconds(time);
  return new Date(time).toLocaleString(words.htmlLang, {
    dateStyle: 'medium',
    timeStyle: 'medium',
    hourCycle: 'h23',
  });
}

export function count(number: number, words: Words): string {
  return Math.round(number).toLocaleString(words.htmlLang);
}

/** A block's timestamp may be any number of seconds: beyond some the calendar of a browser ends. */
function isInCalendar(time: number): boolean {
  return !Number.isNaN(new Date(time).getTime());
}

function seconds(time: number): string {
  return `${time / 1000} s`;
}

/** Short: 1.2M, or 120万. */
export function roughly(number: number, words: Words): string {
  return number.toLocaleString(words.htmlLang, { notation: 'compact', maximumSignificantDigits: 3 });
}
