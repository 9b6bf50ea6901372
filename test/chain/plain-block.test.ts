import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  Block,
  type BlockFields,
  decodeBlock,
  Float,
  identified,
  MAX_BLOCK_BYTES,
  readBlock,
  rewardFor,
  rulesOf,
  sha256,
  Transaction,
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

/** The long way: parsed, checked, written again, compared. */
function readLong(bytes: Uint8Array): BlockFields | undefined {
  try {
    const block = readBlock(parseJson(bytes));
    return Buffer.compare(block.bytes, bytes) === 0 ? block : undefined;
  } catch {
    return undefined;
  }
}

/** A float where it has no other form: 8.0, not 8. */
function plainNumber(value: number): number | Float {
  return Number.isInteger(value) ? new Float(value) : value;
}

/** What is read in one pass, of a block that was read otherwise. */
function plainOf({ index, proof, previous_hash, transactions }: BlockFields) {
  const rewards = transactions.filter(({ isReward }) => isReward);
  const last = transactions.at(-1);
  return {
    index,
    previous_hash,
    proof,
    isRewarded: rewards.length === 1 && last === rewards[0] && last?.amount === 1 && last.nonce === undefined,
    ids: identified(transactions).map(({ id }) => id),
  };
}

describe('a block in plain canonical JSON', () => {
  it('is read in one pass', () => {
    for (const { bytes } of [...chainOf(NETWORK, 5).slice(1), PAID])
      expect(PlainBlock.read(bytes)).toEqual(plainOf(readLong(bytes)!));
  });

  it('is not one that breaks off, whatever was read before it', () => {
    for (let length = 0; length < PAID.bytes.length; length++) {
      expect(PlainBlock.read(PAID.bytes)).toBeDefined();
      expect(PlainBlock.read(PAID.bytes.subarray(0, length)), `${length} bytes of it`).toBeUndefined();
    }
  });

  it('is what the long way reads, whatever its numbers, names and payments', () => {
    const name = fc.string({
      unit: fc.constantFrom(...' !#$0123456789:<AZ[]^_`abyz{|}~'),
      minLength: 1,
      maxLength: 60,
    });
    const nonce = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 32, maxLength: 32 });
    const amount = fc.oneof(
      fc.integer({ min: 1, max: 999_999_999_999_999 }),
      fc.integer({ min: 1, max: 1_000_000 }).map((n) => plainNumber(n / 128)),
      fc.integer({ min: 1, max: 1_000 }).map((n) => new Float(n)),
    );
    const anyPayment = fc
      .tuple(name, name, amount, fc.option(nonce, { nil: undefined }))
      .map(([sender, recipient, paid, own]) => new Transaction(sender, recipient, paid, own));
    const fields = fc.record({
      index: fc.integer({ min: 0, max: 999_999_999_999_999 }),
      proof: fc.integer({ min: 0, max: 999_999_999_999_999 }),
      timestamp: fc.integer({ min: 0, max: 4_000_000_000 }).map((n) => plainNumber(n / 8)),
      previous_hash: fc.nat().map((n) => sha256(String(n))),
      transactions: fc.array(fc.oneof({ weight: 4, arbitrary: anyPayment }, fc.constant(rewardFor('miner')))),
    });
    fc.assert(
      fc.property(fields, (block) => {
        const { bytes } = new Block(block);
        expect(PlainBlock.read(bytes)).toEqual(plainOf(readLong(bytes)!));
      }),
      { numRuns: 1_000 },
    );
  });

  it('has all else when somebody asks', () => {
    const read = decodeBlock(PAID.bytes);
    expect(read.toJSON()).toEqual(PAID.toJSON());
    expect(read.transactions.map(({ text }) => text)).toEqual(PAID.transactions.map(({ text }) => text));
    expect(read.transactions.map(({ id }) => id)).toEqual(PAID.transactions.map(({ id }) => id));
  });

  it('may be as long as a block may be, with as many payments as it has room for, and no longer', () => {
    const nth = (n: number) =>
      `{"amount": 1, "nonce": "${String(n).padStart(32, '0')}", "recipient": "a", "sender": "b"}`;
    const shortest = nth(0);
    const [head, tail] = textOf(PARENT!.bytes).split(/(?<=\[).*(?=\])/) as [string, string];
    const count = Math.floor((MAX_BLOCK_BYTES - head.length - tail.length + 2) / (shortest.length + 2));
    const texts = Array.from({ length: count }, (_, n) => nth(n));
    const full = head + texts.join(', ') + tail;
    // What is left goes into the last name.
    const whole = full.replace(/"b"\}\]\}$/, `"${'b'.repeat(1 + MAX_BLOCK_BYTES - full.length)}"}]}`);
    expect(whole).toHaveLength(MAX_BLOCK_BYTES);
    const ids = PlainBlock.read(bytesOf(whole))?.ids;
    expect(ids?.slice(0, -1)).toEqual(texts.slice(0, -1).map(sha256));
    expect(ids).toHaveLength(count);
    const longer = bytesOf(whole.replace('"sender": "b', '"sender": "bb'));
    expect(longer).toHaveLength(MAX_BLOCK_BYTES + 1);
    expect(PlainBlock.read(longer)).toBeUndefined();
  });

  it('is read where there is no WebAssembly, the long way', async () => {
    vi.stubGlobal('WebAssembly', undefined);
    vi.resetModules();
    const { decodeBlock } = await import('../../src/chain/block.js');
    const { PlainBlock } = await import('../../src/chain/plain-block.js');
    vi.unstubAllGlobals();
    expect(PlainBlock.read(PAID.bytes)).toBeUndefined();
    const read = decodeBlock(PAID.bytes);
    expect(read.isPlainlyRewarded).toBe(false);
    expect(read.transactions.map(({ text }) => text)).toEqual(PAID.transactions.map(({ text }) => text));
    expect(read.ids).toEqual(PAID.ids);
  });
});

