import type { PeerId, Stream } from '@libp2p/interface';
import { type Bound, type Bounds, UNCOUNTED } from '../../src/bounds.js';
import { networkId } from '../../src/chain/network-spec.js';
import type { Logger } from '../../src/log.js';
import { TokenBuckets } from '../../src/token-buckets.js';
import { type AnswerFrame, type Ask, type ChainRequest, decodeRequest, encodeAnswer } from './codec.js';
import {
  CHAIN_PROTOCOL,
  type ChainTimeouts,
  HASH_BYTES,
  MAX_ANSWER_IDS,
  MAX_COUNTED_PEERS,
  MAX_INBOUND_STREAMS,
  MAX_OUTBOUND_STREAMS,
  MAX_REQUEST_BYTES,
  MAX_SERVED_AT_ONCE,
  MAX_SERVED_PER_PEER,
  MAX_WANTED_IDS,
  REQUEST_BURST,
  REQUESTS_PER_SECOND,
  TIMEOUTS,
} from './constants.js';
import { ChainProtocolError } from './errors.js';
import { FrameStream } from './frame-stream.js';
import { pack } from './pack.js';
import type { ChainSource } from './source.js';

/** Where the streams arrive that peers open; a libp2p node is one. */
export interface StreamRegistrar {
  handle(
    protocol: string,
    handler: (stream: Stream, connection: { remotePeer: PeerId }) => Promise<void>,
    options: { maxInboundStreams: number; maxOutboundStreams: number },
  ): Promise<void>;
  unhandle(protocol: string): Promise<void>;
}

type Frame = Partial<AnswerFrame>;
type Refusal = Pick<Frame, 'reason' | 'network'> & { status: 'wrong-network' | 'bad-request' | 'busy' };

const BUSY: Refusal = { status: 'busy' };

/** The length of the largest request takes three bytes. */
const REQUEST_LIMITS = { frameBytes: MAX_REQUEST_BYTES, totalBytes: MAX_REQUEST_BYTES + 3 };

/** Answers peers over /chain/1.0.0. */
export class ChainServer {
  readonly #networkId: string;
  readonly #buckets = new TokenBuckets(REQUESTS_PER_SECOND, REQUEST_BURST, MAX_COUNTED_PEERS);
  readonly #exchanges = new Map<FrameStream, Promise<void>>();
  /** Requests that are being answered, of each peer. */
  readonly #served = new Map<string, Set<FrameStream>>();
  #started = false;

  constructor(
    private readonly components: StreamRegistrar,
    private readonly source: ChainSource,
    private readonly log: Logger,
    /** @default TIMEOUTS */
    private readonly timeouts: ChainTimeouts = TIMEOUTS,
    /** Told of every limit that is hit. @default nobody is */
    private readonly bounds: Bounds = UNCOUNTED,
  ) {
    this.#networkId = networkId(source.spec);
  }

  async start(): Promise<void> {
    if (this.#started) return;
    this.#started = true;
    await this.components.handle(
      CHAIN_PROTOCOL,
      (stream, { remotePeer }) => this.#accept(stream, remotePeer),
      { maxInboundStreams: MAX_INBOUND_STREAMS, maxOutboundStreams: MAX_OUTBOUND_STREAMS },
    );
  }

  /** Aborts what is being answered, and waits until nothing asks the source any more. */
  async stop(): Promise<void> {
    if (!this.#started) return;
    this.#started = false;
    await this.components.unhandle(CHAIN_PROTOCOL);
    for (const frames of this.#exchanges.keys()) frames.abort(new Error('the server stops'));
    await Promise.all(this.#exchanges.values());
  }

  async #accept(stream: Stream, peer: PeerId): Promise<void> {
    const frames = new FrameStream(stream, REQUEST_LIMITS);
    const exchange = this.#serve(frames, peer).catch((error: unknown) => {
      const fields = { peer: peer.toString(), error: String(error) };
      if (error instanceof ChainProtocolError || !this.#started)
        this.log.debug(fields, 'chain request broke off');
      else this.log.error(fields, 'chain request failed');
      frames.abort(error);
    });
    this.#exchanges.set(frames, exchange);
    await exchange;
    this.#exchanges.delete(frames);
  }

  /**
   * 1. Charges the peer for a request, and reads it. @throws `timeout`, `unreachable`: there is nothing to answer.
   * 2. Refuses, with a status, what is not served: the request of a peer that asks too often, one that is malformed,
   *    another network's, one more than are served at once; the cheapest to tell first.
   * 3. Writes the answer, each frame when the peer has taken the one before. @throws `timeout`, `unreachable`, and
   *    whatever the source throws.
   * 4. Half-closes, and leaves the stream to be closed by the peer. @throws `timeout`, `unreachable`.
   *
   * Whoever catches it aborts the stream.
   */
  async #serve(frames: FrameStream, peer: PeerId): Promise<void> {
    const admitted = this.#buckets.take(peer.toString())
      ? this.#admit(await this.#read(frames), peer.toString())
      : this.#busy('chain-request-rate', peer.toString());
    if ('status' in admitted) {
      this.log.debug({ peer: peer.toString(), ...admitted }, 'chain request refused');
      await this.#write(frames, { ...admitted, last: true });
    } else {
      await this.#answer(frames, peer, admitted);
    }
    await frames.end(this.timeouts.requestMs);
    frames.linger(this.timeouts.requestMs);
  }

  /** @returns the request, or what is wrong with it */
  async #read(frames: FrameStream): Promise<ChainRequest | ChainProtocolError> {
    try {
      const frame = await frames.read(this.timeouts.requestMs);
      if (frame) return decodeRequest(frame);
    } catch (error) {
      if (error instanceof ChainProtocolError && error.atFault) return error;
      throw error;
    }
    throw new ChainProtocolError('unreachable', 'the stream ended before the request did');
  }

