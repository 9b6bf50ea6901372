import { describe, expect, it } from 'vitest';
import {
  canonicalJson,
  decodeUtf8,
  Float,
  isJsonNumber,
  isJsonObject,
  JsonError,
  type JsonObject,
  MAX_JSON_DEPTH,
  parseJson,
} from '../../src/chain/index.js';

describe('parseJson', () => {
  it.each<[string, unknown]>([
    ['null', null],
    ['true', true],
    ['false', false],
    ['""', ''],
    ['[]', []],
    ['{}', {}],
    [' \t\r\n{ "a" : [ 1 , { "b" : null } ] } \n', { a: [1, { b: null }] }],
    ['"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\\/\b\f\n\r\t'],
    ['"\\u00e9\\u00E9\\ud83d\\ude00"', 'éé😀'],
    ['"é😀\u007f\u2028"', 'é😀\u007f\u2028'],
    ['"\\ud800"', '\ud800'],
  ])('reads %s', (text, value) => {
    expect(parseJson(text)).toEqual(value);
    expect(parseJson(Buffer.from(text))).toEqual(value);
  });

  describe('numbers keep kind and size', () => {
    it.each<[string, unknown]>([
      ['5', 5],
      ['-5', -5],
      ['9007199254740991', Number.MAX_SAFE_INTEGER],
      ['-9007199254740991', Number.MIN_SAFE_INTEGER],
      ['9007199254740992', 2n ** 53n],
      ['9007199254740993', 2n ** 53n + 1n],
      ['-123456789012345678901234567890', -123456789012345678901234567890n],
      ['5.0', new Float(5)],
      ['5.00', new Float(5)],
      ['5e0', new Float(5)],
      ['50E-1', new Float(5)],
      ['1e5', new Float(100000)],
      ['-0.0', new Float(-0)],
      ['1e-400', new Float(0)],
      ['9007199254740991.0', new Float(Number.MAX_SAFE_INTEGER)],
      ['9007199254740992.0', 2 ** 53],
      ['1e16', 1e16],
      ['1.7976931348623157e308', Number.MAX_VALUE],
      ['5e-324', Number.MIN_VALUE],
      ['0.1', 0.1],
    ])('%s', (text, value) => {
      expect(parseJson(text)).toStrictEqual(value);
    });

    it('an integer -0 is 0, a float -0.0 keeps its sign', () => {
      expect(Object.is(parseJson('-0'), 0)).toBe(true);
      expect(Object.is((parseJson('-0e0') as Float).value, -0)).toBe(true);
    });
  });

  describe('keys', () => {
    it('may be "__proto__" or anything that objects inherit, and change nothing but the object itself', () => {
      const value = parseJson(
        '{"__proto__": {"polluted": 1}, "constructor": 2, "toString": 3}',
      ) as JsonObject;
      expect(Object.keys(value)).toEqual(['__proto__', 'constructor', 'toString']);
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
      expect(value.polluted).toBeUndefined();
      expect(canonicalJson(value)).toBe('{"__proto__": {"polluted": 1}, "constructor": 2, "toString": 3}');
    });

    it.each([
      '{"a": 1, "a": 1}',
      '{"a": 1, "\\u0061": 1}',
      '{"__proto__": 1, "__proto__": 1}',
      '[{"b": {"a": 1, "c": 2, "a": 1}}]',
    ])('that stand twice are refused, even with equal values: %s', (text) => {
      expect(refusal(text)).toMatchObject({
        code: 'duplicate-key',
        message: expect.stringMatching(/the key "\w+" stands twice in one object/),
      });
    });

    it('that stand twice are named in a short message, however long they are', () => {
      const key = 'k'.repeat(100_000);
      expect(refusal(`{"${key}": 1, "${key}": 2}`).message.length).toBeLessThan(120);
    });

    it('may stand again in another object', () => {
      expect(parseJson('[{"a": 1}, {"a": {"a": 1}}]')).toEqual([{ a: 1 }, { a: { a: 1 } }]);
    });
  });

  describe('nesting', () => {
    it.each<[string, (depth: number) => string]>([
      ['arrays', (depth) => '['.repeat(depth) + ']'.repeat(depth)],
      ['objects', (depth) => `${'{"a": '.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}`],
      ['both', (depth) => `${'[{"a": '.repeat(depth / 2)}${depth % 2 ? '[]' : '1'}${'}]'.repeat(depth / 2)}`],
    ])('of %s may be 32 levels deep and no deeper', (_, text) => {
      expect(() => parseJson(text(MAX_JSON_DEPTH))).not.toThrow();
      expect(refusal(text(MAX_JSON_DEPTH + 1))).toMatchObject({
        code: 'too-deep',
        message: 'not valid JSON here: nested deeper than 32 levels',
      });
    });

    it('counts levels, not values side by side', () => {
      expect(parseJson(`[${'[],'.repeat(100)}[]]`)).toHaveLength(101);
    });
  });

  it.each([
    ['[1,]', 'not valid JSON at character 4: expected a value, found "]"'],
    ['[1 2]', 'not valid JSON at character 4: expected "," or "]", found "2"'],
    ['{"a" 1}', 'not valid JSON at character 6: expected ":", found "1"'],
    ['{a: 1}', 'not valid JSON at character 2: expected a key in double quotes, found "a"'],
    ['{"a": 1,}', 'not valid JSON at character 9: expected a key in double quotes, found "}"'],
    ['{"a": 1', 'not valid JSON at character 8: expected "," or "}", found the end'],
    ['1 2', 'not valid JSON at character 3: expected the end, found "2"'],
    [
      '"ab',
      'not valid JSON at character 4: expected a closing quote (control characters must be escaped), found the end',
    ],
    [
      '"\n"',
      'not valid JSON at character 2: expected a closing quote (control characters must be escaped), found "\\n"',
    ],
    ['"\\x41"', 'not valid JSON at character 3: expected an escape that JSON knows, found "x"'],
    ['"\\', 'not valid JSON at character 3: expected an escape that JSON knows, found the end'],
    ['"\\u12"', 'not valid JSON at character 4: expected four hex digits, found "1"'],
    ['True', 'not valid JSON at character 1: expected a value, found "T"'],
    ['\ufeff1', 'not valid JSON at character 1: expected a value, found "\ufeff"'],
    ['\u00a01', 'not valid JSON at character 1: expected a value, found "\u00a0"'],
    ['-', 'not valid JSON at character 1: expected a value, found "-"'],
    ['1.e5', 'not valid JSON at character 2: expected the end, found "."'],
    ['', 'not valid JSON at character 1: expected a value, found the end'],
  ])('%j is refused: %s', (text, message) => {
    expect(refusal(text)).toMatchObject({ code: 'syntax', message });
  });

  it.each(['1e309', '-1e309', '1.8e308', `1${'0'.repeat(400)}.0`])(
    'a float beyond a double is refused: %s',
    (text) => {
      expect(refusal(text)).toMatchObject({
        code: 'number-range',
        message: expect.stringMatching(/is too large for a float$/),
      });
      expect(refusal(text).message.length).toBeLessThan(80);
    },
  );

  it.each([
    ['a cut sequence', [0x22, 0xc3, 0x22]],
    ['an overlong form', [0x22, 0xc0, 0x80, 0x22]],
    ['an encoded surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['a stray byte', [0xff]],
  ])('bytes with %s are not UTF-8', (_, bytes) => {
    expect(refusal(Uint8Array.from(bytes))).toMatchObject({
      code: 'not-utf8',
      message: 'not valid JSON: the text is not UTF-8',
    });
  });
});

describe('decodeUtf8', () => {
  it('keeps a byte order mark, so that it is refused like any other stray character', () => {
    expect(decodeUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x31))).toBe('\ufeff1');
  });
});

describe('what is what', () => {
  it('numbers, bigints and floats are JSON numbers', () => {
    for (const value of [0, 0.5, 10n, new Float(5)]) {
      expect(isJsonNumber(value)).toBe(true);
      expect(isJsonObject(value)).toBe(false);
    }
    for (const value of ['5', null, undefined, [], {}]) expect(isJsonNumber(value)).toBe(false);
  });

  it('lists and null are not JSON objects', () => {
    expect(isJsonObject({})).toBe(true);
    for (const value of [[], null, undefined, 'x', () => 1]) expect(isJsonObject(value)).toBe(false);
  });

  it('a Float is its number to JSON.stringify', () => {
    expect(JSON.stringify({ amount: new Float(5) })).toBe('{"amount":5}');
  });
});

function refusal(text: string | Uint8Array): JsonError {
  try {
    parseJson(text);
  } catch (error) {
    expect(error).toBeInstanceOf(JsonError);
    return error as JsonError;
  }
  throw new Error('it was not refused');
}