describe('what is read in one pass', () => {
  it('has the ids of those transactions that have one of their own', () => {
    expect(PlainBlock.read(PAID.bytes)?.ids).toEqual(identified(PAID.transactions).map(({ id }) => id));
    expect(PlainBlock.read(PAID.bytes)?.ids).toHaveLength(3);
  });

  it('is checked without making one transaction, which nobody asked for', () => {
    const made = vi.spyOn(Block.prototype, 'transactions', 'get');
    const asked = vi.spyOn(Block.prototype, 'timestamp', 'get');
    const rules = rulesOf(NETWORK);
    const [parent, paid] = [PARENT!, PAID].map(({ bytes }) => decodeBlock(bytes)) as [Block, Block];
    rules.checkBlock(parent, NETWORK.genesis, () => false);
    rules.checkBlock(paid, parent, () => false);
    expect(made).not.toHaveBeenCalled();
    expect(asked).not.toHaveBeenCalled();
    expect(paid.transactions).toHaveLength(4);
    expect(made).toHaveBeenCalled();
    made.mockRestore();
    asked.mockRestore();
  });

  it('is what the long way reads', () => {
    fc.assert(
      fc.property(anyBlock, ({ bytes }) => {
        const plain = PlainBlock.read(bytes);
        if (plain !== undefined) expect(plain).toEqual(plainOf(readLong(bytes)!));
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
        fc.constantFrom(PAID, PARENT!),
        fc.nat(),
        fc.nat({ max: 3 }),
        fc.constantFrom(...pieces),
        ({ bytes }, anywhere, removed, put) => {
          const text = textOf(bytes);
          const at = anywhere % (text.length + 1);
          const changed = bytesOf(text.slice(0, at) + put + text.slice(at + removed));
          const plain = PlainBlock.read(changed);
          if (plain !== undefined) expect(plain).toEqual(plainOf(readLong(changed)!));
        },
      ),
      { numRuns: 10_000 },
    );
  });

  it.each([
    ['two payments without a comma', '"}, {"', '"}{"'],
    ['two payments without a space', '"}, {"', '"},{"'],
    ['a payment that does not end', '"sender": "alice"}', '"sender": "alice"'],
    ['a name without characters', '"recipient": "bob"', '"recipient": ""'],
    ['a name with a line break', '"recipient": "bob"', '"recipient": "b\nb"'],
    ['a name with a control character', '"recipient": "bob"', '"recipient": "b\x1fb"'],
    ['a name with DEL', '"recipient": "bob"', '"recipient": "b\x7fb"'],
    ['a name with a quote', '"recipient": "bob"', '"recipient": "b"b"'],
    ['a name with an escape', '"recipient": "bob"', '"recipient": "b\\nb"'],
    ['a name beyond ASCII', '"recipient": "bob"', '"recipient": "b\xe9b"'],
    ['no list', ', "transactions": [', ', "transactions": '],
    ['a key less', '"proof": ', ''],
    ['more after its end', ']}', ']} '],
  ])('has not %s', (_, right, wrong) => {
    const text = textOf(PAID.bytes);
    expect(text).toContain(right);
    expect(PlainBlock.read(bytesOf(text.replace(right, wrong)))).toBeUndefined();
  });

  it.each([...'g:/G`\0'])('has no hash and no nonce with the character %j', (character) => {
    const text = textOf(PAID.bytes);
    for (const key of ['previous_hash', 'nonce']) {
      const wrong = text.replace(new RegExp(`("${key}": ".)[0-9a-f]`), `$1${character}`);
      expect(wrong).not.toBe(text);
      expect(PlainBlock.read(bytesOf(wrong))).toBeUndefined();
    }
  });

  it('has names of 256 characters at most', () => {
    const named = (length: number) =>
      nextBlock(PARENT!, { transactions: [payment('a'.repeat(length))] }).bytes;
    expect(PlainBlock.read(named(256))).toBeDefined();
    expect(PlainBlock.read(named(257))).toBeUndefined();
  });
});

describe('a number in a plain block', () => {
  const withAmount = (text: string) =>
    bytesOf(textOf(PAID.bytes).replace('"amount": 5,', `"amount": ${text},`));
  const withTimestamp = (text: string) =>
    bytesOf(textOf(PAID.bytes).replace('"timestamp": 1506057125.900785,', `"timestamp": ${text},`));

  it('is canonical, whatever its digits', () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 17 });
    fc.assert(
      fc.property(digits, fc.option(digits, { nil: undefined }), (whole, fraction) => {
        const text = fraction === undefined ? whole : `${whole}.${fraction}`;
        for (const bytes of [withAmount(text), withTimestamp(text)])
          if (PlainBlock.read(bytes) !== undefined) expect(readLong(bytes), text).toBeDefined();
      }),
      { numRuns: 5_000 },
    );
  });

  it('is a timestamp of microseconds, or of more digits than a double holds, as Python has them', () => {
    const seconds = fc.integer({ min: 1_000_000_000, max: 4_400_000_000 });
    fc.assert(
      fc.property(seconds, fc.integer({ min: 1, max: 9_999_999 }), (whole, fraction) => {
        // As time.time() has it: the nearest double, of some 0.2 us.
        const text = String(Number(`${whole}.${String(fraction).padStart(7, '0')}`));
        expect(PlainBlock.read(withTimestamp(text)), text).toBeDefined();
      }),
      { numRuns: 5_000 },
    );
    expect(PlainBlock.read(withTimestamp('1700000000.1234567'))).toBeDefined();
    expect(PlainBlock.read(withTimestamp('1700000000.1234568'))).toBeUndefined();
  });

  it.each([
    ['a float with more digits than it needs', '5.10', '5.1'],
    ['a float that ends in 0', '1506057125.9007850', '1506057125.900785'],
    ['a float that has an exponent', '0.00001', '0.0001'],
    ['16 digits of which a double holds 15', '700000000.3535623', '700000000.353562'],
    ['more digits than a double holds', '1234567890123456', '123456789012345'],
    ['17 digits after the point that a double does not keep', '0.12345678901234567', '0.5'],
    ['a digit that is none', '1:5', '15'],
    ['a leading zero', '05', '5'],
    ['two leading zeros', '00.5', '0.5'],
    ['a point and nothing after it', '1.', '1'],
    ['a point and nothing before it', '.5', '0.5'],
    ['negative', '-1', '1'],
  ])('is not %s', (_, wrong, good) => {
    for (const withNumber of [withAmount, withTimestamp]) {
      expect(PlainBlock.read(withNumber(wrong))).toBeUndefined();
      expect(PlainBlock.read(withNumber(good))).toEqual(plainOf(readLong(withNumber(good))!));
    }
  });

  it.each(['0', '0.0'])('is not an amount of %s', (amount) => {
    expect(PlainBlock.read(withAmount(amount))).toBeUndefined();
  });
});

