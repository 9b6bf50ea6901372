/** Numbers, times and foreign text as a person wants to see them. */
import { Float, type JsonNumber, numberText } from '../chain/index.js';

/** What would move the cursor, turn the direction of writing, or not show at all. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu;
const SHORT: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Text from elsewhere, made safe for a terminal: what is invisible is written as an escape. */
export function printable(text: string): string {
  return text.replace(
    INVISIBLE,
    (character) => SHORT[character] ?? `\\u{${(character.codePointAt(0) as number).toString(16)}}`,
  );
}

/** @example formatCount(1234567) // '1,234,567' */
export function formatCount(value: number): string {
  // toLocaleString would load the tables of all languages first: 6 ms of a start.
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** @example plural(1, 'block') // '1 block' */
export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : nouns}`;
}

/** @example formatRate(2_345_678) // '2.35 million' */
export function formatRate(perSecond: number): string {
  if (perSecond < 1e6) return formatCount(Number(perSecond.toPrecision(3)));
  return `${(perSecond / 1e6).toPrecision(3)} million`;
}

const UNITS: readonly (readonly [seconds: number, name: string])[] = [
  [365.25 * 86_400, 'year'],
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
];

/** @example formatDuration(0.0042) // '4.2 ms' */
export function formatDuration(seconds: number): string {
  if (seconds < 1e-3) return `${Number((seconds * 1e6).toPrecision(2))} µs`;
  if (seconds < 1) return `${Number((seconds * 1e3).toPrecision(2))} ms`;
  if (seconds < 60) return `${Number(seconds.toPrecision(2))} s`;
  for (const [size, name] of UNITS) {
    const count = seconds / size;
    if (count >= 1) {
      const shown = count < 10 ? Number(count.toPrecision(2)) : Math.round(count);
      return `${shown.toLocaleString('en-US')} ${name}${shown === 1 ? '' : 's'}`;
    }
  }
  return `${Math.round(seconds)} s`;
}

/** A moment in this machine's time zone, `2026-01-31 17:04:05`. */
export function formatTime(ms: number): string {
  const date = new Date(ms);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** The last second of the year 9999. */
const LAST_SHOWN_SECOND = 253_402_300_799;

/** A block's timestamp in this machine's time zone; one that no calendar has is shown as it is. */
export function formatTimestamp(timestamp: JsonNumber): string {
  const seconds = Number(timestamp instanceof Float ? timestamp.value : timestamp);
  return seconds <= LAST_SHOWN_SECOND ? formatTime(seconds * 1000) : numberText(timestamp);
}

/** The beginning of a hash or transaction id, enough to tell it from others. */
export function shortHash(hash: string): string {
  return hash.length <= 12 ? hash : `${hash.slice(0, 12)}…`;
}

/** The end of a peer id: those of one kind all begin alike. */
export function shortPeer(peerId: string): string {
  return peerId.length <= 12 ? peerId : `…${peerId.slice(-10)}`;
}

const MAX_NAME = 24;

/** A sender or recipient: of a peer id, or another long name, the beginning and the end. */
export function shortName(name: string): string {
  const characters = [...name];
  if (characters.length <= MAX_NAME) return name;
  return `${characters.slice(0, 6).join('')}…${characters.slice(-10).join('')}`;
}
