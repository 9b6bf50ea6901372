import { describe, expect, it } from 'vitest';
import {
  Block,
  type BlockFields,
  DEFAULT_GENESIS,
  decodeBlock,
  encodeBlock,
  Float,
  InvalidBlock,
  type Json,
  MAX_BLOCK_BYTES,
  parseJson,
  readBlock,
  rewardFor,
  sha256,
} from '../../src/chain/index.js';
import { nextBlock, payment, payments } from '../helpers/chains.js';

const BLOCK = nextBlock(DEFAULT_GENESIS, { transactions: payments(2) });
const TEXT = Buffer.from(BLOCK.bytes).toString();
const JSON_BLOCK = parseJson(TEXT) as Record<string, Json>;
const GENESIS = parseJson(DEFAULT_GENESIS.bytes) as Record<string, Json>;

describe('a block', () => {
  it('carries the canonical JSON it was hashed over', () => {
    const text =
      '{"index": 1, "previous_hash": "1", "proof": 100, "timestamp": 1506057125.900785, "transactions": []}';
    expect(Buffer.from(DEFAULT_GENESIS.bytes).toString()).toBe(text);
    expect(DEFAULT_GENESIS.hash).toBe(sha256(text));
  });

  it('is the same by whichever way it came', () => {
    for (const block of [readBlock(JSON_BLOCK), readBlock(BLOCK.toJSON()), decodeBlock(BLOCK.bytes)]) {
      expect(block.hash).toBe(BLOCK.hash);
      expect(Buffer.compare(block.bytes, BLOCK.bytes)).toBe(0);
      expect(Buffer.compare(encodeBlock(block), BLOCK.bytes)).toBe(0);
      expect(block.transactions.map(({ id }) => id)).toEqual(BLOCK.transactions.map(({ id }) => id));
    }
  });

  it('is read once: a Block stays the same object', () => {
    expect(readBlock(BLOCK)).toBe(BLOCK);
  });

  it('keeps the bytes it was decoded from, and copies nothing', () => {
    expect(decodeBlock(BLOCK.bytes).bytes).toBe(BLOCK.bytes);
  });
});

describe('readBlock', () => {
  it.each<[string, unknown]>([
    ['null', null],
    ['a list', []],
    ['a text', 'block'],
    ['a number', 1],
    ['a Float', new Float(1)],
  ])('refuses %s, which is no object', (_, value) => {
    expect(refusal(value)).toMatchObject({ code: 'malformed', message: 'a block must be an object' });
  });

  it.each(Object.keys(JSON_BLOCK))('refuses a block without %s, and names it', (key) => {
    const { [key]: _, ...rest } = JSON_BLOCK;
    expect(refusal(rest)).toMatchObject({
      code: 'malformed',
      message: `a block must have index, timestamp, transactions, proof, previous_hash: ${key} is missing`,
    });
  });

  it('refuses a key that no block has, and names it in short', () => {
    expect(refusal({ ...JSON_BLOCK, hash: BLOCK.hash })).toMatchObject({
      code: 'malformed',
      message: 'unknown key "hash" in a block',
    });
    const proto = parseJson(TEXT.replace('{', '{"__proto__": 1, '));
    expect(refusal(proto)).toMatchObject({ message: 'unknown key "__proto__" in a block' });
    expect(refusal({ ...JSON_BLOCK, ['x'.repeat(9_999)]: 1 }).message.length).toBeLessThan(80);
  });

  describe.each(['index', 'proof'])('%s', (key) => {
    it.each([0, 1, Number.MAX_SAFE_INTEGER])('may be %d', (number) => {
      const block = readBlock({ ...JSON_BLOCK, [key]: number });
      expect(block).toHaveProperty(key, number);
      expect(decodeBlock(block.bytes).hash).toBe(block.hash);
    });

    it.each([
      2n ** 53n,
      2 ** 53,
      -1,
      1.5,
      new Float(1),
      new Float(2),
      '1',
      null,
      true,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      [],
    ])('may not be %s', (value) => {
      expect(refusal({ ...JSON_BLOCK, [key]: value })).toMatchObject({
        code: 'malformed',
        message: `${key} must be an integer from 0 to 9007199254740991`,
      });
    });
  });

  describe('timestamp', () => {
    it.each([
      '0',
      '1713205842',
      '1713205842.0',
      '0.0',
      '-0.0',
      '1e-07',
      '1e+300',
      '1506057125.900785',
      '9'.repeat(30),
    ])('may be %s, and stays as it is written', (text) => {
      const block = readBlock({ ...JSON_BLOCK, timestamp: parseJson(text) });
      expect(Buffer.from(block.bytes).toString()).toContain(`"timestamp": ${text}, `);
      expect(decodeBlock(block.bytes).hash).toBe(block.hash);
    });

    it.each([
      -1,
      -0.5,
      -(10n ** 30n),
      new Float(-1),
      Number.NaN,
      Number.POSITIVE_INFINITY,
      new Float(Number.POSITIVE_INFINITY),
      new Float(Number.NaN),
      '0',
      null,
      true,
      [],
      {},
    ])('may not be %s', (timestamp) => {
      expect(refusal({ ...JSON_BLOCK, timestamp })).toMatchObject({
        code: 'malformed',
        message: 'timestamp must be a number of seconds, 0 or more',
      });
    });
  });

  describe('transactions', () => {
    it.each([null, {}, 'x', 0])('must be a list, not %s', (transactions) => {
      expect(refusal({ ...JSON_BLOCK, transactions })).toMatchObject({
        code: 'malformed',
        message: 'transactions must be a list',
      });
    });

    it('must each be well formed; the first that is not is named', () => {
      const transactions = [payment().toJSON(), { sender: 'a', recipient: 'b' }, null];
      expect(refusal({ ...JSON_BLOCK, transactions })).toMatchObject({
        code: 'malformed',
        message: 'transaction 2: Missing values: amount',
      });
    });
  });

  describe('previous_hash', () => {
    it.each<[string, Json]>([
      ['"1"', '1'],
      ['the number 1', 1],
      ['0', 0],
      ['a negative number', -1],
      ['no text', ''],
      ['another text', 'genesis'],
      ['a text of 64 characters', 'x'.repeat(64)],
      ['a hash', 'f'.repeat(64)],
    ])('of a first block may be %s', (_, previous_hash) => {
      const block = readBlock({ ...GENESIS, previous_hash });
      expect(block.previous_hash).toBe(previous_hash);
      expect(decodeBlock(block.bytes).hash).toBe(block.hash);
    });

    it.each<[string, unknown]>([
      ['a text of 65 characters', 'x'.repeat(65)],
      ['null', null],
      ['true', true],
      ['a list', []],
      ['a fraction', 1.5],
      ['1.0', new Float(1)],
      ['a large integer', 2n ** 53n],
      ['NaN', Number.NaN],
    ])('of a first block may not be %s', (_, previous_hash) => {
      expect(refusal({ ...GENESIS, previous_hash })).toMatchObject({
        code: 'malformed',
        message: 'the previous_hash of the first block must be "1", or another short text or number',
      });
    });

    it.each<[string, unknown]>([
      ['"1"', '1'],
      ['1', 1],
      ['63 digits', 'f'.repeat(63)],
      ['65 digits', 'f'.repeat(65)],
      ['capitals', 'F'.repeat(64)],
      ['other letters', 'g'.repeat(64)],
      ['a line break at the end', `${'f'.repeat(64)}\n`],
      ['null', null],
    ])('of any other block may not be %s', (_, previous_hash) => {
      for (const index of [0, 2, 1_000]) {
        expect(refusal({ ...JSON_BLOCK, index, previous_hash })).toMatchObject({
          code: 'malformed',
          message: 'previous_hash must be 64 lowercase hex digits',
        });
      }
    });
  });
});

