import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  type Block,
  decodeBlock,
  InvalidBlock,
  Mempool,
  rulesOf,
  type Transaction,
} from '../../src/chain/index.js';
import { MEMPOOL_LIMITS, type MempoolLimits } from '../../src/chain/mempool.js';
import { BRANCH_GRACE_MS, BRANCH_IDLE_MS, MAX_BRANCH_BYTES, MAX_BRANCHES } from '../../src/node/constants.js';
import { ChainFollower } from '../../src/node/follower.js';
import type { NodeEvents } from '../../src/node/index.js';
import { type BlockStore, memoryStore, StorageError, UnreadableBranch } from '../../src/storage/index.js';
import { chainOf, extend, nextBlock, payment, testNetwork } from '../helpers/chains.js';

const NETWORK = testNetwork();
const GENESIS = NETWORK.genesis;

interface Told {
  readonly name: keyof NodeEvents;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the event is
  readonly event: any;
}

const open: BlockStore[] = [];
afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
});

async function newFollower(now: () => number = Date.now, limits: Partial<MempoolLimits> = {}) {
  const store = memoryStore(NETWORK);
  await store.open();
  open.push(store);
  const mempool = new Mempool({ ...MEMPOOL_LIMITS, ...limits });
  const told: Told[] = [];
  const hit = vi.fn();
  const grown = vi.fn();
  const follower = new ChainFollower(
    store,
    rulesOf(NETWORK),
    mempool,
    (name, event) => told.push({ name, event }),
    now,
    { hit },
    grown,
    now,
  );
  await follower.start();
  const blocks = async () => {
    const chain: Block[] = [];
    for (let index = 1; index <= store.head.length; index++)
      chain.push((await store.blockAt(index)) as Block);
    return chain;
  };
  return { store, mempool, follower, told, blocks, hit, grown };
}

const pendingFrom = (transaction: Transaction, from: string | null = null) => ({
  transaction,
  receivedAt: 0,
  from,
});
const hashes = (blocks: readonly Block[]) => blocks.map((block) => block.hash);

describe('a locator', () => {
  it('asked for while a branch is being adopted is that of our chain when it is', async () => {
    const { follower } = await newFollower();
    await follower.offer(nextBlock(GENESIS, { miner: 'we' }), null);
    const theirs = extend([GENESIS], 2, { miner: 'they' });
    await follower.offer(theirs[1]!, 'peer');
    const adopting = follower.offer(theirs[2]!, 'peer');
    expect(await follower.locator('peer')).toEqual(hashes(theirs).reverse());
    expect(follower.head.hash).toBe(theirs[2]!.hash);
    await adopting;
  });
});

it('of others’ blocks those are counted that are stored, in our chain or aside, and each once', async () => {
  const { follower, grown } = await newFollower();
  const chain = chainOf(NETWORK, 4);
  const bytes = (blocks: readonly Block[]) => blocks.reduce((sum, block) => sum + block.bytes.length, 0);
  const counted = () => grown.mock.calls.reduce((sum, [count]) => sum + count, 0);
  await follower.offer(chain[1]!, null);
  expect(counted()).toBe(0);
  await follower.offer(chain[2]!, 'peer');
  await follower.offer(chain[2]!, 'another');
  await follower.extend(chain.slice(1), 'peer', 4);
  expect(counted()).toBe(bytes(chain.slice(2)));
  const rival = extend(chain.slice(0, 3), 2, { miner: 'they' });
  await follower.offer(rival[3]!, 'peer');
  await follower.extend(rival.slice(4), 'peer', 5);
  expect(counted()).toBe(bytes(chain.slice(2)) + bytes(rival.slice(3)));
  const invalid = [...extend(chain.slice(0, 2), 1, { miner: 'eve' }).slice(2), nextBlock(GENESIS)];
  await expect(follower.extend(invalid, 'eve', 9)).rejects.toThrow(InvalidBlock);
  expect(counted()).toBe(bytes(chain.slice(2)) + bytes(rival.slice(3)));
});

