import { generateKeyPair } from '@libp2p/crypto/keys';
import type { PeerId } from '@libp2p/interface';
import { peerIdFromPrivateKey } from '@libp2p/peer-id';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ChainProtocolError, type HeadInfo } from '../../protocols/chain/index.js';
import { Mempool, rulesOf } from '../../src/chain/index.js';
import { SILENT } from '../../src/log.js';
import {
  ANNOUNCE_DELAY_MS,
  ANNOUNCE_LONGEST_MS,
  ANTI_ENTROPY_MS,
  MAX_BROKEN_PROMISES,
  MAX_LISTED_IDS,
  RETRY_FIRST_MS,
  RETRY_LONGEST_MS,
} from '../../src/node/constants.js';
import { ChainFollower } from '../../src/node/follower.js';
import { PendingExchange } from '../../src/node/pending-exchange.js';
import { ChainSync, type HeadClient } from '../../src/node/sync.js';
import { memoryStore } from '../../src/storage/index.js';
import { chainOf, testNetwork } from '../helpers/chains.js';
import { recordingLogger } from '../network/support.js';

const NETWORK = testNetwork();
const CHAIN = chainOf(NETWORK, 3);
const brokeOff = () => new ChainProtocolError('unreachable', 'the stream ended before the answer did');
const busy = () => new ChainProtocolError('busy', 'the peer is busy');

let peer: PeerId;
/** What a stub peer answers, a function a question; the last one answers all further ones. */
async function following(
  answers: (() => HeadInfo | Promise<HeadInfo>)[],
  { connected = true, log = SILENT, pendingIds = async (): Promise<string[]> => [], from = [1] } = {},
) {
  const store = memoryStore(NETWORK);
  await store.open();
  const mempool = new Mempool();
  const rules = rulesOf(NETWORK);
  const follower = new ChainFollower(store, rules, mempool, () => {});
  const asked: number[] = [];
  let blockFailures: Error[] = [];
  let blockRequests = 0;
  const client: HeadClient = {
    head: async () => {
      asked.push(Date.now());
      return await answers[Math.min(asked.length, answers.length) - 1]!();
    },
    blocks: async function* () {
      blockRequests++;
      const failure = blockFailures.shift();
      if (failure !== undefined) throw failure;
      const first = from[Math.min(blockRequests, from.length) - 1];
      yield CHAIN.slice(first).map(({ bytes }) => bytes);
    },
  };
  const pending = { pendingIds, pendingTransactions: async () => [] };
  const hit = vi.fn();
  const peers = { isConnected: connected, connected: () => (peers.isConnected ? [peer] : []), drop: vi.fn() };
  const ownHead = () => ({ ...head(), length: store.head.length, hash: store.head.hash });
  const exchange = new PendingExchange(pending, follower, mempool, rules, { hit });
  const sync = new ChainSync(client, peers, follower, exchange, ownHead, log, { hit });
  return {
    sync,
    store,
    asked,
    peers,
    hit,
    failBlocks: (failures: Error[]) => {
      blockFailures = failures;
    },
    blockRequests: () => blockRequests,
  };
}

const head = (): HeadInfo => ({
  length: CHAIN.length,
  hash: CHAIN.at(-1)!.hash,
  pending: 0,
  digest: '0'.repeat(64),
});

