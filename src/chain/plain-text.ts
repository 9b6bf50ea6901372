/** Reads plain canonical JSON from its beginning, a piece at a time: no pattern is matched, and nothing is read twice. */
import { Float, type JsonNumber } from './json.js';

const ZERO = 0x30;
const POINT = 0x2e;
const HEX = kindOf(/[0-9a-f]/);
/** Printable ASCII but `"` and `\`. */
const NAME = kindOf(/[ !#-[\]-~]/);

/** Fifteen digits are safe in a double. */
const MAX_INTEGER_DIGITS = 15;
/** As many as a double may need after the point. */
const MAX_FRACTION_DIGITS = 17;
const MAX_NAME_CHARACTERS = 256;
/** Smaller floats, but 0, have an exponent. */
const LEAST_PLAIN_FLOAT = 1e-4;
/** Below it two decimals of as many digits are further apart than doubles are there: no two are the same double. */
const MAX_DISTINCT = 2 ** 52;

export class PlainText {
  /** How far it was read. */
  at = 0;

  constructor(private readonly text: string) {}

  get isOver(): boolean {
    return this.at === this.text.length;
  }

  /** What was read from here on. */
  since(start: number): string {
    return this.text.slice(start, this.at);
  }

  /** Whether this comes next; it is passed over then. */
  takes(literal: string): boolean {
    if (!this.text.startsWith(literal, this.at)) return false;
    this.at += literal.length;
    return true;
  }

  /** An integer of at most 15 digits. */
  integer(): number | undefined {
    const start = this.at;
    const value = this.#digits(0, MAX_INTEGER_DIGITS);
    const isPadded = this.at > start + 1 && this.text.charCodeAt(start) === ZERO;
    return this.at === start || isPadded ? undefined : value;
  }

  /** A number whose canonical text is the one that stands here; undefined where it may be another. */
  number(): JsonNumber | undefined {
    const start = this.at;
    const whole = this.integer();
    if (whole === undefined || this.text.charCodeAt(this.at) !== POINT) return whole;
    this.at++;
    const point = this.at;
    const digits = this.#digits(whole, MAX_FRACTION_DIGITS);
    const places = this.at - point;
    if (places === 0) return undefined;
    const endsInZero = this.text.charCodeAt(this.at - 1) === ZERO;
    if (endsInZero) return places === 1 && whole > 0 ? new Float(whole) : undefined;
    // Both are exact below 2^53, so that the quotient is the nearest double, and the text the shortest for it.
    if (digits < MAX_DISTINCT) return plain(digits / 10 ** places);
    const text = this.since(start);
    const value = Number(text);
    return String(value) === text ? plain(value) : undefined;
  }

  /** So many lowercase hex digits. */
  hex(count: number): string | undefined {
    return this.#run(HEX, count) === count ? this.since(this.at - count) : undefined;
  }

  /** A name, as long as it may be. */
  name(): string | undefined {
    const length = this.#run(NAME, MAX_NAME_CHARACTERS);
    return length > 0 ? this.since(this.at - length) : undefined;
  }

  /** Passes over the characters that come of a kind, so many at most. @returns how many they are */
  #run(kind: Uint8Array, max: number): number {
    const { text, at: start } = this;
    const end = Math.min(text.length, start + max);
    let at = start;
    while (at < end && kind[text.charCodeAt(at)] === 1) at++;
    this.at = at;
    return at - start;
  }

  /** The digits that come, at most so many, after those of a number. */
  #digits(before: number, max: number): number {
    const { text, at: start } = this;
    const end = Math.min(text.length, start + max);
    let value = before;
    let at = start;
    for (; at < end; at++) {
      const digit = text.charCodeAt(at) - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    this.at = at;
    return value;
  }
}

/** By character code: 1 for those of the kind. */
function kindOf(pattern: RegExp): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, code) => (pattern.test(String.fromCharCode(code)) ? 1 : 0));
}

function plain(value: number): number | undefined {
  return value >= LEAST_PLAIN_FLOAT ? value : undefined;
}
