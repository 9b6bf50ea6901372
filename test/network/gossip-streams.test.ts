import { RPC } from '@chainsafe/libp2p-gossipsub/message';
import type { Connection, PeerId, Stream, StreamHandler, Topology } from '@libp2p/interface';
import { streamPair } from '@libp2p/utils';
import { encode } from 'it-length-prefixed';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { GOSSIPSUB_PROTOCOLS } from '../../protocols/gossip/constants.js';
import { rpcGuard } from '../../protocols/gossip/rpc-guard.js';
import { topics } from '../../protocols/gossip/topics.js';
import { UNCOUNTED } from '../../src/bounds.js';
import { GOSSIP_STREAM_PAUSE_MS, GOSSIP_STREAM_RETRY_MS } from '../../src/network/constants.js';
import { gossipRegistrar } from '../../src/network/gossip-streams.js';
import type { Host } from '../../src/network/host.js';
import { startTwoHosts } from '../helpers/hosts.js';
import { rpcs } from '../hostile/attacker.js';
import { ISOLATED, NETWORK_ID } from './support.js';

const PROTOCOL = '/meshsub/1.2.0';

/** A connection of which only its streams matter. */
function connectionWith(newStream: () => Promise<Stream>): Connection {
  const remotePeer = { toString: () => 'a peer' } as PeerId;
  const listeners = { addEventListener() {}, removeEventListener() {} };
  return { remotePeer, status: 'open', ...listeners, newStream } as unknown as Connection;
}

/** What gossipsub sees, and what libp2p calls. */
function makeRegistrar() {
  const handlers = new Map<string, StreamHandler>();
  const topologies: Topology[] = [];
  const registrar = gossipRegistrar(
    {
      register: async (_protocol: string, topology: Topology) => String(topologies.push(topology)),
      handle: async (protocol: string, handler: StreamHandler) => void handlers.set(protocol, handler),
    },
    [PROTOCOL],
    rpcGuard(UNCOUNTED),
  );
  return { registrar, handlers, topologies };
}

describe('the gossip streams', () => {
  afterEach(() => void vi.useRealTimers());

  it('lose nothing of what has come before their reader was there', async () => {
    const { registrar, handlers } = makeRegistrar();
    const read: Uint8Array[] = [];
    await registrar.handle(PROTOCOL, (stream) => {
      stream.addEventListener('message', ({ data }) => read.push(data.subarray()));
    });
    const [theirs, ours] = await streamPair();
    const subscriptions = [{ topic: 'blocks', subscribe: true }];
    const first = encode.single(RPC.encode({ subscriptions, messages: [] })).subarray();
    theirs.send(first);
    await expect.poll(() => ours.readBufferLength).toBe(first.length);
    await handlers.get(PROTOCOL)?.(
      ours,
      connectionWith(() => new Promise(() => {})),
    );
    await expect.poll(() => Buffer.concat(read)).toEqual(Buffer.from(first));
  });

  /** What gossipsub does when it hears of a peer; how each stream that it asked for turned out. */
  async function registered(): Promise<{ topology: Topology; opened: string[] }> {
    vi.useFakeTimers();
    const { registrar, topologies } = makeRegistrar();
    const opened: string[] = [];
    const onConnect = (_peer: PeerId, connection: Connection) =>
      connection.newStream([PROTOCOL]).then(
        () => void opened.push('opened'),
        () => void opened.push('failed'),
      );
    await registrar.register(PROTOCOL, { onConnect });
    return { topology: topologies[0] as Topology, opened };
  }

  it.each([
    ['a peer did not let us open one', () => Promise.reject(new Error('no answer'))],
    ['one had ended before we had it', ended],
  ])('are asked for once more, some time after %s', async (_, first) => {
    const { topology, opened } = await registered();
    const [stream] = await streamPair();
    const newStream = vi.fn().mockImplementationOnce(first).mockResolvedValue(stream);
    const connection = connectionWith(newStream);
    topology.onConnect?.(connection.remotePeer, connection);
    await vi.advanceTimersByTimeAsync(GOSSIP_STREAM_RETRY_MS - 1);
    expect(opened).toEqual(['failed']);
    await vi.advanceTimersByTimeAsync(1);
    expect(opened).toEqual(['failed', 'opened']);
  });

  it.each([
    ['soon, where it had lasted', 10 * GOSSIP_STREAM_RETRY_MS, GOSSIP_STREAM_PAUSE_MS],
    ['some time after the last, where it ends at once', 1, GOSSIP_STREAM_RETRY_MS - 1],
  ])('are opened anew when one ends and its connection does not: %s', async (_, lastsMs, pauseMs) => {
    const { topology, opened } = await registered();
    const streams = (await Promise.all([streamPair(), streamPair()])).map(([ours]) => ours);
    const newStream = vi.fn(async () => streams[opened.length] as Stream);
    const connection = connectionWith(newStream);
    topology.onConnect?.(connection.remotePeer, connection);
    await vi.advanceTimersByTimeAsync(lastsMs);
    streams[0]?.abort(new Error('more waits to be sent than may'));
    await vi.advanceTimersByTimeAsync(pauseMs - 1);
    expect(opened).toEqual(['opened']);
    await vi.advanceTimersByTimeAsync(1);
    expect(opened).toEqual(['opened', 'opened']);
    expect(newStream).toHaveBeenCalledTimes(2);
  });

  it('are opened anew at once for a peer that gossipsub hears of again, having closed the one before', async () => {
    const { topology, opened } = await registered();
    const pairs = await Promise.all([streamPair(), streamPair()]);
    const connection = connectionWith(async () => (pairs[opened.length] as [Stream, Stream])[0]);
    topology.onConnect?.(connection.remotePeer, connection);
    await vi.advanceTimersByTimeAsync(1);
    const [[first]] = pairs as [[Stream, Stream], unknown];
    await first.close(); // ours is the only end of it that closes
    topology.onConnect?.(connection.remotePeer, connection);
    await vi.advanceTimersByTimeAsync(1);
    expect([opened, first.status]).toEqual([['opened', 'opened'], 'aborted']);
  });
});

