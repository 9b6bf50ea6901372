import '../../../src/network/with-resolvers.js';
import { noise } from '@chainsafe/libp2p-noise';
import { yamux } from '@chainsafe/libp2p-yamux';
import { tcp } from '@libp2p/tcp';
import { createLibp2p, type Libp2p } from 'libp2p';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ChainClient } from '../../../protocols/chain/client.js';
import {
  ANSWER_TARGET_BYTES,
  CHAIN_PROTOCOL,
  MAX_OUTBOUND_STREAMS,
} from '../../../protocols/chain/constants.js';
import { ChainServer } from '../../../protocols/chain/server.js';
import { createNetwork, DEFAULT_NETWORK } from '../../../src/chain/network-spec.js';
import { SILENT } from '../../../src/log.js';
import { collect, failure, GENESIS, HEAD, id, MemorySource } from './support.js';

let nodes: Libp2p[];
let source: MemorySource;
let server: ChainServer;

beforeEach(async () => {
  nodes = await Promise.all(
    ['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/tcp/0'].map((address) =>
      createLibp2p({
        addresses: { listen: [address] },
        transports: [tcp()],
        connectionEncrypters: [noise()],
        streamMuxers: [yamux()],
      }),
    ),
  );
  await asker().dial(answerer().getMultiaddrs());
  source = new MemorySource();
  server = new ChainServer(answerer(), source, SILENT);
  await server.start();
});

afterEach(async () => {
  await server.stop();
  await Promise.all(nodes.map((node) => node.stop()));
});

const asker = () => nodes[0]!;
const answerer = () => nodes[1]!;
const client = (spec = DEFAULT_NETWORK) =>
  new ChainClient(
    { openStream: (peer, protocol, options) => asker().dialProtocol(peer, protocol, options) },
    spec,
  );

function openStreams(node: Libp2p): number {
  const streams = node.getConnections().flatMap((connection) => connection.streams);
  return streams.filter(({ protocol }) => protocol === CHAIN_PROTOCOL).length;
}

describe('/chain/1.0.0 between two libp2p nodes', () => {
  it('tells both sides the other one’s head in one round trip', async () => {
    const theirs = await client().head(answerer().peerId, HEAD);
    expect(theirs).toEqual(source.head());
    expect(source.heads.map(({ peer, head }) => [peer.toString(), head])).toEqual([
      [asker().peerId.toString(), HEAD],
    ]);
  });

  it('brings a full answer of small blocks, and a block of 1 MiB, whole', async () => {
    source.blocks = Array.from({ length: 6000 }, (_, n) => Buffer.from(`block ${n}`.padEnd(250)));
    const small = (await collect(client().blocks(answerer().peerId, [GENESIS]))).flat();
    expect(small.length).toBe(Math.floor(ANSWER_TARGET_BYTES / 254));
    expect(Buffer.concat(small).equals(Buffer.concat(source.blocks.slice(0, small.length)))).toBe(true);

    source.blocks = [Buffer.alloc(1 << 20, 'x')];
    const [large] = (await collect(client().blocks(answerer().peerId, [GENESIS]))).flat();
    expect(Buffer.compare(large!, source.blocks[0]!)).toBe(0);
  });

  it('brings all ids and transactions of a full mempool', async () => {
    for (let n = 1; n <= 10_000; n += 1) source.pending.set(id(n), Buffer.from(`transaction ${n}`));
    const ids = await client().pendingIds(answerer().peerId);
    expect(ids).toHaveLength(10_000);
    const transactions = await client().pendingTransactions(answerer().peerId, ids.slice(0, 1024));
    expect(transactions.map((each) => Buffer.from(each).toString())).toEqual(
      ids.slice(0, 1024).map((_, n) => `transaction ${n + 1}`),
    );
  });

  it('names the network of a peer of another one', async () => {
    const stranger = client(createNetwork({ name: 'another' }));
    const error = await failure(stranger.head(answerer().peerId, HEAD));
    expect(error).toMatchObject({
      code: 'wrong-network',
      network: { name: 'gossipchain', difficulty: 4, genesisHash: GENESIS },
    });
    expect(source.heads).toEqual([]);
  });

  it('leaves no stream behind on either side: whole answers, errors, or a reader that stops early', async () => {
    source.blocks = Array.from({ length: 200 }, () => new Uint8Array(5000));
    const peer = answerer().peerId;
    await client().head(peer, HEAD);
    await collect(client().blocks(peer, [GENESIS]));
    await failure(collect(client().blocks(peer, ['ab'.repeat(32)])));
    for await (const _frame of client().blocks(peer, [GENESIS])) break;
    await vi.waitFor(() => expect([openStreams(asker()), openStreams(answerer())]).toEqual([0, 0]));
    expect(source.closed).toBe(2);
  });

  it('says busy where too many of our own streams to a peer are open', async () => {
    source.blocks = [Uint8Array.of(1)];
    const gate = Promise.withResolvers<void>();
    source.beforeBlock = () => gate.promise;
    const peer = answerer().peerId;
    const open = Array.from({ length: MAX_OUTBOUND_STREAMS }, () =>
      collect(client().blocks(peer, [GENESIS])),
    );
    await vi.waitFor(() => expect(openStreams(answerer())).toBe(MAX_OUTBOUND_STREAMS));
    expect(await failure(client().head(peer, HEAD))).toMatchObject({ code: 'busy' });
    gate.resolve();
    await Promise.all(open);
  });

  it('says unreachable where a peer is gone, or does not speak the protocol', async () => {
    const peer = answerer().peerId;
    await server.stop();
    expect(await failure(client().head(peer, HEAD))).toMatchObject({ code: 'unreachable', atFault: false });
    await answerer().stop();
    expect(await failure(client().head(peer, HEAD))).toMatchObject({ code: 'unreachable' });
  });

  it('tells an answer that a lost connection cut off from a complete one', async () => {
    source.blocks = Array.from({ length: 3 }, () => new Uint8Array(60_000));
    const gate = Promise.withResolvers<void>();
    let reads = 0;
    source.beforeBlock = async () => {
      reads += 1;
      if (reads > 2) await gate.promise;
    };
    const answer = client().blocks(answerer().peerId, [GENESIS]);
    await answer.next();
    await Promise.all(
      answerer()
        .getConnections()
        .map((connection) => connection.abort(new Error('cut'))),
    );
    expect(await failure(collect(answer))).toMatchObject({ code: 'unreachable', atFault: false });
    gate.resolve();
  });
});