describe('the reward of a plain block', () => {
  const reward = '{"amount": 1, "recipient": "miner", "sender": "0"}';
  const withTransactions = (...texts: string[]) =>
    bytesOf(textOf(PARENT!.bytes).replace(/\[.*\]/, `[${texts.join(', ')}]`));
  const paid = '{"amount": 1, "recipient": "miner", "sender": "alice"}';
  const nonce = 'ab'.repeat(16);

  it.each([
    ['last', true, [paid, reward]],
    ['alone', true, [reward]],
    ['missing', false, [paid]],
    ['missing, as are all transactions', false, []],
    ['not last', false, [reward, paid]],
    ['paid twice', false, [reward, reward]],
    ['paid twice, and more the first time', false, [reward.replace('1', '1000'), reward]],
    ['paid twice, once as a float', false, [reward.replace('1', '1.0'), reward]],
    ['paid twice, once with a nonce', false, [reward.replace('1,', `1, "nonce": "${nonce}",`), reward]],
    ['2', false, [reward.replace('1', '2')]],
    ['a float', false, [reward.replace('1', '1.0')]],
    ['one with a nonce', false, [reward.replace('1,', `1, "nonce": "${nonce}",`)]],
    ['from a name that begins with 0', false, [reward.replace('"0"', '"00"')]],
  ] as const)('is seen: %s', (_, isRewarded, texts) => {
    const bytes = withTransactions(...texts);
    expect(PlainBlock.read(bytes)).toMatchObject({ isRewarded });
    expect(PlainBlock.read(bytes)).toEqual(plainOf(readLong(bytes)!));
  });
});
