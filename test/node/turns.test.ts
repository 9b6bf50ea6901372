import type { PeerId } from '@libp2p/interface';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Block, Mempool, rulesOf } from '../../src/chain/index.js';
import { SILENT } from '../../src/log.js';
import { BRANCH_IDLE_MS, SYNC_TURN_MS } from '../../src/node/constants.js';
import { ChainFollower } from '../../src/node/follower.js';
import { PendingExchange } from '../../src/node/pending-exchange.js';
import { ChainSync, type HeadClient } from '../../src/node/sync.js';
import { memoryStore } from '../../src/storage/index.js';
import { chainOf, extend, testNetwork } from '../helpers/chains.js';
import { newPeerId } from '../protocols/chain/support.js';

const NETWORK = testNetwork();
const OURS = chainOf(NETWORK, 20, { miner: 'we' });
const THEIRS = extend([NETWORK.genesis], 30, { miner: 'they' });
const NOTHING_PENDING = { pending: 0, digest: '0'.repeat(64) };

let peers: PeerId[];
beforeEach(async () => {
  peers = await Promise.all(Array.from({ length: 10 }, newPeerId));
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A node with a chain of its own, all of whose peers have the same longer one. @param blocks how each sends it */
async function besideLonger(chain: Block[], blocks: HeadClient['blocks']) {
  const store = memoryStore(NETWORK);
  await store.open();
  const mempool = new Mempool();
  const rules = rulesOf(NETWORK);
  const follower = new ChainFollower(store, rules, mempool, () => {});
  await follower.extend(OURS.slice(1), 'another', OURS.length);
  const head = async () => ({ length: chain.length, hash: chain.at(-1)!.hash, ...NOTHING_PENDING });
  const pending = { pendingIds: async () => [], pendingTransactions: async () => [] };
  const sync = new ChainSync(
    { head, blocks },
    { connected: () => peers, drop: () => {} },
    follower,
    new PendingExchange(pending, follower, mempool, rules),
    () => ({ length: store.head.length, hash: store.head.hash, ...NOTHING_PENDING }),
    SILENT,
  );
  return { sync, store };
}

/** Those after the first of the locator that the chain has. */
function after(chain: Block[], locator: string[], count: number): Uint8Array[] {
  const hash = locator.find((each) => chain.some((block) => block.hash === each));
  const first = chain.findIndex((block) => block.hash === hash) + 1;
  return chain.slice(first, first + count).map(({ bytes }) => bytes);
}

it('a longer branch that ten peers send, and that takes longer than a turn, is ours in the end', async () => {
  // Some ten blocks come in one turn, and all ten turns take longer than a branch is kept that does not grow.
  expect(10 * SYNC_TURN_MS).toBeGreaterThan(BRANCH_IDLE_MS);
  const { sync, store } = await besideLonger(THEIRS, async function* (_, locator) {
    await vi.advanceTimersByTimeAsync(SYNC_TURN_MS / 3);
    yield after(THEIRS, locator, 4);
  });
  const began = performance.now();
  sync.start();
  await sync.survey();
  await vi.waitFor(() => expect(store.head.hash).toBe(THEIRS.at(-1)!.hash));
  expect(performance.now() - began).toBeLessThan(10 * SYNC_TURN_MS);
  await sync.stop();
});

it('a peer that is silent in its turn holds up the others no longer than that', async () => {
  const longer = extend(OURS, 10);
  const asked: PeerId[] = [];
  const { sync, store } = await besideLonger(longer, async function* (peer, locator, { signal }) {
    asked.push(peer);
    if (peer !== peers.at(-1))
      await new Promise((_, fail) => signal.addEventListener('abort', () => fail(signal.reason)));
    yield after(longer, locator, 10);
  });
  const began = performance.now();
  sync.start();
  await sync.survey();
  while (store.head.length < longer.length && performance.now() - began < 100 * SYNC_TURN_MS)
    await vi.advanceTimersByTimeAsync(SYNC_TURN_MS / 4);
  expect(store.head.hash).toBe(longer.at(-1)!.hash);
  expect(performance.now() - began).toBeLessThan(11 * SYNC_TURN_MS);
  // Each once: who brought nothing has had its turn.
  expect(asked.map(String)).toEqual(peers.map(String));
  await sync.stop();
});