describe('a block that is offered', () => {
  it('becomes the head when it follows it, and its transactions are pending no longer', async () => {
    const { follower, mempool, told } = await newFollower();
    const [sent, waiting] = [payment('alice', 'bob', 1), payment('alice', 'bob', 2)];
    for (const transaction of [sent, waiting]) await follower.admit(pendingFrom(transaction));
    const block = nextBlock(GENESIS, { transactions: [sent] });

    expect(await follower.offer(block, 'peer')).toBe('appended');

    expect(follower.head).toMatchObject({ length: 2, hash: block.hash });
    expect(mempool.entries().map(({ transaction }) => transaction.id)).toEqual([waiting.id]);
    expect(told.at(-1)).toMatchObject({ name: 'block', event: { source: 'gossip', from: 'peer' } });
    expect(told.at(-1)?.event.block.hash).toBe(block.hash);
  });

  it('is known the second time, wherever it stands', async () => {
    const { follower } = await newFollower();
    const ours = nextBlock(GENESIS, { miner: 'we' });
    const theirs = nextBlock(GENESIS, { miner: 'they' });
    await follower.offer(ours, null);
    await follower.offer(theirs, 'peer');
    expect(await follower.offer(ours, 'peer')).toBe('known');
    expect(await follower.offer(theirs, 'another')).toBe('known');
    expect(await follower.offer(GENESIS, 'peer')).toBe('known');
  });

  it('is kept aside when it ties with our head, and named as a tie; ours stays', async () => {
    const { follower, told } = await newFollower();
    const ours = nextBlock(GENESIS, { miner: 'we' });
    const theirs = nextBlock(GENESIS, { miner: 'they' });
    await follower.offer(ours, null);
    expect(await follower.offer(theirs, 'peer')).toBe('kept');
    expect(follower.head.hash).toBe(ours.hash);
    expect(follower.tiedHeads).toEqual([theirs.hash]);
    expect(told.at(-1)).toMatchObject({
      name: 'fork',
      event: { fork: 1, head: { length: 2, hash: ours.hash }, from: 'peer' },
    });
    expect(told.at(-1)?.event.block.hash).toBe(theirs.hash);
    await follower.offer(theirs, 'another');
    expect(told.filter(({ name }) => name === 'fork')).toHaveLength(1);
  });

  it('of our own that was found too late is told as a fork, and held by nobody', async () => {
    const { follower, told } = await newFollower();
    const theirs = nextBlock(GENESIS, { miner: 'they' });
    const ours = nextBlock(GENESIS, { miner: 'we' });
    await follower.offer(theirs, 'peer');
    expect(await follower.offer(ours, null)).toBe('stale');
    expect(told.filter(({ name }) => name === 'fork')).toMatchObject([
      { event: { block: { hash: ours.hash }, fork: 1, head: { hash: theirs.hash }, from: null } },
    ]);
    expect(follower.head.hash).toBe(theirs.hash);
    expect(follower.tiedHeads).toEqual([]);
    expect(await follower.offer(nextBlock(ours), 'peer')).toBe('orphan');
  });

  it('of our own that is behind our head changes nothing, and is not told', async () => {
    const { follower, told } = await newFollower();
    const theirs = extend([GENESIS], 2, { miner: 'they' });
    for (const block of theirs.slice(1)) await follower.offer(block, 'peer');
    expect(await follower.offer(nextBlock(GENESIS, { miner: 'we' }), null)).toBe('stale');
    expect(told.map(({ name }) => name)).not.toContain('fork');
  });

  it('makes a kept branch our chain when it makes it longer, and returns what fell out', async () => {
    const { follower, mempool, told, blocks } = await newFollower();
    const [lost, shared] = [payment('alice', 'bob', 1), payment('alice', 'bob', 2)];
    await follower.offer(nextBlock(GENESIS, { miner: 'we', transactions: [lost, shared] }), null);
    const theirs = extend([GENESIS], 1, { miner: 'they', transactions: [shared] });
    await follower.offer(theirs[1]!, 'peer');
    const longer = nextBlock(theirs[1]!, { miner: 'they' });

    expect(await follower.offer(longer, 'another')).toBe('adopted');

    expect(hashes(await blocks())).toEqual(hashes([...theirs, longer]));
    expect(mempool.entries().map(({ transaction }) => transaction.id)).toEqual([lost.id]);
    expect(told.at(-1)).toMatchObject({
      name: 'reorg',
      event: { fork: 1, removed: 1, added: 2, returned: [lost.id], from: 'another' },
    });
    expect(follower.tiedHeads).toEqual([]);
  });

  it('is stale when it is behind our head', async () => {
    const { follower } = await newFollower();
    for (const block of chainOf(NETWORK, 4).slice(1)) await follower.offer(block, null);
    expect(await follower.offer(nextBlock(GENESIS, { miner: 'they' }), 'peer')).toBe('stale');
  });

  it('is an orphan when its parent is unknown and its chain would be longer', async () => {
    const { follower } = await newFollower();
    const theirs = chainOf(NETWORK, 4, { miner: 'they' });
    expect(await follower.offer(theirs[3]!, 'peer')).toBe('orphan');
    expect(follower.head.length).toBe(1);
  });

  it('is an orphan when its parent is unknown and its chain ties with ours', async () => {
    const { follower } = await newFollower();
    await follower.extend(chainOf(NETWORK, 3).slice(1), 'other', 3);
    const theirs = chainOf(NETWORK, 3, { miner: 'they' });
    expect(await follower.offer(theirs[2]!, 'peer')).toBe('orphan');
  });

  it.each([
    ['its proof is wrong', 'bad-proof', (b: Block) => ({ ...b.toJSON(), proof: b.proof + 1 })],
    ['its index skips one', 'bad-index', (b: Block) => ({ ...b.toJSON(), index: b.index + 1 })],
    ['it pays nobody', 'bad-reward', (b: Block) => ({ ...b.toJSON(), transactions: [] })],
  ])('is refused when %s, and changes nothing', async (_why, code, forge) => {
    const network = testNetwork({ difficulty: 1 });
    const store = memoryStore(network);
    await store.open();
    open.push(store);
    const follower = new ChainFollower(store, rulesOf(network), new Mempool(), () => {});
    const { Block } = await import('../../src/chain/index.js');
    let forged = new Block(forge(nextBlock(network.genesis)));
    if (code === 'bad-proof') {
      while (rulesAccept(network, forged))
        forged = new Block({ ...forged.toJSON(), proof: forged.proof + 1 });
    }
    await expect(follower.offer(forged, 'peer')).rejects.toMatchObject({ name: 'InvalidBlock', code });
    expect(follower.head.length).toBe(1);
  });

  it('is refused when it repeats a transaction of the chain, on a branch only if the branch shares it', async () => {
    const { follower } = await newFollower();
    const sent = payment('alice', 'bob', 1);
    const first = nextBlock(GENESIS, { transactions: [sent] });
    await follower.offer(first, null);
    const again = nextBlock(first, { transactions: [sent] });
    await expect(follower.offer(again, 'peer')).rejects.toMatchObject({ code: 'repeated-transaction' });
    const beside = nextBlock(GENESIS, { transactions: [sent], miner: 'they' });
    expect(await follower.offer(beside, 'peer')).toBe('kept');
  });
});

