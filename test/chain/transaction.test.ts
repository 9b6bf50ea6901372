import { describe, expect, it } from 'vitest';
import {
  decodeTransaction,
  Float,
  InvalidTransaction,
  MAX_NAME_CODE_POINTS,
  parseJson,
  readTransaction,
  rewardFor,
  sha256,
  Transaction,
} from '../../src/chain/index.js';
import { payment, seededNonce } from '../helpers/chains.js';

const NONCE = seededNonce(0xab);
const GOOD = { sender: 'alice', recipient: 'bob', amount: 5, nonce: NONCE };

describe('a transaction', () => {
  it('is identified by the SHA-256 of its canonical JSON', () => {
    const transaction = readTransaction(GOOD);
    const text = `{"amount": 5, "nonce": "${NONCE}", "recipient": "bob", "sender": "alice"}`;
    expect(transaction.text).toBe(text);
    expect(Buffer.from(transaction.bytes).toString()).toBe(text);
    expect(transaction.id).toBe(sha256(text));
  });

  it('has another id when anything in it changes, the kind of its amount too', () => {
    const variants = [
      GOOD,
      { ...GOOD, sender: 'bob', recipient: 'alice' },
      { ...GOOD, recipient: 'carol' },
      { ...GOOD, amount: 6 },
      { ...GOOD, amount: new Float(5) },
      { ...GOOD, nonce: seededNonce(1) },
      { sender: 'alice', recipient: 'bob', amount: 5 },
    ];
    expect(new Set(variants.map((variant) => readTransaction(variant).id)).size).toBe(variants.length);
  });

  it('shows what it was given, 5.0 as 5.0, and no nonce where it has none', () => {
    const { nonce: _, ...bare } = GOOD;
    expect(readTransaction({ ...bare, amount: new Float(5) }).toJSON()).toStrictEqual({
      ...bare,
      amount: new Float(5),
    });
    expect(Object.hasOwn(readTransaction({ ...bare, nonce: undefined }).toJSON(), 'nonce')).toBe(false);
  });

  it('is read once: a Transaction stays the same object', () => {
    const transaction = payment();
    expect(readTransaction(transaction)).toBe(transaction);
  });

  it('is a reward when nobody ("0") sends it', () => {
    expect(rewardFor('miner').text).toBe('{"amount": 1, "recipient": "miner", "sender": "0"}');
    expect(rewardFor('miner').isReward).toBe(true);
    expect(payment().isReward).toBe(false);
    expect(payment('00').isReward).toBe(false);
  });
});