  #admit(request: ChainRequest | ChainProtocolError, peer: string): Ask | Refusal {
    if (request instanceof ChainProtocolError) {
      this.bounds.hit('chain-request-malformed', peer);
      return badRequest(request.message);
    }
    if (request.networkId !== this.#networkId) {
      const { name, difficulty, genesis } = this.source.spec;
      return { status: 'wrong-network', network: { name, difficulty, genesisHash: genesis.hash } };
    }
    if ((this.#served.get(peer)?.size ?? 0) >= MAX_SERVED_PER_PEER)
      return this.#busy('chain-served-per-peer', peer);
    // Who asks for a head is heard in any case: its answer is one frame.
    return request.ask.kind === 'head' || this.#makeRoom(peer)
      ? request.ask
      : this.#busy('chain-served-at-once');
  }

  /** Where all are taken, the peer that has most of them loses its oldest to one that has none. */
  #makeRoom(peer: string): boolean {
    const served = [...this.#served.values()];
    if (served.reduce((sum, { size }) => sum + size, 0) < MAX_SERVED_AT_ONCE) return true;
    const most = served.reduce((a, b) => (b.size > a.size ? b : a));
    const [oldest, another] = most;
    if (this.#served.has(peer) || oldest === undefined || another === undefined) return false;
    most.delete(oldest);
    oldest.abort(new ChainProtocolError('timeout', 'others wait for their answers'));
    return true;
  }

  #busy(bound: Bound, peer?: string): Refusal {
    this.bounds.hit(bound, peer);
    return BUSY;
  }

  async #answer(frames: FrameStream, peer: PeerId, ask: Ask): Promise<void> {
    const late = setTimeout(() => {
      frames.abort(new ChainProtocolError('timeout', 'the peer took too long to read its answer'));
    }, this.timeouts.answerMs);
    const key = peer.toString();
    const served = this.#served.get(key) ?? new Set();
    this.#served.set(key, served.add(frames));
    try {
      if (ask.kind === 'head') this.source.heard(peer, ask.head);
      for await (const frame of this.#frames(ask)) await this.#write(frames, frame);
    } finally {
      served.delete(frames);
      if (served.size === 0 && this.#served.get(key) === served) this.#served.delete(key);
      clearTimeout(late);
    }
  }

  async *#frames(ask: Ask): AsyncGenerator<Frame> {
    switch (ask.kind) {
      case 'head':
        yield { status: 'ok', head: this.source.head(), last: true };
        return;
      case 'blocks': {
        const blocks = await this.source.blocksAfter(ask.locator, ask.limit);
        if (!blocks)
          yield { ...badRequest('no hash of the locator is known here, not even its genesis'), last: true };
        else yield* withStatus(pack(blocks, byteLength, ask.limit), (items) => ({ blocks: items }));
        return;
      }
      case 'pending-ids': {
        const ids = this.source.pendingIds(ask.after, MAX_ANSWER_IDS);
        yield* withStatus(
          pack([ids], () => HASH_BYTES, MAX_ANSWER_IDS),
          (items) => ({ ids: items }),
        );
        return;
      }
      case 'pending-transactions': {
        const transactions = this.source.pendingTransactions(ask.ids);
        yield* withStatus(pack([transactions], byteLength, MAX_WANTED_IDS), (items) => ({
          transactions: items,
        }));
      }
    }
  }

  async #write(frames: FrameStream, answer: Frame): Promise<void> {
    await frames.write(encodeAnswer(answer), this.timeouts.nextFrameMs);
  }
}

/** The frames of a good answer, of which the first one says so. */
async function* withStatus<T>(
  packed: AsyncIterable<{ items: T[]; last: boolean }>,
  content: (items: T[]) => Frame,
): AsyncGenerator<Frame> {
  let status: Frame['status'] = 'ok';
  for await (const { items, last } of packed) {
    yield { ...content(items), status, last };
    status = undefined;
  }
}

function badRequest(reason: string): Refusal {
  return { status: 'bad-request', reason };
}

function byteLength(item: Uint8Array): number {
  return item.byteLength;
}
