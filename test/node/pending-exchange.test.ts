import { expect, it } from 'vitest';
import { Mempool, rulesOf, type Transaction } from '../../src/chain/index.js';
import { ChainFollower } from '../../src/node/follower.js';
import { PendingExchange } from '../../src/node/pending-exchange.js';
import { memoryStore } from '../../src/storage/index.js';
import { payment, seededNonce, testNetwork } from '../helpers/chains.js';
import { newPeerId } from '../protocols/chain/support.js';

const NETWORK = testNetwork();
const [theirs, gossiped] = [1, 2].map((seed) => payment('alice', 'bob', seed, seededNonce(seed))) as [
  Transaction,
  Transaction,
];
const { signal } = new AbortController();

/** A peer that has one payment pending; while its list is on the way, another comes to us by gossip. */
async function exchangeWith(before: readonly Transaction[]) {
  const store = memoryStore(NETWORK);
  await store.open();
  const mempool = new Mempool();
  const rules = rulesOf(NETWORK);
  const follower = new ChainFollower(store, rules, mempool, () => {});
  const admit = (transaction: Transaction) => follower.admit({ transaction, receivedAt: 0, from: 'another' });
  for (const transaction of before) await admit(transaction);
  const client = {
    pendingIds: async (_: unknown, after?: string) => {
      await admit(gossiped);
      return after === undefined ? [theirs.id] : [];
    },
    pendingTransactions: async () => [theirs.bytes],
  };
  return { exchange: new PendingExchange(client, follower, mempool, rules), mempool };
}

it('tells that it has brought something new', async () => {
  const { exchange, mempool } = await exchangeWith([]);
  expect(await exchange.fetch(await newPeerId(), signal)).toBe(true);
  expect(mempool.size).toBe(2);
});

it('has brought nothing where only gossip did meanwhile: else a busy room would tell itself of it without end', async () => {
  const { exchange, mempool } = await exchangeWith([theirs]);
  expect(await exchange.fetch(await newPeerId(), signal)).toBe(false);
  expect(mempool.size).toBe(2);
});