describe('readTransaction', () => {
  describe.each(['sender', 'recipient'])('takes as %s', (key) => {
    it.each([
      ['one character', 'x'],
      ['256 characters', 'x'.repeat(MAX_NAME_CODE_POINTS)],
      ['256 emojis, each of two UTF-16 units', '😀'.repeat(MAX_NAME_CODE_POINTS)],
      ['256 lone surrogates', '\ud83d'.repeat(MAX_NAME_CODE_POINTS)],
      ['a control character', '\u0000'],
      ['a blank', ' '],
    ])('%s', (_, name) => {
      const transaction = readTransaction({ ...GOOD, [key]: name });
      expect(transaction).toHaveProperty(key, name);
      expect(decodeTransaction(transaction.bytes).id).toBe(transaction.id);
    });

    it.each([
      ['nothing', ''],
      ['257 characters', 'x'.repeat(MAX_NAME_CODE_POINTS + 1)],
      ['257 emojis', '😀'.repeat(MAX_NAME_CODE_POINTS + 1)],
      ['256 emojis and a letter', `${'😀'.repeat(MAX_NAME_CODE_POINTS)}x`],
      ['a megabyte', 'x'.repeat(1 << 20)],
    ])('not %s', (_, name) => {
      expect(refusal({ ...GOOD, [key]: name })).toMatchObject({
        code: 'malformed',
        message: `${key} must have 1 to 256 characters`,
      });
    });

    it.each<[unknown, string]>([
      [5, 'not the number 5'],
      [new Float(5), 'not the number 5'],
      [10n ** 100n, `not the number 1${'0'.repeat(29)}…`],
      [Number.NaN, 'not the number NaN'],
      [null, 'not null'],
      [true, 'not a boolean'],
      [['alice'], 'not a list'],
      [{}, 'not an object'],
    ])('not %s', (name, wrong) => {
      expect(refusal({ ...GOOD, [key]: name })).toMatchObject({
        code: 'malformed',
        message: `${key} must be a string, ${wrong}`,
      });
    });
  });

  describe('takes as amount', () => {
    it.each([
      '1',
      '0.1',
      '5.0',
      '5e-324',
      '1e+16',
      '1.7976931348623157e+308',
      '123456789012345678901234567890',
      '9'.repeat(40),
    ])('%s, and shows it so', (text) => {
      const transaction = readTransaction({ ...GOOD, amount: parseJson(text) });
      expect(transaction.text).toContain(`{"amount": ${text}, `);
      expect(decodeTransaction(transaction.bytes).text).toBe(transaction.text);
    });

    it.each([
      [1n, 1],
      [BigInt(Number.MAX_SAFE_INTEGER), Number.MAX_SAFE_INTEGER],
      [2n ** 53n, 2n ** 53n],
      [2n ** 53n + 1n, 2n ** 53n + 1n],
    ])('the bigint %s, as JSON that is read has it', (amount, kept) => {
      const transaction = readTransaction({ ...GOOD, amount });
      expect(transaction.amount).toBe(kept);
      expect(decodeTransaction(transaction.bytes).amount).toBe(kept);
    });

    it.each<[string, unknown, string]>([
      ['41 digits', 10n ** 40n, 'amount must have at most 40 characters'],
      ['300 digits', 10n ** 299n, 'amount must have at most 40 characters'],
      ['0', 0, 'amount must be greater than 0, not 0'],
      ['0.0', new Float(0), 'amount must be greater than 0, not 0.0'],
      ['-0.0', new Float(-0), 'amount must be greater than 0, not -0.0'],
      ['-1', -1, 'amount must be greater than 0, not -1'],
      ['-0.5', -0.5, 'amount must be greater than 0, not -0.5'],
      ['a large negative integer', -(10n ** 60n), `amount must be greater than 0, not -1${'0'.repeat(28)}…`],
      ['NaN', Number.NaN, 'amount must be finite, not NaN'],
      ['Infinity', Number.POSITIVE_INFINITY, 'amount must be finite, not Infinity'],
      ['a Float of NaN', new Float(Number.NaN), 'amount must be finite, not NaN'],
      ['a Float of infinity', new Float(Number.POSITIVE_INFINITY), 'amount must be finite, not Infinity'],
      ['text', '5', 'amount must be a number, such as 5 or 0.5, not the text "5"'],
      [
        'long text',
        'x'.repeat(99),
        `amount must be a number, such as 5 or 0.5, not the text "${'x'.repeat(30)}…"`,
      ],
      ['null', null, 'amount must be a number, such as 5 or 0.5, not null'],
      ['true', true, 'amount must be a number, such as 5 or 0.5, not a boolean'],
      ['a list', [5], 'amount must be a number, such as 5 or 0.5, not a list'],
      ['an object', {}, 'amount must be a number, such as 5 or 0.5, not an object'],
    ])('not %s', (_, amount, message) => {
      expect(refusal({ ...GOOD, amount })).toMatchObject({ code: 'malformed', message });
    });
  });

  it.each<[string, unknown]>([
    ['31 digits', 'a'.repeat(31)],
    ['33 digits', 'a'.repeat(33)],
    ['capitals', 'A'.repeat(32)],
    ['other letters', 'g'.repeat(32)],
    ['a line break at the end', `${NONCE}\n`],
    ['nothing', ''],
    ['null', null],
    ['a number', 10n ** 31n],
  ])('refuses a nonce of %s', (_, nonce) => {
    expect(refusal({ ...GOOD, nonce })).toMatchObject({
      code: 'malformed',
      message: 'nonce must be 32 lowercase hex digits',
    });
  });

  it.each<[unknown, string]>([
    [{}, 'Missing values: sender, recipient, amount'],
    [{ sender: 'alice', recipient: 'bob' }, 'Missing values: amount'],
    [{ sender: undefined, recipient: 'bob', amount: 1 }, 'Missing values: sender'],
    [Object.create(GOOD), 'Missing values: sender, recipient, amount'],
  ])('names the values that are missing in %j', (value, message) => {
    expect(refusal(value)).toMatchObject({ code: 'missing-values', message });
  });

  it.each(['amuont', '__proto__', 'x'.repeat(10_000)])(
    'refuses an unknown key, and names the known ones',
    (key) => {
      const value = parseJson(`{"sender": "a", "recipient": "b", "amount": 1, "${key}": 1}`);
      const shown = key.length > 40 ? `${key.slice(0, 30)}…` : key;
      expect(refusal(value)).toMatchObject({
        code: 'malformed',
        message: `unknown key "${shown}": a transaction has sender, recipient, amount and, if you like, nonce`,
      });
    },
  );

  it.each([null, 5, new Float(5), 10n, 'x', true, [], undefined])(
    'refuses %s, which is no object',
    (value) => {
      expect(refusal(value)).toMatchObject({
        code: 'malformed',
        message: 'a transaction must be an object like {"sender": "alice", "recipient": "bob", "amount": 5}',
      });
    },
  );
});

describe('decodeTransaction', () => {
  const text = readTransaction(GOOD).text;

  it('takes canonical bytes', () => {
    expect(decodeTransaction(Buffer.from(text)).toJSON()).toEqual(GOOD);
  });

  it.each([
    ['a blank more', `${text} `],
    ['a blank less', text.replace(': ', ':')],
    ['keys in another order', `{"nonce": "${NONCE}", "amount": 5, "recipient": "bob", "sender": "alice"}`],
    ['an escape that need not be', text.replace('alice', '\\u0061lice')],
    ['capital hex in an escape', text.replace('alice', '\\u00E9')],
    ['UTF-8 instead of an escape', text.replace('alice', 'é')],
    ['a number written otherwise', text.replace('5', '5.00')],
  ])('refuses the same transaction with %s', (_, other) => {
    expect(readTransaction(parseJson(other))).toBeInstanceOf(Transaction);
    expect(refusal(Buffer.from(other), decodeTransaction)).toMatchObject({
      code: 'not-canonical',
      message: 'the transaction is not in canonical JSON',
    });
  });

  it.each([
    ['bytes that are not UTF-8', Uint8Array.of(0x7b, 0xff), 'not valid JSON: the text is not UTF-8'],
    ['nothing', new Uint8Array(0), 'not valid JSON at character 1: expected a value, found the end'],
    [
      'a key twice',
      Buffer.from('{"a": 1, "a": 1}'),
      'not valid JSON: the key "a" stands twice in one object',
    ],
  ])('refuses %s', (_, bytes, message) => {
    expect(refusal(bytes, decodeTransaction)).toMatchObject({ code: 'malformed', message });
  });
});

function refusal<T>(value: T, read: (value: T) => unknown = readTransaction): unknown {
  try {
    read(value);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidTransaction);
    return error;
  }
  throw new Error('it was not refused');
}
