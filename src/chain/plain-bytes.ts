/** Reads plain canonical JSON from its beginning, a piece at a time: no pattern is matched, and no string is made. */
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

/** What {@link PlainBytes.takes} takes. */
export function ascii(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

export class PlainBytes {
  /** How far it was read. */
  at: number;
  readonly #bytes: Buffer;

  constructor(bytes: Uint8Array, at = 0) {
    const { buffer, byteOffset, byteLength } = bytes;
    this.#bytes = bytes instanceof Buffer ? bytes : Buffer.from(buffer, byteOffset, byteLength);
    this.at = at;
  }

  get isOver(): boolean {
    return this.at === this.#bytes.length;
  }

  /** What was read from one place to another. */
  text(from: number, to: number): string {
    return this.#bytes.toString('latin1', from, to);
  }

  /** The bytes from one place to another. */
  part(from: number, to: number): Uint8Array {
    return this.#bytes.subarray(from, to);
  }

  /** Whether this, and no more, stands from one place to another. */
  is(literal: Uint8Array, from: number, to: number): boolean {
    return to - from === literal.length && this.#stands(literal, from);
  }

  /** Whether this comes next; it is passed over then. */
  takes(literal: Uint8Array): boolean {
    if (!this.#stands(literal, this.at)) return false;
    this.at += literal.length;
    return true;
  }

  /** An integer of at most 15 digits. */
  integer(): number | undefined {
    const start = this.at;
    const value = this.#digits(0, MAX_INTEGER_DIGITS);
    const isPadded = this.at > start + 1 && this.#bytes[start] === ZERO;
    return this.at === start || isPadded ? undefined : value;
  }

  /** A number whose canonical text is the one that stands here; undefined where it may be another. */
  number(): JsonNumber | undefined {
    const start = this.at;
    const whole = this.integer();
    if (whole === undefined || this.#bytes[this.at] !== POINT) return whole;
    this.at++;
    const point = this.at;
    const digits = this.#digits(whole, MAX_FRACTION_DIGITS);
    const places = this.at - point;
    if (places === 0) return undefined;
    const endsInZero = this.#bytes[this.at - 1] === ZERO;
    if (endsInZero) return places === 1 && whole > 0 ? new Float(whole) : undefined;
    // Both are exact below 2^53, so that the quotient is the nearest double, and the text the shortest for it.
    if (digits < MAX_DISTINCT) return plain(digits / 10 ** places);
    const text = this.text(start, this.at);
    const value = Number(text);
    return String(value) === text ? plain(value) : undefined;
  }

  /** Whether so many lowercase hex digits come next; they are passed over then. */
  hex(count: number): boolean {
    return this.#pass(HEX, count) === count;
  }

  /** Whether a name comes next, as long as it may be; it is passed over then. */
  name(): boolean {
    return this.#pass(NAME, MAX_NAME_CHARACTERS) > 0;
  }

  #stands(literal: Uint8Array, at: number): boolean {
    const bytes = this.#bytes;
    for (let i = 0; i < literal.length; i++) if (bytes[at + i] !== literal[i]) return false;
    return true;
  }

  /** Passes over the characters that come of a kind, so many at most. @returns how many they are */
  #pass(kind: Uint8Array, max: number): number {
    const { at: start } = this;
    const bytes = this.#bytes;
    const end = Math.min(bytes.length, start + max);
    let at = start;
    while (at < end && kind[bytes[at] as number] === 1) at++;
    this.at = at;
    return at - start;
  }

  /** The digits that come, at most so many, after those of a number. */
  #digits(before: number, max: number): number {
    const { at: start } = this;
    const bytes = this.#bytes;
    const end = Math.min(bytes.length, start + max);
    let value = before;
    let at = start;
    for (; at < end; at++) {
      const digit = (bytes[at] as number) - ZERO;
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