describe('the size of a block', () => {
  it('is at most 1 MiB of canonical JSON', () => {
    const largest = blockOf(MAX_BLOCK_BYTES);
    expect(readBlock(largest.toJSON()).bytes).toHaveLength(1 << 20);
    expect(decodeBlock(largest.bytes).hash).toBe(largest.hash);
  });

  it('is one byte more in neither text nor bytes', () => {
    const tooLarge = blockOf(MAX_BLOCK_BYTES + 1);
    const message = 'a block has at most 1048576 bytes of canonical JSON, not 1048577';
    expect(refusal(tooLarge.toJSON())).toMatchObject({ code: 'too-large', message });
    expect(refusal(tooLarge.bytes, decodeBlock)).toMatchObject({ code: 'too-large', message });
  });

  it('is not what other text it was read from has', () => {
    const wide = parseJson(TEXT.replaceAll(' ', ' '.repeat(100_000)));
    expect(readBlock(wide).hash).toBe(BLOCK.hash);
  });

  it('is told before anything is read', () => {
    expect(refusal(new Uint8Array(MAX_BLOCK_BYTES + 1), decodeBlock)).toMatchObject({ code: 'too-large' });
  });
});

describe('decodeBlock', () => {
  it.each([
    ['a blank more', `${TEXT}\n`],
    ['a blank less', TEXT.replace(': ', ':')],
    ['keys in another order', TEXT.replace('{"index": 2, ', '{').replace(/\}$/, ', "index": 2}')],
    ['keys in another order in a transaction', TEXT.replace(/("amount": 1), ("nonce": "\w+")/, '$2, $1')],
    ['a number written otherwise', TEXT.replace('1506057127', '1506057127.50')],
    ['an escape that need not be', TEXT.replace('alice', '\\u0061lice')],
  ])('refuses the same block with %s, though it is one', (_, text) => {
    expect(text).not.toBe(TEXT);
    expect(readBlock(parseJson(text))).toBeInstanceOf(Block);
    expect(refusal(Buffer.from(text), decodeBlock)).toMatchObject({
      code: 'not-canonical',
      message: 'block 2 is not in canonical JSON',
    });
  });

  it.each([
    ['bytes that are not UTF-8', Uint8Array.of(0xff), 'not valid JSON: the text is not UTF-8'],
    ['half of it', Buffer.from(TEXT.slice(0, 20)), /^not valid JSON at character \d+: expected/],
    ['something else', Buffer.from('[]'), 'a block must be an object'],
    ['lists too deep', Buffer.from('['.repeat(40)), /nested deeper than 32 levels$/],
  ])('refuses %s', (_, bytes, message) => {
    expect(refusal(bytes, decodeBlock)).toMatchObject({
      code: 'malformed',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });
});

/** A block of exactly so many bytes. */
function blockOf(bytes: number): Block {
  const build = (count: number, lastName: number) =>
    new Block({
      ...(BLOCK.toJSON() as BlockFields),
      transactions: [
        ...payments(count),
        payment('x'.repeat(lastName), 'bob', 1, 'f'.repeat(32)),
        rewardFor('miner'),
      ],
    });
  const [sample] = payments(1);
  const step = sample!.text.length + 2;
  const count = Math.floor((bytes - build(0, 1).bytes.length) / step);
  const block = build(count, 1 + bytes - build(count, 1).bytes.length);
  expect(block.bytes).toHaveLength(bytes);
  return block;
}

function refusal<T>(value: T, read: (value: T) => unknown = readBlock): InvalidBlock {
  try {
    read(value);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidBlock);
    return error as InvalidBlock;
  }
  throw new Error('it was not refused');
}
