import type { Connection, PeerId, Stream, StreamHandler, Topology } from '@libp2p/interface';
import { streamPair } from '@libp2p/utils';
import { encode } from 'it-length-prefixed';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { rpcGuard } from '../../protocols/gossip/rpc-guard.js';
import { UNCOUNTED } from '../../src/bounds.js';
import { GOSSIP_STREAM_RETRY_MS } from '../../src/network/constants.js';
import { gossipRegistrar } from '../../src/network/gossip-streams.js';

const PROTOCOL = '/meshsub/1.2.0';

/** A connection of which only its streams matter. */
function connectionWith(newStream: () => Promise<Stream>): Connection {
  const remotePeer = { toString: () => 'a peer' } as PeerId;
  return { remotePeer, status: 'open', addEventListener() {}, newStream } as unknown as Connection;
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
    const first = encode.single(Buffer.from('what it subscribes to')).subarray();
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
});

async function ended(): Promise<Stream> {
  const [stream] = await streamPair();
  stream.abort(new Error('hung up on'));
  return stream;
}