describe("a piece of a peer's chain", () => {
  it('is appended when it follows our head, what we have already passed over', async () => {
    const { follower, blocks } = await newFollower();
    const chain = chainOf(NETWORK, 20);
    expect(await follower.extend(chain.slice(1, 10), 'peer', 20)).toBe('extended');
    expect(await follower.extend(chain.slice(5), 'peer', 20)).toBe('extended');
    expect(await follower.extend(chain.slice(1), 'peer', 20)).toBe('known');
    expect(hashes(await blocks())).toEqual(hashes(chain));
  });

  it('holds nothing of the blocks that came with it and were known', async () => {
    const { follower, told } = await newFollower();
    const chain = chainOf(NETWORK, 5);
    await follower.extend(chain.slice(1, 4), 'peer', 5);
    const batch = Buffer.concat(chain.map(({ bytes }) => bytes));
    let end = 0;
    const together = chain.map(({ bytes: { length } }) => {
      end += length;
      return decodeBlock(batch.subarray(end - length, end));
    });
    await follower.extend(together.slice(1), 'peer', 5);
    const { bytes } = told.at(-1)!.event.block;
    expect(bytes).toEqual(new Uint8Array(chain[4]!.bytes));
    expect(bytes.buffer.byteLength).toBe(bytes.length);
  });

  it('is kept aside piece by piece while it is not longer, and becomes our chain as soon as it is', async () => {
    const { follower, blocks } = await newFollower();
    const ours = chainOf(NETWORK, 10, { miner: 'we' });
    await follower.extend(ours.slice(1), 'other', 10);
    const theirs = extend(ours.slice(0, 4), 12, { miner: 'they' });
    await follower.extend(theirs.slice(4, 8), 'peer', theirs.length);
    expect(follower.head.hash).toBe(ours.at(-1)?.hash);
    await follower.extend(theirs.slice(8, 12), 'peer', theirs.length);
    expect(follower.head.hash).toBe(theirs[11]?.hash);
    await follower.extend(theirs.slice(12), 'peer', theirs.length);
    expect(hashes(await blocks())).toEqual(hashes(theirs));
  });

  it('is refused whole with its first invalid block, which the error names', async () => {
    const { follower } = await newFollower();
    const chain = chainOf(NETWORK, 10);
    const broken = [...chain.slice(1, 5), nextBlock(GENESIS, { miner: 'they' })];
    await expect(follower.extend(broken, 'peer', 10)).rejects.toThrow(InvalidBlock);
    await expect(follower.extend(broken, 'peer', 10)).rejects.toThrow(/^block 2: /);
    expect(follower.head.length).toBe(1);
  });

  it('is refused beyond what its peer promised', async () => {
    const { follower } = await newFollower();
    const chain = chainOf(NETWORK, 10);
    expect(await follower.extend(chain.slice(1), 'peer', 5)).toBe('refused');
    expect(follower.head.length).toBe(1);
  });

  it('leads nowhere when it follows nothing we have', async () => {
    const { follower } = await newFollower();
    expect(await follower.extend(chainOf(NETWORK, 10).slice(5), 'peer', 10)).toBe('unconnected');
  });

  it('finds a place among eight branches only if it promises more than the least of them', async () => {
    const { follower, hit } = await newFollower();
    const ours = chainOf(NETWORK, 30);
    await follower.extend(ours.slice(1), 'other', 30);
    const rival = (miner: string) => [nextBlock(ours[9]!, { miner })];
    for (let i = 0; i < 8; i++)
      expect(await follower.extend(rival(`r${i}`), `peer ${i}`, 40 + i)).toBe('extended');
    expect(hit).not.toHaveBeenCalled();
    expect(await follower.extend(rival('least'), 'late', 40)).toBe('refused');
    expect(await follower.extend(rival('more'), 'eager', 60)).toBe('extended');
    expect(hit.mock.calls).toEqual([
      ['branches', 'late'],
      ['branches', 'eager'],
    ]);
  });

  it('of a longer chain finds a place though eight that promise more trickle, in that of the slowest of them', async () => {
    let now = 0;
    const { follower, hit } = await newFollower(() => now);
    const ours = chainOf(NETWORK, 30);
    await follower.extend(ours.slice(1), 'other', 30);
    const ends = new Map<string, Block>();
    const grow = async (peer: string, count = 1) => {
      const grown = extend([ends.get(peer) ?? ours[9]!], count, { miner: peer });
      expect(await follower.extend(grown.slice(1), peer, 1e9)).toBe('extended');
      ends.set(peer, grown.at(-1)!);
    };
    const kept = async () => {
      const locators = [...ends].map(async ([peer, { hash }]) => {
        const [first] = await follower.locator(peer);
        return first === hash ? [peer] : [];
      });
      return (await Promise.all(locators)).flat();
    };
    const tricklers = Array.from({ length: MAX_BRANCHES }, (_, i) => `trickler ${i}`);
    // The slowest is neither the first nor the last.
    const slowest = tricklers[3]!;
    for (const peer of tricklers) await grow(peer, peer === slowest ? 1 : 3);
    const theirs = extend(ours.slice(0, 20), 11, { miner: 'they' });
    now = BRANCH_GRACE_MS;
    // None of them stands still.
    for (const peer of tricklers) await grow(peer);
    expect(await follower.extend(theirs.slice(20, 25), 'honest', 31)).toBe('refused');
    expect(await kept()).toEqual(tricklers);
    now += 1;
    expect(await follower.extend(theirs.slice(20, 25), 'honest', 31)).toBe('extended');
    expect(await kept()).toEqual(tricklers.filter((peer) => peer !== slowest));
    expect(await follower.extend(theirs.slice(25), 'honest', 31)).toBe('extended');
    expect(follower.head.hash).toBe(theirs.at(-1)!.hash);
    expect(hit.mock.calls).toEqual([
      ['branches', 'honest'],
      ['branches', 'honest'],
    ]);
  });

  it('takes the place of the branch that its peer had, which is gone then', async () => {
    const { follower, store } = await newFollower();
    const ours = chainOf(NETWORK, 30);
    await follower.extend(ours.slice(1), 'other', 30);
    const [first, second] = [5, 10].map((fork) => extend(ours.slice(0, fork), 3, { miner: 'they' }));
    const dropped = vi.spyOn(store, 'dropBranch');
    expect(await follower.extend(first!.slice(5, 7), 'peer', 40)).toBe('extended');
    expect(dropped).not.toHaveBeenCalled();
    expect(await follower.extend(second!.slice(10, 12), 'peer', 40)).toBe('extended');
    expect(dropped.mock.calls).toMatchObject([[{ fork: 5, head: { hash: first![6]!.hash } }]]);
    expect((await follower.locator('peer'))[0]).toBe(second![11]!.hash);
    expect(await follower.extend(first!.slice(7), 'peer', 40)).toBe('unconnected');
    expect(await follower.extend(second!.slice(12), 'peer', 40)).toBe('extended');
  });

  it('may make its branch as large as our own chain is, where that is larger than any branch may be else', async () => {
    const { follower, store, hit } = await newFollower();
    await follower.extend(chainOf(NETWORK, 5).slice(1), 'other', 5);
    const [, first, second, third] = extend([GENESIS], 3, { miner: 'they' });
    vi.spyOn(store, 'bytes', 'get').mockReturnValue(MAX_BRANCH_BYTES + second!.bytes.length);
    const extendBranch = store.extendBranch.bind(store);
    vi.spyOn(store, 'extendBranch').mockImplementation(async (branch, blocks) => {
      const { bytes, ...grown } = await extendBranch(branch, blocks);
      return { ...grown, bytes: bytes + MAX_BRANCH_BYTES - first!.bytes.length };
    });
    expect(await follower.extend([first!], 'peer', 1e9)).toBe('extended');
    expect(await follower.extend([second!], 'peer', 1e9)).toBe('extended');
    expect(hit).not.toHaveBeenCalled();
    expect(await follower.extend([third!], 'peer', 1e9)).toBe('refused');
    expect(hit.mock.calls).toEqual([['branch-bytes', 'peer']]);
  });

  it('costs its peer the branch that it would make larger than any may be', async () => {
    const { follower, hit } = await newFollower();
    await follower.extend(chainOf(NETWORK, 3).slice(1), 'other', 3);
    const [, first, second] = extend([GENESIS], 2, { miner: 'they' });
    expect(await follower.extend([first!], 'peer', 1e9)).toBe('extended');
    // As much as a branch may hold, beside what it holds already: it is not looked at.
    const more = Array<Block>(Math.floor(MAX_BRANCH_BYTES / second!.bytes.length)).fill(second!);
    expect((await follower.locator('peer'))[0]).toBe(first!.hash);
    expect(await follower.extend(more, 'peer', 1e9)).toBe('refused');
    expect(hit.mock.calls).toEqual([['branch-bytes', 'peer']]);
    expect((await follower.locator('peer'))[0]).toBe(follower.head.hash);
  });

  it('that cannot be read back when it is to be our chain is let go of, and may come again', async () => {
    const { follower, store } = await newFollower();
    await follower.extend(chainOf(NETWORK, 3).slice(1), 'other', 3);
    const theirs = extend([GENESIS], 4, { miner: 'they' });
    const unreadable = new UnreadableBranch('damaged', 'block 2 of a branch is not what was stored');
    vi.spyOn(store, 'adopt').mockRejectedValueOnce(unreadable);
    await expect(follower.extend(theirs.slice(1), 'peer', 5)).rejects.toBe(unreadable);
    expect((await follower.locator('peer'))[0]).toBe(follower.head.hash);
    await follower.extend(theirs.slice(1), 'peer', 5);
    expect(follower.head.hash).toBe(theirs.at(-1)?.hash);
  });

  it('stays where it is our own chain that cannot be read: it would be fetched and dropped without end', async () => {
    const { follower, store } = await newFollower();
    await follower.extend(chainOf(NETWORK, 3).slice(1), 'other', 3);
    const theirs = extend([GENESIS], 4, { miner: 'they' });
    const damaged = new StorageError('damaged', 'block 3 is not what was stored');
    vi.spyOn(store, 'adopt').mockRejectedValueOnce(damaged);
    await expect(follower.extend(theirs.slice(1), 'peer', 5)).rejects.toBe(damaged);
    expect((await follower.locator('peer'))[0]).toBe(theirs.at(-1)?.hash);
  });

  it('grows by its own peer alone until it is as long as promised: else anybody could put a block in its way', async () => {
    const { follower } = await newFollower();
    await follower.extend(chainOf(NETWORK, 4).slice(1), 'other', 4);
    const theirs = extend([GENESIS], 5, { miner: 'they' });
    await follower.extend(theirs.slice(1, 3), 'peer', 6);
    const beside = nextBlock(theirs[2]!, { miner: 'another' });
    expect(await follower.offer(beside, 'another')).toBe('orphan');
    expect(await follower.extend(theirs.slice(3), 'peer', 6)).toBe('extended');
    expect(follower.head.hash).toBe(theirs.at(-1)?.hash);
  });

  it('may not be made larger than any may be by gossip, either', async () => {
    const { follower, store, hit } = await newFollower();
    await follower.extend(chainOf(NETWORK, 4).slice(1), 'other', 4);
    const [, first, second] = extend([GENESIS], 2, { miner: 'they' });
    const extendBranch = store.extendBranch.bind(store);
    vi.spyOn(store, 'extendBranch').mockImplementationOnce(async (branch, blocks) => ({
      ...(await extendBranch(branch, blocks)),
      bytes: MAX_BRANCH_BYTES,
    }));
    await follower.extend([first!], 'peer', 2);
    expect(await follower.offer(second!, 'another')).toBe('stale');
    expect(hit.mock.calls).toEqual([['branch-bytes', 'peer']]);
    expect((await follower.locator('peer'))[0]).toBe(follower.head.hash);
  });

  it('whose peer has stopped sending is let go of, also while nothing else happens', async () => {
    let now = 0;
    const { follower } = await newFollower(() => now);
    await follower.extend(chainOf(NETWORK, 3).slice(1), 'other', 3);
    const [, first] = extend([GENESIS], 1, { miner: 'they' });
    await follower.extend([first!], 'peer', 1e9);
    now += BRANCH_IDLE_MS;
    await follower.tidy();
    expect((await follower.locator('peer'))[0]).toBe(first!.hash);
    now += 1;
    await follower.tidy();
    expect((await follower.locator('peer'))[0]).toBe(follower.head.hash);
  });

  it('that cannot be cleared away keeps no block from being told that is in the chain', async () => {
    const { follower, store, told } = await newFollower();
    const ours = chainOf(NETWORK, 3);
    await follower.extend(ours.slice(1, 2), 'other', 2);
    await follower.offer(nextBlock(GENESIS, { miner: 'they' }), 'peer');
    vi.spyOn(store, 'dropBranch').mockRejectedValue(new Error('no space left'));
    await expect(follower.offer(ours[2]!, null)).rejects.toThrow('no space left');
    expect(follower.head.length).toBe(3);
    expect(told.at(-1)).toMatchObject({ name: 'block', event: { block: { index: 3 } } });
  });

  it('handed in while others are stored is held to the payments of those', async () => {
    const { follower } = await newFollower();
    const paid = payment('alice', 'bob', 1);
    const first = nextBlock(GENESIS, { transactions: [paid] });
    const second = nextBlock(first);
    const again = nextBlock(second, { transactions: [paid] });
    const [before, , refused] = await Promise.allSettled([
      follower.extend([first], 'peer', 4),
      follower.extend([second], 'peer', 4),
      follower.extend([again], 'peer', 4),
    ]);
    expect(before).toMatchObject({ value: 'extended' });
    expect(refused).toMatchObject({ reason: { code: 'repeated-transaction' } });
    expect(follower.head.hash).toBe(second.hash);
  });

  it('handed in while another chain is adopted is held to the payments of that one alone', async () => {
    const { follower } = await newFollower();
    const [ofOurs, ofTheirs] = [payment('alice', 'bob', 1), payment('bob', 'carol', 1)];
    const ours = nextBlock(GENESIS, { transactions: [ofOurs] });
    await follower.extend([ours], 'other', 2);
    const theirs = extend([nextBlock(GENESIS, { transactions: [ofTheirs] })], 2, { miner: 'they' });
    const good = nextBlock(theirs.at(-1)!, { transactions: [ofOurs] });
    const bad = nextBlock(good, { transactions: [ofTheirs] });
    const [, taken, refused] = await Promise.allSettled([
      follower.extend(theirs, 'peer', 6),
      follower.extend([good], 'peer', 6),
      follower.extend([bad], 'peer', 6),
    ]);
    expect(taken).toMatchObject({ value: 'extended' });
    expect(refused).toMatchObject({ reason: { code: 'repeated-transaction' } });
    expect(follower.head.hash).toBe(good.hash);
  });

  it('loses its branch after a minute without progress', async () => {
    let now = 0;
    const { follower } = await newFollower(() => now);
    const ours = chainOf(NETWORK, 30);
    await follower.extend(ours.slice(1), 'other', 30);
    const theirs = extend(ours.slice(0, 10), 30, { miner: 'they' });
    await follower.extend(theirs.slice(10, 12), 'slow', theirs.length);
    expect((await follower.locator('slow'))[0]).toBe(theirs[11]?.hash);
    now = 61_000;
    await follower.offer(nextBlock(ours.at(-1)!), null);
    expect((await follower.locator('slow'))[0]).toBe(follower.head.hash);
  });
});

