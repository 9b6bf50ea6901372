/** What is asked for while a reorganisation changes the chain: never something else. */
import { describe, expect, it } from 'vitest';
import { Mempool } from '../../src/chain/index.js';
import { findBlock, findTransaction } from '../../src/node/lookup.js';
import { chainOf, nextBlock, payment, testNetwork } from '../helpers/chains.js';

const chain = chainOf(testNetwork(), 3);
const follower = { head: { length: 3 } } as never;

/** A store whose chain is another one when the second question comes. */
function changing(block: unknown) {
  return {
    indexOf: async () => 3,
    locate: async (ids: string[]) => new Map([[ids[0], 3]]),
    blockAt: async () => block,
  } as never;
}

describe('while our chain becomes another', () => {
  it('a block is found by its hash, or not at all', async () => {
    const other = nextBlock(chain[1]!, { miner: 'they' });
    const [, , ours] = chain;
    expect(await findBlock({ store: changing(other), follower }, ours!.hash)).toBeUndefined();
    expect((await findBlock({ store: changing(ours), follower }, ours!.hash))?.block).toBe(ours);
  });

  it('a transaction that falls out of its block is found among those that wait', async () => {
    const transaction = payment();
    const mempool = new Mempool();
    const block = nextBlock(chain[1]!, { miner: 'they' });
    const store = {
      locate: async () => {
        mempool.add({ transaction, receivedAt: 0, from: null });
        return new Map([[transaction.id, 3]]);
      },
      blockAt: async () => block,
    } as never;
    expect(await findTransaction({ store, follower, mempool }, transaction.id)).toEqual({
      transaction,
      block: null,
      confirmations: 0,
    });
  });

  it('a transaction that goes from one block to another is found in that', async () => {
    const transaction = payment();
    const block = nextBlock(chain[1]!, { transactions: [transaction] });
    const other = nextBlock(chain[1]!, { miner: 'they' });
    const blocks = [other, block];
    const store = {
      locate: async () => new Map([[transaction.id, 3]]),
      blockAt: async () => blocks.shift(),
    } as never;
    const found = await findTransaction({ store, follower, mempool: new Mempool() }, transaction.id);
    expect(found).toMatchObject({ transaction, block: 3 });
  });
});
