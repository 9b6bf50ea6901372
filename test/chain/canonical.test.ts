import { describe, expect, it } from 'vitest';
import {
  canonicalJson,
  Float,
  JsonError,
  MAX_JSON_DEPTH,
  numberText,
  parseJson,
} from '../../src/chain/index.js';

describe('canonicalJson', () => {
  it.each<[unknown, string]>([
    [null, 'null'],
    [true, 'true'],
    [[], '[]'],
    [{}, '{}'],
    [[1, [2, 'x']], '[1, [2, "x"]]'],
    [{ b: 1, a: { d: null, c: [] } }, '{"a": {"c": [], "d": null}, "b": 1}'],
    [{ 10: 'a', 9: 'b' }, '{"10": "a", "9": "b"}'],
    ['a/b', '"a/b"'],
    ['"\\\b\f\n\r\t', '"\\"\\\\\\b\\f\\n\\r\\t"'],
    ['\u0000\u001f ~\u007f\u0080', '"\\u0000\\u001f ~\\u007f\\u0080"'],
    ['é中😀', '"\\u00e9\\u4e2d\\ud83d\\ude00"'],
    ['\ud800x\udc00', '"\\ud800x\\udc00"'],
    [new Float(5), '5.0'],
    [new Date(0), '"1970-01-01T00:00:00.000Z"'],
    [{ toJSON: () => ({ b: 1, a: new Float(2) }) }, '{"a": 2.0, "b": 1}'],
    [{ toJSON: 'a key like any other' }, '{"toJSON": "a key like any other"}'],
    [{ a: undefined, b: 1 }, '{"b": 1}'],
  ])('of %j is %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  describe('keys stand in the order of their code points', () => {
    it.each([
      ['the empty key first', ['', 'a']],
      ['a prefix first', ['a', 'aa', 'b']],
      ['upper case before lower case', ['B', 'a']],
      ['U+FFFF before an emoji', ['\uffff', '😀']],
      ['U+FFFF before an emoji, after a common beginning', ['x\uffff', 'x😀']],
      ['pairs that differ in their second halves only', ['😀', '😁']],
      ['pairs by code point, whatever follows', ['😀z', '😁a']],
      ['a lone surrogate before a pair that begins with it', ['\ud83d', '😀']],
      ['a lone surrogate and a letter before a pair', ['\ud83dz', '😀']],
      ['a lone high surrogate and more, before the same and yet more', ['\ud800a', '\ud800b']],
      ['two high surrogates, the second one of a pair', ['\ud83d\ud83d', '\ud83d😀', '\ud83d😁']],
      ['a lone low surrogate before U+FFFF, and that before a pair', ['\udc00', '\uffff', '\ud800\udc00']],
    ])('%s', (_, keys) => {
      const expected = `{${keys.map((key) => `${canonicalJson(key)}: 1`).join(', ')}}`;
      for (const order of [keys, keys.toReversed()]) {
        expect(canonicalJson(Object.fromEntries(order.map((key) => [key, 1])))).toBe(expected);
      }
    });
  });

  it('may be 32 levels deep and no deeper, as what is read', () => {
    expect(canonicalJson(nestedLists(MAX_JSON_DEPTH))).toBe('['.repeat(32) + ']'.repeat(32));
    expect(refusal(nestedLists(MAX_JSON_DEPTH + 1))).toMatchObject({
      code: 'too-deep',
      message: 'nested deeper than 32 levels',
    });
  });

  it.each<[string, unknown, string]>([
    ['undefined', undefined, 'JSON has no form for a undefined'],
    ['a function', () => 1, 'JSON has no form for a function'],
    ['a symbol in a list', [Symbol('x')], 'JSON has no form for a symbol'],
    ['undefined in a list', [undefined], 'JSON has no form for a undefined'],
    ['a hole in a list', new Array(1), 'JSON has no form for a undefined'],
  ])('of %s does not exist', (_, value, message) => {
    expect(refusal(value)).toMatchObject({ code: 'not-json', message });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, new Float(Number.NEGATIVE_INFINITY)])(
    'of %s does not exist',
    (value) => {
      expect(refusal([value])).toMatchObject({ code: 'number-range' });
    },
  );
});

describe('numberText', () => {
  it.each<[number | bigint | Float, string]>([
    [0, '0'],
    [-0, '0'],
    [new Float(0), '0.0'],
    [new Float(-0), '-0.0'],
    [5, '5'],
    [-5, '-5'],
    [new Float(5), '5.0'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
    [2 ** 53, '9007199254740992.0'],
    [2n ** 53n, '9007199254740992'],
    [-(10n ** 30n), '-1000000000000000000000000000000'],
    [0.1, '0.1'],
    [-1.5, '-1.5'],
    [0.1 + 0.2, '0.30000000000000004'],
    [0.0001, '0.0001'],
    [0.00012345, '0.00012345'],
    [0.00001, '1e-05'],
    [0.000012345, '1.2345e-05'],
    [1e-100, '1e-100'],
    [5e-324, '5e-324'],
    [9999999999999998, '9999999999999998.0'],
    [1e16, '1e+16'],
    [1.5e16, '1.5e+16'],
    [1.2345678901234567e19, '1.2345678901234567e+19'],
    [1e22, '1e+22'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
    [1506057125.900785, '1506057125.900785'],
  ])("of %s is Python's repr %s", (value, text) => {
    expect(numberText(value)).toBe(text);
    expect(numberText(parseJson(text) as number)).toBe(text);
  });
});

/** Lists in one another, without help from a parser that would refuse them. */
function nestedLists(levels: number): unknown {
  let value: unknown[] = [];
  for (let i = 1; i < levels; i++) value = [value];
  return value;
}

function refusal(value: unknown): unknown {
  try {
    return canonicalJson(value);
  } catch (error) {
    expect(error).toBeInstanceOf(JsonError);
    return error;
  }
}
