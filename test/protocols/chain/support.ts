/** A chain to serve, peers in memory, and the raw bytes between them. */
import '../../../src/network/with-resolvers.js';
import { setTimeout as delay } from 'node:timers/promises';
import { generateKeyPair } from '@libp2p/crypto/keys';
import type { PeerId, Stream } from '@libp2p/interface';
import { peerIdFromPrivateKey } from '@libp2p/peer-id';
import { byteStream, streamPair } from '@libp2p/utils';
import * as lp from 'it-length-prefixed';
import { onTestFinished } from 'vitest';
import { ChainClient } from '../../../protocols/chain/client.js';
import { type AnswerFrame, decodeAnswer, encodeRequest } from '../../../protocols/chain/codec.js';
import { type ChainTimeouts, TIMEOUTS } from '../../../protocols/chain/constants.js';
import { ChainProtocolError } from '../../../protocols/chain/errors.js';
import { ChainServer } from '../../../protocols/chain/server.js';
import type { ChainSource, HeadInfo } from '../../../protocols/chain/source.js';
import { BoundCounts } from '../../../src/bounds.js';
import { DEFAULT_NETWORK, networkId } from '../../../src/chain/network-spec.js';
import { SILENT } from '../../../src/log.js';

export const NETWORK_ID = networkId(DEFAULT_NETWORK);
export const GENESIS = DEFAULT_NETWORK.genesis.hash;
export const HEAD: HeadInfo = { length: 7, hash: 'a1'.repeat(32), pending: 2, digest: '0f'.repeat(32) };

/** So short that a test of silence is quick. */
export const IMPATIENT: ChainTimeouts = {
  openMs: 200,
  requestMs: 200,
  firstFrameMs: 200,
  nextFrameMs: 200,
  answerMs: 1000,
};

export async function newPeerId(): Promise<PeerId> {
  return peerIdFromPrivateKey(await generateKeyPair('Ed25519'));
}

/** The id whose number is n: ids in the order of their numbers. */
export function id(n: number): string {
  return n.toString(16).padStart(64, '0');
}

export class MemorySource implements ChainSource {
  readonly spec = DEFAULT_NETWORK;
  /** The blocks after the genesis. */
  blocks: Uint8Array[] = [];
  pending = new Map<string, Uint8Array>();
  heads: { peer: PeerId; head: HeadInfo }[] = [];
  /** Blocks that were fetched, and how often a reader was stopped or came to the end. */
  fetched = 0;
  closed = 0;
  /** Resolves before each block. */
  beforeBlock: () => Promise<void> = async () => {};

  head(): HeadInfo {
    return { ...HEAD, length: this.blocks.length + 1 };
  }

  async blocksAfter(locator: string[], maxBlocks: number): Promise<AsyncIterable<Uint8Array[]> | undefined> {
    return locator.includes(GENESIS) ? this.#read(maxBlocks) : undefined;
  }

  async *#read(maxBlocks: number): AsyncGenerator<Uint8Array[]> {
    try {
      for (const block of this.blocks.slice(0, maxBlocks)) {
        await this.beforeBlock();
        this.fetched += 1;
        yield [block];
      }
    } finally {
      this.closed += 1;
    }
  }

  pendingIds(after = '', limit: number): string[] {
    return [...this.pending.keys()]
      .sort()
      .filter((each) => each > after)
      .slice(0, limit);
  }

  pendingTransactions(ids: string[]): Uint8Array[] {
    return ids.flatMap((each) => this.pending.get(each) ?? []);
  }

  heard(peer: PeerId, head: HeadInfo): void {
    this.heads.push({ peer, head });
  }
}

/** A started server in memory, and ways to reach it. */
export async function serve(source: ChainSource = new MemorySource(), timeouts: ChainTimeouts = TIMEOUTS) {
  type Handler = (stream: Stream, connection: { remotePeer: PeerId }) => Promise<void>;
  let handler: Handler | undefined;
  const registrar = {
    handle: async (_protocol: string, given: Handler) => {
      handler = given;
    },
    unhandle: async () => {
      handler = undefined;
    },
  };
  const bounds = new BoundCounts();
  const server = new ChainServer(registrar, source, SILENT, timeouts, bounds);
  await server.start();
  onTestFinished(() => server.stop());
  const asker = await newPeerId();

  /** Opens a stream to the server, as `from`. */
  async function open(from: PeerId = asker): Promise<{ stream: Stream; served: Promise<void> }> {
    if (!handler) throw new Error('the server does not listen');
    const [stream, remote] = await streamPair();
    return { stream, served: handler(remote, { remotePeer: from }) };
  }
  /** A client that asks as `from`. */
  function clientOf(from: PeerId): ChainClient {
    return new ChainClient({ openStream: async () => (await open(from)).stream }, source.spec, timeouts);
  }
  return { server, asker, open, clientOf, client: clientOf(asker), bounds };
}

/** A client whose every peer does what `behave` does with the stream. */
export function clientOf(behave: (stream: Stream) => Promise<void>, timeouts: ChainTimeouts = IMPATIENT) {
  const streams: Stream[] = [];
  const openStream = async () => {
    const [local, remote] = await streamPair();
    streams.push(local);
    void behave(remote).catch((error: Error) => remote.abort(error));
    return local;
  };
  return { client: new ChainClient({ openStream }, DEFAULT_NETWORK, timeouts), streams };
}

/** A peer that answers any request with these frames and half-closes. */
export function answering(...frames: (Uint8Array | Promise<Uint8Array>)[]) {
  return async (stream: Stream) => {
    await byteStream(stream).read();
    for (const frame of frames) stream.send(lp.encode.single(await frame));
    await stream.close();
  };
}

/** The bytes of a `head` request of our network. */
export function headRequest(network = NETWORK_ID): Uint8Array {
  return encodeRequest({ networkId: network, ask: { kind: 'head', head: HEAD } });
}

/** Sends bytes as they are, half-closes, and reads all frames of the answer. */
export async function exchange(stream: Stream, bytes: Uint8Array): Promise<AnswerFrame[]> {
  const input = byteStream(stream);
  stream.send(bytes);
  await stream.close();
  const chunks = async function* () {
    for (let chunk = await input.read(); chunk; chunk = await input.read()) yield chunk;
  };
  const frames: AnswerFrame[] = [];
  for await (const frame of lp.decode(chunks())) frames.push(decodeAnswer(frame.subarray()));
  return frames;
}

export function prefixed(frame: Uint8Array): Uint8Array {
  return lp.encode.single(frame).subarray();
}

/** What a promise fails with, which must be of the protocol's own kind. */
export async function failure(promise: Promise<unknown>): Promise<ChainProtocolError> {
  const error = await promise.then(
    () => new Error('nothing was thrown'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ChainProtocolError)) throw error;
  return error;
}

export async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

/** A frame that comes late. */
export async function late(ms: number, frame: Uint8Array): Promise<Uint8Array> {
  await delay(ms);
  return frame;
}