describe.skipIf(!ISOLATED)('of a peer that gossipsub has removed', () => {
  const { blocks, transactions } = topics(NETWORK_ID);
  const subscribing = (topic: string) => rpcs({ subscriptions: [{ subscribe: true, topic }] });

  /** A host, and a peer that says what it likes. */
  async function hostAndPeer() {
    const hosts = await startTwoHosts();
    const [host, peer] = hosts;
    const identified = hosts.map(
      (each) => new Promise((done) => each.addEventListener('peer:identify', done, { once: true })),
    );
    const connection = await peer.dial(host.getMultiaddrs());
    await Promise.all(identified);
    const open = () => connection.newStream(GOSSIPSUB_PROTOCOLS[0]);
    const heard = () =>
      [blocks, transactions].map((topic) => host.services.pubsub.getSubscribers(topic).length);
    return { host, peer, open, heard };
  }

  /** All of the peer's connections have ended, and what gossipsub does then is done. */
  async function gone(host: Host, peer: Host): Promise<void> {
    await peer.stop();
    await expect.poll(() => host.getConnections()).toEqual([]);
    await new Promise((done) => setTimeout(done, 100));
  }

  it('nothing is left when the peer has gone, where it had withdrawn its protocols and spoke on', async () => {
    const { host, peer, open, heard } = await hostAndPeer();
    const stream = await open();
    stream.send(subscribing(blocks));
    await expect.poll(heard).toEqual([1, 0]);
    await peer.unhandle([...GOSSIPSUB_PROTOCOLS]);
    await peer.services.identifyPush.push(); // it does so a second later
    await expect.poll(heard, { timeout: 5_000 }).toEqual([0, 0]);
    if (stream.status === 'open') stream.send(subscribing(transactions));
    await gone(host, peer);
    expect(heard()).toEqual([0, 0]);
  });

  it('nothing is left when the peer has gone, where it had reset one of its streams and spoke on over another', async () => {
    const { host, peer, open, heard } = await hostAndPeer();
    const first = await open();
    const second = await open();
    second.send(subscribing(blocks));
    await expect.poll(heard).toEqual([1, 0]);
    first.abort(new Error('no more'));
    await expect.poll(heard, { interval: 1 }).toEqual([0, 0]);
    if (second.status === 'open') second.send(subscribing(transactions));
    await gone(host, peer);
    expect(heard()).toEqual([0, 0]);
  });
});

async function ended(): Promise<Stream> {
  const [stream] = await streamPair();
  stream.abort(new Error('hung up on'));
  return stream;
}
