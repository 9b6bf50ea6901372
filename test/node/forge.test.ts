import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Block, decodeBlock, MAX_BLOCK_BYTES, Mempool, rulesOf } from '../../src/chain/index.js';
import { BLOCK_OVERHEAD_BYTES } from '../../src/node/constants.js';
import type { NodeEvents } from '../../src/node/events.js';
import { ChainFollower } from '../../src/node/follower.js';
import { Forge, type ProofSearch } from '../../src/node/forge.js';
import { memoryStore } from '../../src/storage/index.js';
import {
  chainOf,
  checkChain,
  nextBlock,
  payment,
  seededNonce,
  smallestProof,
  testNetwork,
} from '../helpers/chains.js';

const NETWORK = testNetwork({ difficulty: 1 });
const CHAIN = chainOf(NETWORK, 2);

interface Search {
  readonly lastProof: number;
  readonly signal: AbortSignal;
  find(proof: number): void;
}

/** A forge over one block, whose searches end when the test says so. */
function forge() {
  let last = CHAIN[0] as Block;
  const follower = {
    get head() {
      return { length: last.index, hash: last.hash, proof: last.proof };
    },
    async offer(block: Block) {
      if (block.previous_hash !== last.hash) return 'stale';
      last = block;
      return 'appended';
    },
  } as unknown as ChainFollower;
  const searches: Search[] = [];
  const miner = {
    progress: null,
    search: (lastProof: number, _difficulty: number, signal: AbortSignal) =>
      new Promise<number>((find, fail) => {
        signal.addEventListener('abort', () => fail(signal.reason));
        searches.push({ lastProof, signal, find });
      }),
  };
  const states: string[] = [];
  const announce = vi.fn(async (_block: Block) => {});
  const made = new Forge(
    NETWORK,
    follower,
    new Mempool(),
    miner as ConstructorParameters<typeof Forge>[3],
    'we',
    announce,
    (name, event) => {
      if (name === 'mining') states.push((event as NodeEvents['mining'][0]).state);
    },
  );
  const search = async (number: number): Promise<Search> => {
    await expect.poll(() => searches.length, { timeout: 10_000 }).toBe(number);
    return searches[number - 1] as Search;
  };
  const moveTo = (block: Block) => {
    last = block;
  };
  return { forge: made, search, states, announce, moveTo };
}

it('a block has as many payments as fit, first come first, and the next one has the others', async () => {
  const store = memoryStore(NETWORK);
  await store.open();
  onTestFinished(() => store.close());
  const mempool = new Mempool();
  const follower = new ChainFollower(store, rulesOf(NETWORK), mempool, () => {});
  // More than a block takes.
  const sent = Array.from({ length: 6_000 }, (_, i) => payment('alice', 'b'.repeat(100), 1, seededNonce(i)));
  await follower.admitAll(sent.map((transaction) => ({ transaction, receivedAt: 0, from: null })));
  expect(mempool.bytes).toBeGreaterThan(MAX_BLOCK_BYTES);
  const miner: ProofSearch = {
    progress: null,
    search: async (lastProof, difficulty) => smallestProof(lastProof, difficulty),
  };
  const made = new Forge(
    NETWORK,
    follower,
    mempool,
    miner,
    'we',
    async () => {},
    () => {},
  );
  const first = await made.forge(new AbortController().signal);
  expect(decodeBlock(first.bytes).hash).toBe(follower.head.hash);
  const unused = MAX_BLOCK_BYTES - first.bytes.length;
  expect(unused).toBeGreaterThanOrEqual(0);
  expect(unused).toBeLessThan(BLOCK_OVERHEAD_BYTES + sent[0]!.text.length);
  const second = await made.forge(new AbortController().signal);
  const paid = (block: Block) => block.transactions.slice(0, -1).map(({ id }) => id);
  expect([...paid(first), ...paid(second)]).toEqual(sent.map(({ id }) => id));
  expect(mempool.size).toBe(0);
  checkChain([NETWORK.genesis, first, second], NETWORK);
});

describe('a search that is running', () => {
  it('starts again on the new head when the chain grows, and its block stands on that', async () => {
    const { forge: made, search, states, announce, moveTo } = forge();
    const forged = made.forge(new AbortController().signal);
    const first = await search(1);
    expect(first.lastProof).toBe(CHAIN[0]?.proof);
    const theirs = CHAIN[1] as Block;
    moveTo(theirs);
    made.headChanged();
    const second = await search(2);
    expect(first.signal.aborted).toBe(true);
    expect(second.lastProof).toBe(theirs.proof);
    const { proof } = nextBlock(theirs);
    second.find(proof);
    expect(await forged).toMatchObject({ index: 3, proof, previous_hash: theirs.hash });
    expect(states).toEqual(['started', 'restarted', 'found']);
    expect(announce).toHaveBeenCalledOnce();
  });

  it('starts again where its proof was found just as another block came in, and announces no block but its own', async () => {
    const { forge: made, search, states, announce, moveTo } = forge();
    const forged = made.forge(new AbortController().signal);
    const theirs = CHAIN[1] as Block;
    const first = await search(1);
    moveTo(theirs);
    first.find(nextBlock(CHAIN[0] as Block).proof);
    (await search(2)).find(nextBlock(theirs).proof);
    const block = await forged;
    expect(block.index).toBe(3);
    expect(states).toEqual(['started', 'restarted', 'found']);
    expect(announce.mock.calls).toEqual([[block]]);
  });

  it('is given up with its caller, who hears why', async () => {
    const { forge: made, search, states } = forge();
    const caller = new AbortController();
    const forged = made.forge(caller.signal);
    const { signal } = await search(1);
    caller.abort(new Error('gone'));
    await expect(forged).rejects.toThrow('gone');
    await expect.poll(() => states).toEqual(['started', 'cancelled']);
    expect(signal.aborted).toBe(true);
  });
});
