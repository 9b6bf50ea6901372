import type { Connection, PeerId, Stream } from '@libp2p/interface';
import { streamPair } from '@libp2p/utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as limits from '../../../protocols/gossip/constants.js';
import { rpcGuard } from '../../../protocols/gossip/rpc-guard.js';
import { topics } from '../../../protocols/gossip/topics.js';
import { Transaction } from '../../../src/chain/transaction.js';
import { collectGarbage } from '../../helpers/garbage.js';
import { prefixed, rpcs } from '../../hostile/attacker.js';

const MiB = 1 << 20;
/** Each is an item, and holds none. */
const emptyFrames = (count: number) => new Uint8Array(count);

/** The beginning of the largest frame: one message. */
const begun = Buffer.concat([
  prefixed(limits.MAX_RPC_BYTES),
  Buffer.of(0x12),
  prefixed(limits.MAX_RPC_BYTES - 5),
  Buffer.of(0x12),
  prefixed(limits.MAX_RPC_BYTES - 10),
]);

const eve = { remotePeer: { toString: () => 'eve' } } as Connection;

describe('what a stranger brings to gossipsub', () => {
  const hit = vi.fn();
  let guard: ReturnType<typeof rpcGuard>;
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    guard = rpcGuard({ hit });
  });
  afterEach(() => {
    vi.useRealTimers();
    hit.mockClear();
  });

  /** @returns its stream, and what gossipsub was given of it */
  async function stranger(name: string) {
    const [theirs, ours] = await streamPair();
    const remotePeer = { toString: () => name } as PeerId;
    const abort = (error: Error) => ours.abort(error);
    guard(ours, { remotePeer, abort } as unknown as Connection);
    const seen = { bytes: 0, isCut: () => ours.status === 'aborted' };
    ours.addEventListener('message', ({ data }) => {
      seen.bytes += data.byteLength;
    });
    const say = async (bytes: Uint8Array, ms: number) => {
      theirs.send(bytes);
      await vi.advanceTimersByTimeAsync(ms);
    };
    return { seen, say };
  }

  it('is cut unread where a frame announces more than may be in one', async () => {
    const { seen, say } = await stranger('eve');
    await say(prefixed(limits.MAX_RPC_BYTES), 10);
    expect(seen.isCut()).toBe(false);
    const { seen: other, say: sayMore } = await stranger('mallory');
    await sayMore(prefixed(limits.MAX_RPC_BYTES + 1, Buffer.alloc(MiB)), 10);
    expect(other).toMatchObject({ bytes: 0 });
    expect(other.isCut()).toBe(true);
    expect(hit.mock.calls).toEqual([['gossip-rpc-size', 'mallory']]);
  });

  it.each([
    ['gossip-rpc-malformed', Buffer.of(4, 0x1a, 0, 0x1a, 0)],
    ['gossip-rpc-flood', prefixed(MiB, Buffer.alloc(MiB, Buffer.of(0x12, 0)))],
  ])('is cut before the frame is whole where no node writes it: %s', async (bound, frame) => {
    const { seen, say } = await stranger('eve');
    await say(Buffer.concat([frame, Buffer.alloc(100)]), 60_000);
    expect(seen.isCut()).toBe(true);
    expect(seen.bytes).toBe(0);
    expect(hit.mock.calls).toEqual([[bound, 'eve']]);
  });

  it('waits where it is more items than a connection may bring at once, until their time has come', async () => {
    const { seen, say } = await stranger('eve');
    // What is within the burst takes so long that two slices more come before the debt is felt.
    const soon = limits.ITEMS_BURST + 2 * limits.SLICE_ITEMS;
    await say(emptyFrames(soon + 1), 80);
    expect(seen.bytes).toBe(soon);
    expect(hit.mock.calls).toEqual([['gossip-rate', 'eve']]);
    await vi.advanceTimersByTimeAsync(100);
    expect(seen.bytes).toBe(soon + 1);
  });

  it('is cut where it is more items at once than can ever be borne, when they arrive', async () => {
    const { seen, say } = await stranger('eve');
    await say(emptyFrames(limits.MAX_ITEMS_AT_ONCE), 60_000);
    expect(seen.bytes).toBe(limits.MAX_ITEMS_AT_ONCE);
    expect(seen.isCut()).toBe(false);
    hit.mockClear();
    await say(emptyFrames(limits.MAX_ITEMS_AT_ONCE + 1), 0);
    expect(seen.bytes).toBe(limits.MAX_ITEMS_AT_ONCE);
    expect(seen.isCut()).toBe(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(hit.mock.calls).toEqual([['gossip-rpc-flood', 'eve']]);
  });

  it('may be a whole window of the smallest transactions', async () => {
    const { bytes } = new Transaction('a', 'b', 5, '0'.repeat(32));
    const frame = rpcs({ messages: [{ topic: topics('515b81d5a2aeb7ed').transactions, data: bytes }] });
    const { seen, say } = await stranger('alice');
    await say(Buffer.alloc(MiB, frame), 60_000);
    expect(seen.bytes).toBe(MiB);
    expect(seen.isCut()).toBe(false);
  });

  it('is cut where it is the largest of the frames that do not end, when there are too many', async () => {
    const crowd = await Promise.all(['alice', 'eve', 'bob', 'carol'].map(stranger));
    for (const [i, { say }] of crowd.entries()) {
      await say(begun, 0);
      for (let mib = 0; mib < (i === 1 ? 9 : 8); mib++) {
        expect(hit).not.toHaveBeenCalled();
        await say(Buffer.alloc(MiB - begun.length), 200);
      }
    }
    expect(crowd.map(({ seen }) => seen.isCut())).toEqual([false, true, false, false]);
    expect(hit.mock.calls).toEqual([['gossip-unfinished', 'eve']]);
  });

  it.each(['before it was handed over', 'later'])(
    'is not held once its stream has ended, %s',
    async (when) => {
      vi.useRealTimers();
      const ended = async (): Promise<WeakRef<Stream>> => {
        const [, stream] = await streamPair();
        if (when === 'later') guard(stream, eve);
        stream.abort(new Error('over'));
        if (when !== 'later') guard(stream, eve);
        return new WeakRef(stream);
      };
      const stream = await ended();
      const isHeld = () => {
        collectGarbage();
        return stream.deref() !== undefined;
      };
      await expect.poll(isHeld, { timeout: 10_000 }).toBe(false);
    },
  );
});
