/** What strangers do to a node. Each goes on until it is told to end; another one is another entry. */
import '../../src/network/with-resolvers.js';
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { RPC } from '@chainsafe/libp2p-gossipsub/message';
import { noise } from '@chainsafe/libp2p-noise';
import { yamux } from '@chainsafe/libp2p-yamux';
import { identify } from '@libp2p/identify';
import { ping } from '@libp2p/ping';
import { tcp } from '@libp2p/tcp';
import { multiaddr } from '@multiformats/multiaddr';
import { encode } from 'it-length-prefixed';
import { createLibp2p, type Libp2p } from 'libp2p';

/** Whom it is about. */
export interface Target {
  /** A multiaddr. */
  readonly address: string;
  readonly networkId: string;
}

export type Attack = (target: Target, signal: AbortSignal) => Promise<void>;

const GOSSIPSUB = '/meshsub/1.1.0';

/** Random bytes where a handshake should be. */
const garbage: Attack = (target, signal) =>
  repeatedly(200, signal, async () => {
    const socket = reach(target);
    socket.end(randomBytes(16_384));
    await delay(100);
    socket.destroy();
  });

/** A hundred connections a second, each gone at once. */
const storm: Attack = (target, signal) =>
  repeatedly(10, signal, async () => {
    const socket = reach(target);
    socket.on('connect', () => socket.destroy());
  });

/** Connections that say nothing, and stay. */
const silence: Attack = async (target, signal) => {
  const sockets = Array.from({ length: 100 }, () => reach(target));
  await repeatedly(500, signal, async () => {});
  for (const socket of sockets) socket.destroy();
};

/** Somebody new, again and again. */
const identities: Attack = (target, signal) =>
  repeatedly(250, signal, async () => {
    const host = await stranger();
    await host.dial(multiaddr(target.address), { signal: AbortSignal.timeout(2_000) }).catch(() => {});
    await host.stop();
  });

/** Messages on both topics that are no JSON, or no transaction. */
const gossip: Attack = async (target, signal) => {
  const topics = ['transactions', 'blocks'].map((kind) => `/gossipchain/${target.networkId}/${kind}`);
  const bodies = [
    () => randomBytes(2_000),
    () => Buffer.from('['.repeat(5_000)),
    () => Buffer.from(JSON.stringify({ sender: '0', recipient: 'me', amount: Math.random() })),
  ];
  await repeatedly(1_000, signal, async () => {
    const host = await stranger();
    try {
      const connection = await host.dial(multiaddr(target.address), { signal: AbortSignal.timeout(2_000) });
      const stream = await connection.newStream(GOSSIPSUB);
      for (let sent = 0; sent < 20; sent++) {
        const messages = topics.map((topic) => ({ topic, data: bodies[sent % bodies.length]!() }));
        stream.send(
          encode.single(RPC.encode({ subscriptions: [], messages } as Parameters<typeof RPC.encode>[0])),
        );
        await delay(20);
      }
    } catch {
      // hung up on: that is what it is for
    } finally {
      await host.stop();
    }
  });
};

export const ATTACKS: Readonly<Record<string, Attack>> = { garbage, storm, silence, identities, gossip };

async function repeatedly(everyMs: number, signal: AbortSignal, act: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await act();
    await delay(everyMs, undefined, { signal }).catch(() => {});
  }
}

function reach({ address }: Target): Socket {
  const [, host, port] = /^\/ip4\/([^/]+)\/tcp\/(\d+)/.exec(address) ?? [];
  const socket = connect({ host: String(host), port: Number(port) });
  socket.on('error', () => {}); // hung up on: that is what it is for
  return socket;
}

async function stranger(): Promise<Libp2p> {
  const host = await createLibp2p({
    addresses: { listen: [] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: { identify: identify(), ping: ping() },
  });
  await host.handle(GOSSIPSUB, (stream) => stream.addEventListener('message', () => {}));
  return host;
}
