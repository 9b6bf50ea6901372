import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  Block,
  type BlockFields,
  canonicalJson,
  decodeBlock,
  Float,
  identified,
  readBlock,
  rewardFor,
  rulesOf,
} from '../../src/chain/index.js';
import { parseJson } from '../../src/chain/json.js';
import { PlainBlock } from '../../src/chain/plain-block.js';
import { chainOf, nextBlock, payment, testNetwork } from '../helpers/chains.js';
import { anyBlock } from './arbitraries.js';

const NETWORK = testNetwork();
const bytesOf = (text: string) => Buffer.from(text, 'latin1');
const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
const [, PARENT] = chainOf(NETWORK, 2);
const PAID = nextBlock(PARENT!, {
  transactions: [
    payment('alice', 'bob', 5),
    payment('bob', 'carol', 0.25),
    payment('bob', 'dan', new Float(7)),
  ],
  timestamp: 1_506_057_125.900785,
});

function readPlainBlock(bytes: Uint8Array): BlockFields | undefined {
  const plain = PlainBlock.read(bytes);
  return plain && new Block(plain, bytes).toJSON();
}

/** The long way: parsed, checked, written again, compared. */
function readLong(bytes: Uint8Array): BlockFields | undefined {
  try {
    const block = readBlock(parseJson(bytes));
    return Buffer.compare(block.bytes, bytes) === 0 ? block : undefined;
  } catch {
    return undefined;
  }
}

describe('a block in plain canonical JSON', () => {
  it('is read in one pass', () => {
    for (const block of [...chainOf(NETWORK, 5).slice(1), PAID]) {
      expect(readPlainBlock(block.bytes)).toEqual(block.toJSON());
    }
  });

  it('has transactions that know their text, and so their id', () => {
    const read = readPlainBlock(PAID.bytes)!;
    expect(read.transactions.map(({ text }) => text)).toEqual(PAID.transactions.map(({ text }) => text));
    expect(read.transactions.map(({ id }) => id)).toEqual(PAID.transactions.map(({ id }) => id));
  });
});

describe('what is read in one pass', () => {
  it('has the ids of those transactions that have one of their own', () => {
    fc.assert(
      fc.property(anyBlock, ({ bytes, transactions }) => {
        const ids = PlainBlock.read(bytes)?.ids;
        if (ids !== undefined) expect(ids).toEqual(identified(transactions).map(({ id }) => id));
      }),
    );
    expect(PlainBlock.read(PAID.bytes)?.ids).toHaveLength(3);
  });

  it('is checked without making one transaction, which nobody asked for', () => {
    const made = vi.spyOn(PlainBlock.prototype, 'transactions', 'get');
    const rules = rulesOf(NETWORK);
    const [parent, paid] = [PARENT!, PAID].map(({ bytes }) => decodeBlock(bytes)) as [Block, Block];
    rules.checkBlock(parent, NETWORK.genesis, () => false);
    rules.checkBlock(paid, parent, () => false);
    expect(made).not.toHaveBeenCalled();
    expect(paid.transactions).toHaveLength(4);
    expect(made).toHaveBeenCalled();
    made.mockRestore();
  });

  it('is what the long way reads', () => {
    fc.assert(
      fc.property(anyBlock, (block) => {
        const plain = readPlainBlock(block.bytes);
        if (plain !== undefined) expect(plain).toEqual(readLong(block.bytes) && block.toJSON());
      }),
    );
  });

  it('is a canonical block, whatever became of its bytes', () => {
    const pieces = [
      '',
      ' ',
      '0',
      '-',
      '.0',
      '.',
      '1e5',
      '"',
      '\\',
      '\\u00e9',
      '\x7f',
      '\xe9',
      ', ',
      ']}',
      '{}',
      '[]',
      'a',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(PAID, PARENT!, NETWORK.genesis),
        fc.nat(),
        fc.nat({ max: 3 }),
        fc.constantFrom(...pieces),
        ({ bytes }, anywhere, removed, put) => {
          const text = textOf(bytes);
          const at = anywhere % (text.length + 1);
          const changed = bytesOf(text.slice(0, at) + put + text.slice(at + removed));
          const plain = readPlainBlock(changed);
          if (plain === undefined) return;
          expect(canonicalJson(plain)).toBe(textOf(changed));
          expect(readLong(changed)).toBeDefined();
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['a float with more digits than it needs', '5.10', '5.1'],
    ['an amount of nothing', '0', '1'],
    ['an amount of 0.0', '0.0', '1.0'],
    ['a float that has an exponent', '0.00001', '0.0001'],
    ['more digits than a double holds', '1234567890123456', '123456789012345'],
    ['17 digits after the point that a double does not keep', '0.12345678901234567', '0.5'],
    ['a leading zero', '05', '5'],
  ])('is not %s', (_, amount, good) => {
    const text = (value: string) =>
      bytesOf(textOf(PAID.bytes).replace('"amount": 5,', `"amount": ${value},`));
    expect(readPlainBlock(text(amount))).toBeUndefined();
    expect(readPlainBlock(text(good))).toEqual(readLong(text(good)) && expect.anything());
  });

  it('has names of 256 characters at most', () => {
    const named = (length: number) =>
      nextBlock(PARENT!, { transactions: [payment('a'.repeat(length))] }).bytes;
    expect(readPlainBlock(named(256))).toBeDefined();
    expect(readPlainBlock(named(257))).toBeUndefined();
  });

  it('has a reward like any other transaction', () => {
    expect(readPlainBlock(PAID.bytes)?.transactions.at(-1)).toEqual(rewardFor('miner'));
  });
});