beforeEach(async () => {
  peer = peerIdFromPrivateKey(await generateKeyPair('Ed25519'));
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('an exchange with a peer that broke off', () => {
  const failing = () => {
    throw brokeOff();
  };

  it('is tried again soon, as long as the peer is connected', async () => {
    const { sync, store, asked } = await following([failing, head]);
    sync.start();
    await sync.exchange(peer);
    expect(store.head.length).toBe(1);
    await vi.advanceTimersByTimeAsync(RETRY_FIRST_MS);
    await vi.waitFor(() => expect(store.head.length).toBe(CHAIN.length));
    expect(asked[1]! - asked[0]!).toBe(RETRY_FIRST_MS);
    await sync.stop();
  });

  it('in the middle of the blocks is tried again too', async () => {
    const { sync, store, failBlocks } = await following([head]);
    failBlocks([brokeOff()]);
    sync.start();
    await sync.exchange(peer);
    await vi.advanceTimersByTimeAsync(RETRY_FIRST_MS);
    await vi.waitFor(() => expect(store.head.length).toBe(CHAIN.length));
    await sync.stop();
  });

  it('is tried again later each time, and not at all once the peer has left or the node stops', async () => {
    const { sync, asked } = await following([failing]);
    sync.start();
    await sync.exchange(peer);
    await vi.advanceTimersByTimeAsync(ANTI_ENTROPY_MS - 1);
    const pauses = asked.slice(1).map((at, i) => at - asked[i]!);
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000]);
    expect(RETRY_LONGEST_MS).toBeLessThan(ANTI_ENTROPY_MS);
    sync.forget(peer.toString());
    await sync.stop();
    const { length } = asked;
    await vi.advanceTimersByTimeAsync(10 * ANTI_ENTROPY_MS);
    expect(asked).toHaveLength(length);
  });

  it('and left before that was noticed counts for nothing when the peer is back', async () => {
    const { sync, peers, asked } = await following([failing]);
    sync.start();
    const asking = sync.exchange(peer);
    peers.isConnected = false;
    sync.forget(peer.toString());
    await asking;
    await vi.advanceTimersByTimeAsync(RETRY_FIRST_MS);
    peers.isConnected = true;
    await sync.exchange(peer);
    await vi.advanceTimersByTimeAsync(RETRY_FIRST_MS);
    expect(asked).toHaveLength(3);
    expect(asked[2]! - asked[1]!).toBe(RETRY_FIRST_MS);
    await sync.stop();
  });

  it('is not tried again with a peer that is no longer connected, nor by a node that follows nobody', async () => {
    const gone = await following([failing], { connected: false });
    gone.sync.start();
    const manual = await following([failing]);
    for (const { sync } of [gone, manual]) await sync.exchange(peer);
    await vi.advanceTimersByTimeAsync(ANTI_ENTROPY_MS - 1);
    expect([gone.asked.length, manual.asked.length]).toEqual([1, 1]);
    for (const { sync, peers } of [gone, manual]) {
      expect(peers.drop).not.toHaveBeenCalled();
      await sync.stop();
    }
  });
});

describe('now and then', () => {
  it('the peer that was asked longest ago, or never, is asked again, each in turn', async () => {
    const { sync, peers } = await following([() => ({ ...head(), length: 1 })]);
    const names = ['one', 'two', 'three'] as const;
    const ids: PeerId[] = await Promise.all(
      names.map(async () => peerIdFromPrivateKey(await generateKeyPair('Ed25519'))),
    );
    peers.connected = () => ids;
    const asked: string[] = [];
    const noted = sync.heads.asked.bind(sync.heads);
    vi.spyOn(sync.heads, 'asked').mockImplementation((id, at) => {
      asked.push(names[ids.indexOf(id)] ?? 'a stranger');
      noted(id, at);
    });
    sync.start();
    for (const id of [ids[2]!, ids[0]!]) {
      await vi.advanceTimersByTimeAsync(1_000);
      await sync.exchange(id);
    }
    await vi.advanceTimersByTimeAsync(ANTI_ENTROPY_MS - 2_001);
    expect(asked).toEqual(['three', 'one']);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked.splice(0)).toEqual(['three', 'one', 'two']);
    await vi.advanceTimersByTimeAsync(3 * ANTI_ENTROPY_MS);
    expect(asked.splice(0)).toEqual(['three', 'one', 'two']);
    // One that was asked meanwhile has its turn after the others.
    await vi.advanceTimersByTimeAsync(1_000);
    await sync.exchange(ids[2]!);
    await vi.advanceTimersByTimeAsync(3 * ANTI_ENTROPY_MS);
    expect(asked).toEqual(['three', 'one', 'two', 'three']);
    await sync.stop();
  });
});

describe('what has changed here', () => {
  it('is told once it has rested, and at the latest after a while: in a flood it never does', async () => {
    const { sync, store, asked } = await following([head]);
    sync.announce();
    await vi.advanceTimersByTimeAsync(ANNOUNCE_DELAY_MS - 1);
    expect(asked).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked).toHaveLength(1);
    // What it was told in return has been fetched.
    await vi.waitFor(() => expect([store.head.length, sync.isFetching]).toEqual([CHAIN.length, false]));
    const [before, began] = [asked.length, Date.now()];
    for (let ms = 0; ms < 2.5 * ANNOUNCE_LONGEST_MS; ms += ANNOUNCE_DELAY_MS / 2) {
      sync.announce();
      await vi.advanceTimersByTimeAsync(ANNOUNCE_DELAY_MS / 2);
    }
    const after = asked.slice(before).map((at) => at - began);
    expect(after).toHaveLength(2);
    expect(after[0]).toBe(ANNOUNCE_LONGEST_MS);
    await sync.stop();
  });
});

