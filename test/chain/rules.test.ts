import { describe, expect, it } from 'vitest';
import {
  Block,
  type BlockErrorCode,
  type BlockFields,
  Float,
  InvalidBlock,
  InvalidTransaction,
  identified,
  type Rules,
  readTransaction,
  rewardFor,
  rulesOf,
  Transaction,
  validProof,
} from '../../src/chain/index.js';
import { chainOf, checkChain, extend, nextBlock, payment, payments, testNetwork } from '../helpers/chains.js';

const network = testNetwork({ difficulty: 1 });
const rules: Rules = rulesOf(network);
const { genesis } = network;
const second = nextBlock(genesis, { transactions: payments(3) });
const third = nextBlock(second, { transactions: payments(2, 3) });
const nothingUsed = () => false;

describe('a chain', () => {
  it('of the genesis alone, or of many blocks, is valid', () => {
    expect(() => checkChain([genesis], network)).not.toThrow();
    expect(() => checkChain(chainOf(network, 30), network)).not.toThrow();
    expect(() => checkChain([genesis, second, third], network)).not.toThrow();
  });

  it('asks nothing of timestamps: neither order nor a clock', () => {
    let chain = [genesis];
    for (const timestamp of [0, 10n ** 30n, new Float(5), 1e300, 0.5])
      chain = extend(chain, 1, { timestamp });
    expect(() => checkChain(chain, network)).not.toThrow();
  });
});

describe('checkGenesis', () => {
  it('takes any well-formed block 1 without a reward', () => {
    for (const previous_hash of ['1', 1, 'genesis', 'f'.repeat(64)]) {
      expect(() => rules.checkGenesis(changed(genesis, { previous_hash }))).not.toThrow();
    }
    expect(() => rules.checkGenesis(changed(genesis, { transactions: payments(1) }))).not.toThrow();
  });

  it.each([0, 2])('refuses block %d', (index) => {
    expect(refusal(() => rules.checkGenesis(changed(genesis, { index })))).toEqual([
      'bad-genesis',
      `a chain begins with block 1, not ${index}`,
    ]);
  });

  it('refuses a reward', () => {
    const transactions = [rewardFor('miner')];
    expect(refusal(() => rules.checkGenesis(changed(genesis, { transactions })))).toEqual([
      'bad-genesis',
      'the first block pays no reward: nobody mined it',
    ]);
  });
});

