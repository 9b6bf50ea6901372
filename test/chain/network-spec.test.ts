import { describe, expect, it } from 'vitest';
import {
  Block,
  type BlockFields,
  createNetwork,
  DEFAULT_GENESIS,
  DEFAULT_NETWORK,
  InvalidNetwork,
  MAX_NETWORK_NAME,
  networkId,
  rewardFor,
  rulesOf,
} from '../../src/chain/index.js';
import { payments, testNetwork } from '../helpers/chains.js';

describe('the default network', () => {
  it('is the same for everyone', () => {
    expect(DEFAULT_GENESIS.hash).toBe('9bd58252bbed62b0af795f7c177c9b115bbb161f41df0ac728443cfb2b9e2067');
    expect(networkId(DEFAULT_NETWORK)).toBe('515b81d5a2aeb7ed');
    expect(DEFAULT_NETWORK).toMatchObject({ name: 'gossipchain', rules: 'tutorial', difficulty: 4 });
  });

  it('begins as a chain may begin', () => {
    expect(() => rulesOf(DEFAULT_NETWORK).checkGenesis(DEFAULT_GENESIS)).not.toThrow();
  });
});

describe('createNetwork', () => {
  it('gives another id for another name, difficulty or genesis', () => {
    const genesis = changed({ timestamp: 0 });
    const ids = [{}, { name: 'other' }, { difficulty: 5 }, { genesis }].map((f) =>
      networkId(createNetwork(f)),
    );
    expect(new Set(ids).size).toBe(4);
  });

  it.each(['a', 'classroom 7b', '中文', '😀'.repeat(MAX_NETWORK_NAME)])('takes the name %s', (name) => {
    expect(testNetwork({ name }).name).toBe(name);
  });

  it.each([
    ['empty', ''],
    ['of 65 characters', 'x'.repeat(MAX_NETWORK_NAME + 1)],
    ['of 65 emojis', '😀'.repeat(MAX_NETWORK_NAME + 1)],
    ['with a line break', 'a\nb'],
    ['with an escape', 'a\u001b[31m'],
    ['with DEL', 'a\u007f'],
    ['with a C1 control character', 'a\u009b31m'],
  ])('refuses a name %s, and says what would do', (_, name) => {
    expect(refusal({ name })).toMatchObject({
      code: 'bad-name',
      message: "a network's name must have 1 to 64 printable characters",
    });
  });

  it.each([0, 1, 16])('takes the difficulty %d', (difficulty) => {
    expect(testNetwork({ difficulty }).difficulty).toBe(difficulty);
  });

  it.each([-1, 17, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses the difficulty %d', (difficulty) => {
    expect(refusal({ difficulty })).toMatchObject({
      code: 'bad-difficulty',
      message: 'the difficulty must be a whole number from 0 to 16',
    });
  });

  it('takes any first block that a chain may begin with', () => {
    const genesis = changed({ previous_hash: 'genesis', transactions: payments(2) });
    expect(createNetwork({ genesis }).genesis).toBe(genesis);
  });

  it.each([
    ['of another index', { index: 2, previous_hash: '0'.repeat(64) }, 'a chain begins with block 1, not 2'],
    [
      'with a reward',
      { transactions: [rewardFor('miner')] },
      'the first block pays no reward: nobody mined it',
    ],
  ])('refuses a first block %s, as its rules do', (_, fields, message) => {
    expect(refusal({ genesis: changed(fields) })).toMatchObject({ code: 'bad-genesis', message });
  });
});

/** The default network's first block, but for this. */
function changed(fields: Partial<BlockFields>): Block {
  const { index, timestamp, transactions, proof, previous_hash } = DEFAULT_GENESIS;
  return new Block({ index, timestamp, transactions, proof, previous_hash, ...fields });
}

function refusal(fields: Parameters<typeof createNetwork>[0]): unknown {
  try {
    return createNetwork(fields);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidNetwork);
    return error;
  }
}