describe('a transaction that is offered', () => {
  it('is pending once, and known after that', async () => {
    const { follower, told } = await newFollower();
    const sent = payment('alice', 'bob', 1);
    expect(await follower.admit(pendingFrom(sent))).toBe('pending');
    expect(await follower.admit(pendingFrom(sent, 'peer'))).toBe('known');
    expect(told.filter(({ name }) => name === 'transaction')).toHaveLength(1);
  });

  it('is not pending again when the chain has it', async () => {
    const { follower, mempool } = await newFollower();
    const sent = payment('alice', 'bob', 1);
    await follower.offer(nextBlock(GENESIS, { transactions: [sent] }), null);
    expect(await follower.admit(pendingFrom(sent))).toBe('in-chain');
    expect(mempool.size).toBe(0);
  });

  it('is not taken of others where they have filled their share, and of its own node is', async () => {
    const { follower, mempool, hit } = await newFollower(Date.now, { transactions: 5 });
    const admitted = (from: string | null) => follower.admit(pendingFrom(payment(), from));
    for (let i = 0; i < 4; i++) expect(await admitted('peer')).toBe('pending');
    expect([await admitted('peer'), await admitted(null), await admitted(null)]).toEqual([
      'full',
      'pending',
      'full',
    ]);
    expect(mempool.size).toBe(5);
    expect(hit.mock.calls).toEqual([['mempool', 'peer']]);
  });

  it('with others is stored with them, at once: those that are new, as long as there is room', async () => {
    const { follower, mempool, store, told, hit } = await newFollower(Date.now, { transactions: 5 });
    const [first, ...others] = Array.from({ length: 6 }, () => pendingFrom(payment(), 'peer'));
    await follower.admit(first!);
    const inChain = payment();
    await follower.offer(nextBlock(GENESIS, { transactions: [inChain] }), null);
    const { count } = store.writes;
    const offered = [others[0]!, first!, pendingFrom(inChain, 'peer'), ...others.slice(1)];
    expect(await follower.admitAll(offered)).toEqual([
      ...['pending', 'known', 'in-chain', 'pending', 'pending', 'full', 'full'],
    ]);
    expect(store.writes.count).toBe(count + 1);
    expect(hit.mock.calls).toEqual([['mempool', 'peer']]);
    expect(mempool.entries()).toEqual([first, ...others.slice(0, 3)]);
    expect(told.filter(({ name }) => name === 'transaction')).toHaveLength(4);
    expect((await store.pending()).map(({ transaction }) => transaction.id)).toEqual(
      mempool.entries().map(({ transaction }) => transaction.id),
    );
  });

  it('outlives the follower', async () => {
    const { follower, store } = await newFollower();
    const sent = [payment('alice', 'bob', 1), payment('alice', 'bob', 2)];
    for (const transaction of sent) await follower.admit(pendingFrom(transaction));
    const mempool = new Mempool();
    await new ChainFollower(store, rulesOf(NETWORK), mempool, () => {}).start();
    expect(mempool.entries().map(({ transaction }) => transaction.id)).toEqual(sent.map(({ id }) => id));
  });
});

