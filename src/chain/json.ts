/**
 * JSON whose numbers keep their kind and size: `5`, `5.0` and a 30-digit integer are three different things
 * to a hash. `JSON.parse` turns the first two into one and rounds the third, and lets duplicate keys pass.
 */
import { JsonError } from './errors.js';

/** Arrays and objects may stand in one another this deep, as everywhere in the ledger. */
export const MAX_JSON_DEPTH = 32;

/**
 * An integer has at most this many digits: Python's own bound (`sys.int_info.default_max_str_digits`), beyond which its
 * nodes could not read a chain, and conversion takes quadratic time.
 */
export const MAX_INTEGER_DIGITS = 4_300;

/** A float whose value is an integer (`5.0`, `-0.0`, `1e5`): what a JavaScript number alone cannot tell from an integer. */
export class Float {
  constructor(readonly value: number) {}

  /** For `JSON.stringify`, which knows one kind of number only. */
  toJSON(): number {
    return this.value;
  }
}

/** Safe integers are numbers, larger ones bigints; floats are numbers, or {@link Float} where a safe integer would be meant. */
export type JsonNumber = number | bigint | Float;
export type Json = null | boolean | string | JsonNumber | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

export function isJsonNumber(value: unknown): value is JsonNumber {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof Float;
}

export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Float);
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @throws JsonError `not-utf8` */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new JsonError('not-utf8', 'not valid JSON: the text is not UTF-8');
  }
}

/**
 * Reads one JSON value (RFC 8259), and refuses what would make its hash ambiguous.
 *
 * @throws JsonError on anything but one JSON value; on a key that stands twice in one object, a float beyond
 *   the range of a double, or nesting beyond {@link MAX_JSON_DEPTH}
 */
export function parseJson(input: string | Uint8Array): Json {
  const text = typeof input === 'string' ? input : decodeUtf8(input);
  return new Parser(text).document();
}

/**
 * The same of an element of an array, whose text ends with the comma or the bracket behind it.
 *
 * @throws JsonError
 */
