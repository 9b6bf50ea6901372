import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type Block,
  createNetwork,
  DEFAULT_NETWORK,
  Float,
  parseJson,
  readBlock,
} from '../src/chain/index.js';
import {
  type BlockLike,
  hash,
  lastBlock,
  newBlock,
  newTransaction,
  proofOfWork,
  validChain,
  validProof,
} from '../src/tutorial.js';

const GENESIS = { index: 1, timestamp: 1506057125.900785, transactions: [], proof: 100, previous_hash: '1' };
const { chain } = parseJson(
  readFileSync(join(import.meta.dirname, 'vectors/tutorial-chain.json')),
) as unknown as {
  chain: Exclude<BlockLike, Block>[];
};

describe("the tutorial's functions", () => {
  it('hash blocks as Python does, plain ones and ours', () => {
    const known = '9bd58252bbed62b0af795f7c177c9b115bbb161f41df0ac728443cfb2b9e2067';
    expect(hash(GENESIS)).toBe(known);
    expect(hash(readBlock(GENESIS))).toBe(known);
    expect(hash({ ...GENESIS, timestamp: new Float(5) })).not.toBe(hash({ ...GENESIS, timestamp: 5 }));
    chain.slice(1).forEach((block, at) => {
      expect(block.previous_hash).toBe(hash(chain[at] as BlockLike));
    });
  });

  it('find the smallest proof', () => {
    expect(proofOfWork(100)).toBe(35293);
    expect(proofOfWork(35293, 4)).toBe(35089);
    expect(validProof(100, 35293, 4)).toBe(true);
    expect(proofOfWork(100, 0)).toBe(0);
    expect(() => proofOfWork(-1)).toThrow(RangeError);
  });

  it("tell a Python node's chain from one that was changed", () => {
    const spec = createNetwork({ genesis: readBlock(chain[0]) });
    expect(validChain(chain, spec)).toBe(true);
    expect(validChain(chain)).toBe(false);
    expect(validChain([], spec)).toBe(false);
    expect(validChain(chain.slice(1), spec)).toBe(false);
    const changed = chain.map((block) => (block.index === 2 ? { ...block, timestamp: 1 } : block));
    expect(validChain(changed, spec)).toBe(false);
    expect(validChain([...chain.slice(0, 3), { ...lastBlock(chain), proof: -1 }], spec)).toBe(false);
  });

  it('make blocks that follow one another', () => {
    const reward = newTransaction('0', 'me', 1);
    const blocks: BlockLike[] = [DEFAULT_NETWORK.genesis];
    for (const payment of [
      newTransaction('alice', 'bob', 5),
      { sender: 'bob', recipient: 'eve', amount: 0.5 },
    ]) {
      const last = lastBlock(blocks);
      blocks.push(newBlock(last, proofOfWork(last.proof), [payment, reward], 1506057126));
    }
    expect(blocks.map(({ index }) => index)).toEqual([1, 2, 3]);
    expect(validChain(blocks)).toBe(true);
    const plain = blocks.map((block) => JSON.parse(JSON.stringify(block)));
    expect(validChain(plain)).toBe(true);
  });

  it('refuse a transaction that is spent twice under one nonce', () => {
    const payment = newTransaction('alice', 'bob', 5, 'ab'.repeat(16));
    const reward = newTransaction('0', 'me', 1);
    const spec = createNetwork({ difficulty: 0 });
    const second = newBlock(spec.genesis, 0, [payment, reward], 1);
    expect(validChain([spec.genesis, second], spec)).toBe(true);
    expect(validChain([spec.genesis, second, newBlock(second, 0, [payment, reward], 2)], spec)).toBe(false);
  });

  it('say what is wrong with a transaction or block that cannot be', () => {
    expect(() => newTransaction('alice', 'bob', -5)).toThrow('amount must be greater than 0');
    expect(() => newBlock(GENESIS, -1, [], 1)).toThrow('proof must be an integer');
    expect(() => lastBlock([])).toThrow(RangeError);
  });
});