describe('the longest chain', () => {
  /** A tree of blocks on the genesis: each number picks the parent of the next block among those before it. */
  const trees = fc.array(fc.nat(), { minLength: 1, maxLength: 12 }).map((picks) => {
    const blocks: Block[] = [GENESIS];
    const payments = picks.map((_, i) => payment('alice', 'bob', i + 1));
    for (const [i, pick] of picks.entries()) {
      const parent = blocks[pick % blocks.length] as Block;
      blocks.push(
        nextBlock(parent, { miner: `m${i}`, transactions: pathTo(blocks, parent) % 2 ? [payments[i]!] : [] }),
      );
    }
    return blocks;
  });

  it('is the same whatever the order of delivery, duplicates among it; the head too where one chain is strictly longest', async () => {
    await fc.assert(
      fc.asyncProperty(trees, fc.infiniteStream(fc.nat()), async (blocks, random) => {
        const longest = Math.max(...blocks.map((block) => block.index));
        const heads = blocks.filter((block) => block.index === longest);
        const { follower, mempool, store } = await newFollower();
        // Each leaf is a peer that has the chain up to it; pieces come in any order, some twice.
        const chains = blocks.filter((block) => block.index > 1).map((leaf) => chainTo(blocks, leaf));
        const deliveries = [...chains, ...chains].sort(() => (next(random) % 2 === 0 ? 1 : -1));
        for (const [i, chain] of deliveries.entries()) {
          if (next(random) % 3 === 0) await follower.offer(chain.at(-1)!, `peer ${i}`);
          await follower.extend(chain.slice(1), `peer ${i}`, chain.length);
        }
        expect(follower.head.length).toBe(longest);
        if (heads.length === 1) expect(follower.head.hash).toBe(heads[0]?.hash);
        const pending = mempool.entries().map(({ transaction }) => transaction.id);
        expect((await store.locate(pending)).size).toBe(0);
        expect((await store.pending()).map(({ transaction }) => transaction.id).sort()).toEqual(
          pending.sort(),
        );
      }),
      { numRuns: 40 },
    );
  });

  it('from A to B and, once A has grown, back to A, is A, and nothing is pending that A holds', async () => {
    const { follower, mempool, blocks } = await newFollower();
    const sent = [1, 2, 3].map((amount) => payment('alice', 'bob', amount));
    const trunk = chainOf(NETWORK, 3);
    const a = extend([...trunk, nextBlock(trunk.at(-1)!, { transactions: sent, miner: 'a' })], 1, {
      miner: 'a',
    });
    const b = extend(trunk, 3, { miner: 'b' });
    const longerA = extend(a, 3, { miner: 'a' });
    await follower.extend(a.slice(1), 'a', a.length);
    await follower.extend(b.slice(3), 'b', b.length);
    expect(mempool.size).toBe(3);
    await follower.extend(longerA.slice(3), 'a', longerA.length);
    expect(hashes(await blocks())).toEqual(hashes(longerA));
    expect(mempool.size).toBe(0);
  });
});

function rulesAccept(network: typeof NETWORK, block: Block): boolean {
  try {
    rulesOf(network).checkBlock(block, network.genesis, () => false);
    return true;
  } catch {
    return false;
  }
}

function next(stream: Iterator<number> | Iterable<number>): number {
  return (stream as Iterator<number>).next().value as number;
}

function chainTo(blocks: readonly Block[], leaf: Block): Block[] {
  const chain = [leaf];
  while (chain[0]!.index > 1)
    chain.unshift(blocks.find((block) => block.hash === chain[0]!.previous_hash) as Block);
  return chain;
}

function pathTo(blocks: readonly Block[], block: Block): number {
  return blocks.indexOf(block);
}