describe('whoever is heard of', () => {
  it('in the very moment in which a fetch ends is followed next', async () => {
    // A failed fetch is told of just before its end, which others hear of a moment later.
    const debug = vi.fn((_: object, action: string) => {
      if (action === 'exchange-failed') queueMicrotask(() => sync.heard(peer, head()));
    });
    const { sync, store, failBlocks } = await following([head], { log: { ...SILENT, debug } });
    failBlocks([brokeOff()]);
    sync.heard(peer, head());
    await vi.waitFor(() => expect(store.head.length).toBe(CHAIN.length));
    await sync.stop();
  });
});

describe('a peer that promises', () => {
  const longer = (fields: Partial<HeadInfo> = {}) => ({ ...head(), length: 1_000, ...fields });
  let promises = 0;
  const other = () => longer({ hash: String(promises++).padStart(64, '0') });
  const less = () => longer({ length: 1_000_000 - promises, hash: String(promises++).padStart(64, '0') });

  it.each([
    ['a chain that it does not send, and the same again', 1, [longer]],
    ['another chain each time, and sends none', MAX_BROKEN_PROMISES, [other]],
    ['a little less each time, and sends nothing new', MAX_BROKEN_PROMISES, [less]],
  ])('%s, is dropped', async (_, broken, answers) => {
    const { sync, peers, hit } = await following(answers);
    await sync.exchange(peer);
    await vi.waitFor(() => expect(peers.drop).toHaveBeenCalledOnce());
    expect(hit.mock.calls).toEqual(Array(broken).fill(['broken-promises', peer.toString()]));
    await sync.stop();
  });

  it('a chain that it does not send, and takes it back, stays', async () => {
    const { sync, peers, hit, asked } = await following([longer, head]);
    await sync.exchange(peer);
    await vi.waitFor(() => expect([asked.length, sync.isFetching]).toEqual([2, false]));
    expect([peers.drop.mock.calls, hit.mock.calls]).toEqual([[], []]);
    await sync.stop();
  });

  it('a chain, and has another one before it was fetched, as it says itself, stays', async () => {
    const replaced = other();
    const { sync, peers, hit, asked } = await following([longer, () => replaced, head]);
    await sync.exchange(peer);
    sync.heads.note(peer, replaced);
    await vi.waitFor(() => expect([asked.length, sync.isFetching]).toEqual([3, false]));
    expect(peers.drop).not.toHaveBeenCalled();
    expect(hit).toHaveBeenCalledExactlyOnceWith('broken-promises', peer.toString());
    await sync.stop();
  });

  it('a chain, and sends blocks that follow none of ours again and again, is dropped', async () => {
    const { sync, peers, hit } = await following([head], { from: [2] });
    await sync.exchange(peer);
    await vi.waitFor(() => expect(peers.drop).toHaveBeenCalledOnce());
    expect(hit.mock.calls).toEqual(Array(MAX_BROKEN_PROMISES).fill(['broken-promises', peer.toString()]));
    await sync.stop();
  });

  it('a chain whose branch we have let go of meanwhile, is asked anew, and followed', async () => {
    const { sync, store, peers } = await following([head], { from: [2, 1] });
    await sync.exchange(peer);
    await vi.waitFor(() => expect(store.head.length).toBe(CHAIN.length));
    expect(peers.drop).not.toHaveBeenCalled();
    await sync.stop();
  });

  it('a chain, and sends blocks of another that it has now, is asked for its head at once, and stays', async () => {
    const shorter = () => ({ ...head(), length: 1 });
    const { sync, peers, asked } = await following([head, shorter], { from: [2] });
    await sync.exchange(peer);
    await vi.waitFor(() => expect([asked.length, sync.isFetching]).toEqual([2, false]));
    expect(peers.drop).not.toHaveBeenCalled();
    await sync.stop();
  });

  it('transactions, and lists more than any mempool holds, is dropped', async () => {
    let listed = 0;
    const pendingIds = async () => Array.from({ length: 1_000 }, () => String(listed++).padStart(64, '0'));
    const { sync, peers, hit } = await following(
      [() => ({ ...head(), length: 1, pending: 1, digest: 'f' })],
      {
        pendingIds,
      },
    );
    await sync.exchange(peer);
    await vi.waitFor(() => expect(peers.drop).toHaveBeenCalledOnce());
    expect(listed).toBe(MAX_LISTED_IDS + 1_000);
    expect(hit.mock.calls).toEqual([['pending-ids', peer.toString()]]);
    await sync.stop();
  });
});