describe('checkBlock', () => {
  it('takes the reward of a plain object, also where its amount is the bigint 1: its bytes are the same', () => {
    const transactions = [readTransaction({ amount: 1n, recipient: 'miner', sender: '0' })];
    const block = changed(nextBlock(genesis), { transactions });
    expect(() => rules.checkBlock(block, genesis, nothingUsed)).not.toThrow();
  });

  const wrongProof = [0, 1, 2].find((proof) => !validProof(second.proof, proof, 1)) as number;
  const reward = rewardFor('miner');

  it.each<[string, Partial<BlockFields>, BlockErrorCode, RegExp]>([
    ['an index too low', { index: 2 }, 'bad-index', /^its index is 2, not 3$/],
    ['an index too high', { index: 4 }, 'bad-index', /^its index is 4, not 3$/],
    [
      'the hash of another block',
      { previous_hash: genesis.hash },
      'bad-previous-hash',
      /^its previous_hash is not the hash of block 2$/,
    ],
    [
      'a wrong proof',
      { proof: wrongProof },
      'bad-proof',
      /^its proof is wrong: SHA-256 of "\d+" does not begin with 1 zeros$/,
    ],
    ['no transactions', { transactions: [] }, 'bad-reward', /^its last transaction must be the reward/],
    [
      'no reward',
      { transactions: payments(1, 50) },
      'bad-reward',
      /^its last transaction must be the reward/,
    ],
    [
      'its reward first',
      { transactions: [reward, ...payments(1, 50)] },
      'bad-reward',
      /^its last transaction must be the reward/,
    ],
    ['two rewards', { transactions: [reward, reward] }, 'bad-reward', /^it pays more than one reward$/],
    [
      'a payment from "0" besides the reward',
      { transactions: [payment('0'), reward] },
      'bad-reward',
      /^it pays more than one reward$/,
    ],
    ...[2, new Float(1), 1n, 0.5].map(
      (amount) =>
        [
          `a reward of ${amount instanceof Float ? '1.0' : String(amount)} (${typeof amount})`,
          { transactions: [new Transaction('0', 'miner', amount)] },
          'bad-reward',
          /^its reward must be \{"amount": 1, /,
        ] as [string, Partial<BlockFields>, BlockErrorCode, RegExp],
    ),
    [
      'a reward with a nonce',
      { transactions: [payment('0', 'miner', 1)] },
      'bad-reward',
      /^its reward must be \{"amount": 1, /,
    ],
  ])('refuses a block with %s, and says so', (_, fields, code, message) => {
    expect(() => rules.checkBlock(third, second, nothingUsed)).not.toThrow();
    const [actual, text] = refusal(() => rules.checkBlock(changed(third, fields), second, nothingUsed));
    expect(actual).toBe(code);
    expect(text).toMatch(message);
  });

  it('names the cheapest broken rule where several are broken', () => {
    const order: [Partial<BlockFields>, BlockErrorCode][] = [
      [{ transactions: [...payments(1), ...payments(1), reward] }, 'repeated-transaction'],
      [{ transactions: [...payments(1), ...payments(1)] }, 'bad-reward'],
      [{ proof: wrongProof }, 'bad-proof'],
      [{ previous_hash: genesis.hash }, 'bad-previous-hash'],
      [{ index: 9 }, 'bad-index'],
    ];
    let fields: Partial<BlockFields> = {};
    for (const [next, code] of order) {
      fields = { ...fields, ...next };
      expect(refusal(() => rules.checkBlock(changed(third, fields), second, nothingUsed))[0]).toBe(code);
    }
  });

  it('takes any valid proof, not the smallest alone', () => {
    const next = [...Array(1_000).keys()].find(
      (proof) => proof > third.proof && validProof(second.proof, proof, 1),
    ) as number;
    expect(() => rules.checkBlock(changed(third, { proof: next }), second, nothingUsed)).not.toThrow();
  });

  it('needs of the parent no more than its index, hash and proof', () => {
    const { index, hash, proof } = second;
    expect(() => rules.checkBlock(third, { index, hash, proof }, nothingUsed)).not.toThrow();
  });

  describe('a transaction that can be told apart by its nonce', () => {
    const [once] = payments(1, 99) as [Transaction];

    it('counts once a block', () => {
      const block = changed(third, { transactions: [once, once, reward] });
      expect(refusal(() => rules.checkBlock(block, second, nothingUsed))).toEqual([
        'repeated-transaction',
        `its transaction with the nonce ${once.nonce} is in the chain already`,
      ]);
    });

    it('counts once a chain', () => {
      const block = changed(third, { transactions: [once, reward] });
      expect(refusal(() => rules.checkBlock(block, second, (id) => id === once.id))[0]).toBe(
        'repeated-transaction',
      );
      const chain = extend(extend([genesis], 1, { transactions: [once] }), 3);
      expect(() => checkChain(chain, network)).not.toThrow();
      const again = extend(chain, 1, { transactions: [once] });
      expect(refusal(() => checkChain(again, network))[0]).toBe('repeated-transaction');
    });

    it('is another one with another amount under the same nonce', () => {
      const other = payment('alice', 'bob', 2, once.nonce);
      const block = changed(third, { transactions: [once, other, reward] });
      expect(() => rules.checkBlock(block, second, nothingUsed)).not.toThrow();
    });
  });

  it('lets equal payments without a nonce stand as often as they like, as the tutorial does', () => {
    const bare = new Transaction('alice', 'bob', 1);
    const chain = extend([genesis], 3, { transactions: [bare, bare] });
    expect(() => checkChain(chain, network)).not.toThrow();
    expect(() => rules.checkBlock(chain[1]!, genesis, () => true)).not.toThrow();
  });

  it('asks whether a transaction was used for those with a nonce alone', () => {
    const asked: string[] = [];
    rules.checkBlock(third, second, (id) => {
      asked.push(id);
      return false;
    });
    expect(asked).toEqual(payments(2, 3).map(({ id }) => id));
  });
});

describe('the difficulty of a network', () => {
  it('is what its rules ask for', () => {
    const easy = chainOf(testNetwork({ difficulty: 1 }), 10);
    expect(() => checkChain(easy, testNetwork({ difficulty: 0 }))).not.toThrow();
    expect(refusal(() => checkChain(easy, testNetwork({ difficulty: 3 })))[0]).toBe('bad-proof');
    const harder = testNetwork({ difficulty: 2 });
    expect(() => checkChain(chainOf(harder, 5), harder)).not.toThrow();
  });
});

describe('checkTransaction', () => {
  it('takes a payment with a nonce', () => {
    expect(() => rules.checkTransaction(payment())).not.toThrow();
  });

  it.each<[string, Transaction, string, string]>([
    [
      'from "0"',
      payment('0'),
      'reserved-sender',
      'the sender "0" is kept for block rewards: name another sender',
    ],
    [
      'without a nonce',
      new Transaction('alice', 'bob', 1),
      'no-nonce',
      'a transaction between nodes must have a nonce of 32 hex digits',
    ],
  ])('refuses one %s, and says what to do', (_, transaction, code, message) => {
    expect(refusal(() => rules.checkTransaction(transaction), InvalidTransaction)).toEqual([code, message]);
  });
});

it('identified() keeps the transactions that have a nonce', () => {
  expect(identified(third.transactions)).toEqual(third.transactions.slice(0, -1));
});

function changed(block: Block, fields: Partial<BlockFields>): Block {
  return new Block({ ...block.toJSON(), ...fields });
}

function refusal(
  check: () => void,
  family: typeof InvalidBlock | typeof InvalidTransaction = InvalidBlock,
): [code: string, message: string] {
  try {
    check();
  } catch (error) {
    if (!(error instanceof family)) throw error;
    return [error.code, error.message];
  }
  throw new Error('it was not refused');
}
