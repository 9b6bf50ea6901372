/**
 * Canonical JSON: byte for byte what Python's `json.dumps(value, sort_keys=True)` prints, so that the hashes of
 * the tutorial's Python nodes and ours agree.
 */
import { JsonError } from './errors.js';
import { Float, isJsonNumber, type JsonNumber, MAX_JSON_DEPTH } from './json.js';

/**
 * The canonical text of a value. Objects with a `toJSON` method are asked for what they stand for, as
 * `JSON.stringify` does; keys whose value is undefined are left out.
 *
 * @throws JsonError on what JSON has no form for (NaN, infinities, functions), or nesting beyond {@link MAX_JSON_DEPTH}
 * @example canonicalJson({ b: 1, a: [0.00001, 'é'] }) === '{"a": [1e-05, "\\u00e9"], "b": 1}'
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0);
}

function write(value: unknown, depth: number): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'string') return stringText(value);
  if (isJsonNumber(value)) return numberText(value);
  if (typeof value !== 'object') throw new JsonError('not-json', `JSON has no form for a ${typeof value}`);
  if (depth >= MAX_JSON_DEPTH) throw new JsonError('too-deep', `nested deeper than ${MAX_JSON_DEPTH} levels`);
  if (Array.isArray(value)) return `[${Array.from(value, (item) => write(item, depth + 1)).join(', ')}]`;
  if ('toJSON' in value && typeof value.toJSON === 'function') return write(value.toJSON(), depth);
  return writeObject(value as Record<string, unknown>, depth + 1);
}

function writeObject(object: Record<string, unknown>, depth: number): string {
  const members = Object.keys(object)
    .filter((key) => object[key] !== undefined)
    .sort(byCodePoint)
    .map((key) => `${stringText(key)}: ${write(object[key], depth)}`);
  return `{${members.join(', ')}}`;
}

/**
 * The text of a number: integers as they are, floats as Python's `repr` has them (shortest digits that read back
 * the same; an exponent below 1e-4 and from 1e16 on).
 *
 * @throws JsonError on NaN and the infinities
 */
export function numberText(value: JsonNumber): string {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Float) return floatText(value.value);
  if (Number.isSafeInteger(value)) return value.toString();
  return floatText(value);
}

function floatText(value: number): string {
  if (!Number.isFinite(value)) throw new JsonError('number-range', `JSON has no form for ${value}`);
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const [mantissa = '0', power = '0'] = Math.abs(value).toExponential().split('e');
  const digits = mantissa.replace('.', '');
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
    return `${sign}${digits[0]}${fraction}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}

/** What follows the backslash, by the unit that it stands for. */
const SHORT_ESCAPES = new Map(
  ['""', '\\\\', '\bb', '\ff', '\nn', '\rr', '\tt'].map((pair) => [pair.charCodeAt(0), pair.charCodeAt(1)]),
);
const SPACE = 0x20;
const TILDE = 0x7e;
const BACKSLASH = 0x5c;
const LETTER_U = 0x75;
const HEX = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
/** Of a UTF-16 unit, in bytes: a backslash, "u" and four digits. A surrogate pair is two. */
const LONGEST_ESCAPE = 6;
/** All but the printable ASCII characters, and of those the two that need an escape. */
const ESCAPED = /["\\]|[^ -~]/;

const ascii = new TextDecoder();

/** The text of a string: ASCII only, all else escaped. */
export function stringText(text: string): string {
  return ESCAPED.test(text) ? `"${escapedText(text)}"` : `"${text}"`;
}

/** Written as bytes: a string for each escape takes fifty times as much memory for a moment. */
function escapedText(text: string): string {
  const bytes = new Uint8Array(LONGEST_ESCAPE * text.length);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    const letter = SHORT_ESCAPES.get(unit);
    if (letter !== undefined) {
      bytes[length++] = BACKSLASH;
      bytes[length++] = letter;
    } else if (unit >= SPACE && unit <= TILDE) bytes[length++] = unit;
    else {
      bytes[length++] = BACKSLASH;
      bytes[length++] = LETTER_U;
      for (let shift = 12; shift >= 0; shift -= 4) bytes[length++] = HEX[(unit >> shift) & 0xf] as number;
    }
  }
  return ascii.decode(bytes.subarray(0, length));
}

/** Python sorts keys by code point; JavaScript's own order, by UTF-16 unit, puts U+1F600 before U+FFFF. */
function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  if (at === length) return a.length - b.length;
  // Where the second half of a pair differs, the code points begin one unit earlier.
  const inPair = isLowSurrogate(a.charCodeAt(at)) || isLowSurrogate(b.charCodeAt(at));
  if (inPair && at > 0 && isHighSurrogate(a.charCodeAt(at - 1))) at--;
  return (a.codePointAt(at) as number) - (b.codePointAt(at) as number);
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