export function parseElement(text: string): Json {
  return new Parser(text).element();
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const HEX4 = /[0-9a-fA-F]{4}/y;
/** Letters that may follow a backslash, but for "u". */
const ESCAPES = '"\\/bfnrt';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/**
 * As {@link parseJson}, for those whose own error says what was to be read.
 *
 * @param refuse makes the error out of what is wrong with the JSON
 */
export function parseJsonOr(bytes: Uint8Array, refuse: (message: string) => Error): Json {
  try {
    return parseJson(bytes);
  } catch (error) {
    if (error instanceof JsonError) throw refuse(error.message);
    throw error;
  }
}

class Parser {
  #at = 0;

  constructor(readonly text: string) {}

  document(): Json {
    const value = this.#value(0);
    if (this.#at < this.text.length) throw this.#unexpected('the end');
    return value;
  }

  element(): Json {
    const value = this.#value(0);
    if (!this.#take(',') && !this.#take(']')) throw this.#unexpected('"," or "]"');
    return value;
  }

  #value(depth: number): Json {
    this.#skip();
    const value = this.#bareValue(depth);
    this.#skip();
    return value;
  }

  #bareValue(depth: number): Json {
    switch (this.text[this.#at]) {
      case '{':
        return this.#object(depth + 1);
      case '[':
        return this.#array(depth + 1);
      case '"':
        return this.#string();
      case 't':
        return this.#word('true', true);
      case 'f':
        return this.#word('false', false);
      case 'n':
        return this.#word('null', null);
      default:
        return this.#number();
    }
  }

  #object(depth: number): JsonObject {
    this.#enter(depth);
    const object: JsonObject = {};
    if (this.#take('}')) return object;
    do {
      this.#skip();
      if (this.text[this.#at] !== '"') throw this.#unexpected('a key in double quotes');
      const key = this.#string();
      if (Object.hasOwn(object, key)) {
        throw new JsonError(
          'duplicate-key',
          `not valid JSON: the key ${JSON.stringify(shorten(key))} stands twice in one object`,
        );
      }
      this.#skip();
      if (!this.#take(':')) throw this.#unexpected('":"');
      setOwn(object, key, this.#value(depth));
    } while (this.#take(','));
    if (!this.#take('}')) throw this.#unexpected('"," or "}"');
    return object;
  }

  #array(depth: number): Json[] {
    this.#enter(depth);
    const array: Json[] = [];
    if (this.#take(']')) return array;
    do array.push(this.#value(depth));
    while (this.#take(','));
    if (!this.#take(']')) throw this.#unexpected('"," or "]"');
    return array;
  }

  #enter(depth: number): void {
    if (depth > MAX_JSON_DEPTH) {
      throw new JsonError('too-deep', `not valid JSON here: nested deeper than ${MAX_JSON_DEPTH} levels`);
    }
    this.#at++;
    this.#skip();
  }

  /**
   * Checks here, so that the error says what is wrong; what escapes stand for, the engine puts together: joined one by one
   * they take fifty times their bytes.
   */
  #string(): string {
    const start = this.#at;
    this.#at++;
    this.#skipPlain();
    const isPlain = this.text[this.#at] === '"';
    while (this.#take('\\')) {
      this.#escape();
      this.#skipPlain();
    }
    if (!this.#take('"')) throw this.#unexpected('a closing quote (control characters must be escaped)');
    return isPlain
      ? this.text.slice(start + 1, this.#at - 1)
      : (JSON.parse(this.text.slice(start, this.#at)) as string);
  }

  /** What follows a backslash. */
  #escape(): void {
    if (this.#take('u')) {
      HEX4.lastIndex = this.#at;
      if (!HEX4.test(this.text)) throw this.#unexpected('four hex digits');
      this.#at += 4;
    } else {
      const letter = this.text[this.#at];
      if (letter === undefined || !ESCAPES.includes(letter))
        throw this.#unexpected('an escape that JSON knows');
      this.#at++;
    }
  }

  #number(): JsonNumber {
    NUMBER.lastIndex = this.#at;
    const match = NUMBER.exec(this.text);
    if (match === null) throw this.#unexpected('a value');
    this.#at = NUMBER.lastIndex;
    const [text, fraction, exponent] = match;
    const value = Number(text);
    if (fraction === undefined && exponent === undefined) {
      if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
      if (text.length > MAX_INTEGER_DIGITS) {
        throw new JsonError(
          'number-range',
          `not valid JSON here: an integer has at most ${MAX_INTEGER_DIGITS} digits`,
        );
      }
      return BigInt(text);
    }
    if (!Number.isFinite(value)) {
      throw new JsonError('number-range', `not valid JSON here: ${shorten(text)} is too large for a float`);
    }
    return Number.isSafeInteger(value) ? new Float(value) : value;
  }

  #word<T extends Json>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.#at)) throw this.#unexpected('a value');
    this.#at += word.length;
    return value;
  }

  #take(character: string): boolean {
    if (this.text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #skip(): void {
    while (isWhitespace(this.text.charCodeAt(this.#at))) this.#at++;
  }

  /** Past what stands for itself in a string. */
  #skipPlain(): void {
    for (; this.#at < this.text.length; this.#at++) {
      const code = this.text.charCodeAt(this.#at);
      if (code === QUOTE || code === BACKSLASH || code < SPACE) break;
    }
  }

  #unexpected(wanted: string): JsonError {
    const character = this.text[this.#at];
    const found = character === undefined ? 'the end' : JSON.stringify(character);
    const at = this.#at;
    const problem = `expected ${wanted}, found ${found}`;
    return new JsonError('syntax', `not valid JSON at character ${at + 1}: ${problem}`, { at, problem });
  }
}

function isWhitespace(code: number): boolean {
  return code === SPACE || code === 0x0a || code === 0x0d || code === 0x09;
}

/** An assignment would set the prototype where the key is "__proto__". */
function setOwn(object: JsonObject, key: string, value: Json): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
}

function shorten(text: string): string {
  return text.length <= 24 ? text : `${text.slice(0, 20)}…`;
}
