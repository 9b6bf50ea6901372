/** A stranger built on plain libp2p, that does what it likes. */
import '../../src/network/with-resolvers.js';
import { randomBytes } from 'node:crypto';
import { RPC } from '@chainsafe/libp2p-gossipsub/message';
import { noise } from '@chainsafe/libp2p-noise';
import { yamux } from '@chainsafe/libp2p-yamux';
import { identify } from '@libp2p/identify';
import type { Connection, MessageStream, Stream } from '@libp2p/interface';
import { ping } from '@libp2p/ping';
import { tcp } from '@libp2p/tcp';
import { multiaddr } from '@multiformats/multiaddr';
import { encode } from 'it-length-prefixed';
import { createLibp2p, type Libp2p } from 'libp2p';
import { onTestFinished } from 'vitest';
import { CHAIN_PROTOCOL } from '../../protocols/chain/constants.js';
import type { Target } from './siege.js';

export { until } from '../helpers/until.js';

export const GOSSIPSUB = '/meshsub/1.1.0';

type Serve = (stream: Stream, connection: Connection) => unknown;

/** What an attacker answers to those who open streams to it. */
export interface Front {
  /** @default resets the stream */
  readonly chain?: Serve;
  /** @default reads, and says nothing */
  readonly gossip?: Serve;
}

export type Attacker = Libp2p;

/** A host with a new identity, stopped with its test. */
export async function stranger({ chain, gossip = swallow }: Front = {}): Promise<Attacker> {
  const host = await createLibp2p({
    addresses: { listen: [] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux({ maxInboundStreams: 100_000, maxOutboundStreams: 100_000 })],
    connectionManager: { maxConnections: 1_000 },
    services: { identify: identify(), ping: ping() },
  });
  onTestFinished(async () => {
    await Promise.race([host.stop(), new Promise((done) => setTimeout(done, 500))]);
  });
  const reset: Serve = (stream) => stream.abort(new Error('no'));
  await host.handle(CHAIN_PROTOCOL, (stream, connection) => void (chain ?? reset)(stream, connection), {
    maxInboundStreams: 1_000,
  });
  await host.handle(GOSSIPSUB, (stream, connection) => void gossip(stream, connection), {
    maxInboundStreams: 100,
  });
  return host;
}

/** Where a node can be dialled. */
export type Victim = Pick<Target, 'address'>;

export async function connect(host: Attacker, { address }: Victim): Promise<Connection> {
  return await host.dial(multiaddr(address));
}

/** Connects a new stranger. */
export async function besiege(
  target: Victim,
  front?: Front,
): Promise<{ host: Attacker; connection: Connection; id: string }> {
  const host = await stranger(front);
  const connection = await connect(host, target);
  return { host, connection, id: host.peerId.toString() };
}

/** Opens a stream; more of them than any honest peer would. */
export function open(connection: Connection, protocol: string): Promise<Stream> {
  return connection.newStream(protocol, { maxOutboundStreams: 100_000, signal: AbortSignal.timeout(5_000) });
}

/** Reads whatever comes, and keeps nothing. */
export function swallow(stream: Stream): void {
  stream.addEventListener('message', () => {});
}

/** Sends as fast as the other side takes it, until it hangs up or the attack is over. */
export async function pour(
  stream: MessageStream,
  target: Pick<Target, 'goesOn'>,
  next: () => Uint8Array | Promise<Uint8Array>,
): Promise<void> {
  try {
    while (target.goesOn() && stream.status === 'open') {
      const goesOn = stream.send(await next());
      if (!goesOn) await drained(stream);
      // The honest nodes' test runs in this process too.
      await new Promise(setImmediate);
    }
  } catch {
    // hung up on: that is what it is for
  }
}

async function drained(stream: MessageStream): Promise<void> {
  await new Promise<void>((done) => {
    const timer = setTimeout(done, 200);
    const end = () => {
      clearTimeout(timer);
      done();
    };
    stream.addEventListener('drain', end, { once: true });
    stream.addEventListener('close', end, { once: true });
  });
}

export type Rpc = Parameters<typeof RPC.encode>[0];

/** Gossipsub frames, one after the other, in one piece. */
export function rpcs(...messages: Partial<Rpc>[]): Uint8Array {
  const frames = messages.map((message) =>
    encode.single(RPC.encode({ subscriptions: [], messages: [], ...message } as Rpc)).subarray(),
  );
  return Buffer.concat(frames);
}

/** A frame that begins with its length and holds less. */
export function prefixed(length: number, content: Uint8Array = new Uint8Array(0)): Uint8Array {
  const bytes: number[] = [];
  let rest = length;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  bytes.push(rest);
  return Buffer.concat([Uint8Array.from(bytes), content]);
}

/** Somebody who is not there, at a port of this machine. */
export function announcement(port = randomBytes(2).readUInt16BE()): Uint8Array {
  const address = Buffer.concat([Buffer.from('047f000001', 'hex'), Buffer.of(6, port >> 8, port & 0xff)]);
  return Buffer.concat([
    Buffer.from('0a2408011220', 'hex'),
    randomBytes(32),
    Buffer.of(0x12, address.length),
    address,
  ]);
}