describe('a mistake of our own', () => {
  it('is an error for all to see, costs the peer nothing, and is not the end of following it', async () => {
    const log = recordingLogger();
    const { sync, store, failBlocks, peers } = await following([head], { log });
    failBlocks([new TypeError('ours')]);
    sync.start();
    await sync.exchange(peer);
    await vi.waitFor(() => expect(log.said.at(-1)).toMatchObject({ level: 'error', action: 'sync-failed' }));
    expect(peers.drop).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(RETRY_FIRST_MS);
    await vi.waitFor(() => expect(store.head.length).toBe(CHAIN.length));
    await sync.stop();
  });
});

it.each([
  ['follows by itself', true],
  ['only resolves', false],
])(
  'a node that %s, and is told at a resolve that other payments wait there: fetches them: %s',
  async (_, follows) => {
    const pendingIds = vi.fn(async (): Promise<string[]> => []);
    const { sync } = await following([() => ({ ...head(), length: 1, pending: 1, digest: 'f' })], {
      pendingIds,
    });
    if (follows) sync.start();
    await sync.resolve(new AbortController().signal);
    expect(pendingIds).toHaveBeenCalledTimes(follows ? 1 : 0);
    await sync.stop();
  },
);

describe('who resolves and leaves', () => {
  it('waits no longer and has nothing fetched, and takes the answer from nobody else', async () => {
    let answer = (_: HeadInfo) => {};
    const asking = () =>
      new Promise<HeadInfo>((resolve) => {
        answer = resolve;
      });
    const { sync, store, asked } = await following([asking]);
    const leaving = new AbortController();
    const resolved = sync.resolve(leaving.signal);
    leaving.abort(new Error('left'));
    await expect(resolved).rejects.toThrow('left');
    answer(head());
    await vi.waitFor(() => expect(sync.heads.of(peer.toString())?.head.length).toBe(CHAIN.length));
    expect(sync.isFetching).toBe(false);
    expect([store.head.length, asked.length]).toEqual([1, 1]);
    await sync.stop();
  });
});

it('a peer that refuses a request is not asked the same again until there is an occasion', async () => {
  const refused = () => {
    throw new ChainProtocolError('bad-request', 'the peer refused the request: "why"');
  };
  const { sync, store, asked, peers } = await following([refused, head]);
  sync.start();
  await sync.exchange(peer);
  await vi.advanceTimersByTimeAsync(ANTI_ENTROPY_MS - 1);
  expect(asked).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  await vi.waitFor(() => expect(store.head.length).toBe(CHAIN.length));
  expect(peers.drop).not.toHaveBeenCalled();
  await sync.stop();
});

describe('a peer that is busy', () => {
  it('is asked for the same blocks again, later each time, also by a node that only resolves', async () => {
    const { sync, store, failBlocks, blockRequests } = await following([head]);
    failBlocks([busy(), busy()]);
    const resolved = sync.resolve(new AbortController().signal);
    await vi.waitFor(() => expect(blockRequests()).toBe(1));
    await vi.advanceTimersByTimeAsync(RETRY_FIRST_MS);
    expect(blockRequests()).toBe(2);
    await vi.advanceTimersByTimeAsync(RETRY_FIRST_MS);
    expect(blockRequests()).toBe(2);
    await vi.advanceTimersByTimeAsync(RETRY_FIRST_MS);
    await resolved;
    expect(store.head.length).toBe(CHAIN.length);
    await sync.stop();
  });

  it('is left alone in the end', async () => {
    const { sync, store, failBlocks, blockRequests, peers } = await following([head]);
    failBlocks(Array.from({ length: 100 }, busy));
    const resolved = sync.resolve(new AbortController().signal);
    await vi.waitFor(() => expect(blockRequests()).toBe(1));
    await vi.advanceTimersByTimeAsync(4 * RETRY_LONGEST_MS);
    await resolved;
    // After 0.5, 1, 2, 4 and 8 s.
    expect(blockRequests()).toBe(6);
    expect(store.head.length).toBe(1);
    expect(peers.drop).not.toHaveBeenCalled();
    await sync.stop();
  });

  it('does not hold up a node that stops', async () => {
    const { sync, failBlocks, blockRequests } = await following([head]);
    failBlocks([busy()]);
    const resolved = sync.resolve(new AbortController().signal);
    await vi.waitFor(() => expect(blockRequests()).toBe(1));
    await sync.stop();
    await resolved;
    expect(blockRequests()).toBe(1);
  });
});
