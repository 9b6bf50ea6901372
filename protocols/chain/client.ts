import type { PeerId, Stream } from '@libp2p/interface';
import { type NetworkSpec, networkId } from '../../src/chain/network-spec.js';
import { type AnswerFrame, type Ask, decodeAnswer, encodeRequest } from './codec.js';
import {
  CHAIN_PROTOCOL,
  type ChainTimeouts,
  MAX_ANSWER_BLOCKS,
  MAX_ANSWER_BYTES,
  MAX_ANSWER_FRAME_BYTES,
  MAX_ANSWER_FRAMES,
  MAX_ANSWER_IDS,
  MAX_LOCATOR_HASHES,
  MAX_OUTBOUND_STREAMS,
  MAX_WANTED_IDS,
  TIMEOUTS,
} from './constants.js';
import { ChainProtocolError } from './errors.js';
import { FrameStream } from './frame-stream.js';
import type { HeadInfo } from './source.js';

/** Opens streams on the connections that there are. */
export interface StreamOpener {
  /** @param options.signal gives up, and must be heeded */
  openStream(
    peer: PeerId,
    protocol: string,
    options: { signal: AbortSignal; maxOutboundStreams: number },
  ): Promise<Stream>;
}

/**
 * Asks peers over /chain/1.0.0: one stream a request. Every method throws ChainProtocolError, or the reason of its
 * signal where that was aborted.
 */
export class ChainClient {
  readonly #networkId: string;

  constructor(
    private readonly components: StreamOpener,
    spec: NetworkSpec,
    /** @default TIMEOUTS */
    private readonly timeouts: ChainTimeouts = TIMEOUTS,
  ) {
    this.#networkId = networkId(spec);
  }

  /**
   * Tells a peer our head, and learns its.
   * @throws ChainProtocolError any code
   */
  async head(peer: PeerId, mine: HeadInfo, signal?: AbortSignal): Promise<HeadInfo> {
    let head: HeadInfo | undefined;
    for await (const frame of this.#exchange(peer, { kind: 'head', head: mine }, signal)) head ??= frame.head;
    if (!head) throw malformed('the answer to head carries no head');
    return head;
  }

  /**
   * Asks for the blocks after the last common one, about 1 MiB of them; none where the peer has no more than we.
   * Leaving the loop early aborts the stream.
   * @param locator 1 to 64 hashes from our head backwards, the last one the genesis'
   * @param options.limit blocks, 1 to 8,192
   * @returns the blocks' bytes, those of one frame at a time; they share the frame's memory
   * @throws RangeError the locator or limit is out of range
   * @throws ChainProtocolError any code
   */
  async *blocks(
    peer: PeerId,
    locator: string[],
    { limit = MAX_ANSWER_BLOCKS, signal }: { limit?: number; signal?: AbortSignal } = {},
  ): AsyncGenerator<Uint8Array[]> {
    requireBetween('locator', locator.length, MAX_LOCATOR_HASHES);
    requireBetween('limit', limit, MAX_ANSWER_BLOCKS);
    let received = 0;
    for await (const { blocks } of this.#exchange(peer, { kind: 'blocks', locator, limit }, signal)) {
      received += blocks.length;
      if (received > limit) throw tooLarge(`more than the ${limit} blocks asked for were sent`);
      if (blocks.length > 0) yield blocks;
    }
  }

  /**
   * Asks for ids of pending transactions, about 1 MiB of them; ask again after the last one until there are no more.
   * @param after only ids greater than this one
   * @returns ids in ascending order
   * @throws ChainProtocolError any code
   */
  async pendingIds(peer: PeerId, after?: string, signal?: AbortSignal): Promise<string[]> {
    const ids: string[] = [];
    let previous = after ?? '';
    for await (const frame of this.#exchange(peer, { kind: 'pending-ids', after }, signal)) {
      for (const id of frame.ids) {
        if (id <= previous) throw malformed('the ids are not in ascending order');
        previous = id;
        ids.push(id);
      }
      if (ids.length > MAX_ANSWER_IDS) throw tooLarge(`more than ${MAX_ANSWER_IDS} ids were sent`);
    }
    return ids;
  }

  /**
   * Asks for pending transactions, about 1 MiB of them: those that the peer still holds, in the order asked, until
   * its answer is full. Ask again for the missing ones; an empty answer means that the peer has none of them.
   * @param ids 1 to 1,024
   * @returns canonical bytes, not yet checked: whether they are what was asked for, their ids tell
   * @throws RangeError too many ids, or none
   * @throws ChainProtocolError any code
   */
  async pendingTransactions(peer: PeerId, ids: string[], signal?: AbortSignal): Promise<Uint8Array[]> {
    requireBetween('ids', ids.length, MAX_WANTED_IDS);
    const transactions: Uint8Array[] = [];
    for await (const frame of this.#exchange(peer, { kind: 'pending-transactions', ids }, signal)) {
      transactions.push(...frame.transactions);
      if (transactions.length > ids.length) throw tooLarge('more transactions than asked for were sent');
    }
    return transactions;
  }

  /**
   * 1. Opens a stream. @throws `timeout`, `unreachable`, or `busy` where too many of ours are open.
   * 2. Writes the request and half-closes. @throws `timeout`, `unreachable`.
   * 3. Reads the first frame, with the status. @throws `wrong-network`, `bad-request`, `busy`, `timeout`, `malformed`,
   *    `too-large`, `unreachable`.
   * 4. Reads on until the frame marked as the last. @throws `timeout`, `malformed`, `too-large`, `unreachable`.
   * 5. Leaves the stream to be closed by the peer; whatever ended it before, aborts it.
   * In each step an aborted signal throws its reason.
   */
  async *#exchange(peer: PeerId, ask: Ask, signal: AbortSignal | undefined): AsyncGenerator<AnswerFrame> {
    const stream = await this.#open(peer, signal);
    const limits = { frameBytes: MAX_ANSWER_FRAME_BYTES, totalBytes: MAX_ANSWER_BYTES };
    const frames = new FrameStream(stream, limits);
    const giveUp = () => frames.abort(signal?.reason);
    signal?.addEventListener('abort', giveUp);
    let complete = false;
    try {
      signal?.throwIfAborted();
      await frames.write(encodeRequest({ networkId: this.#networkId, ask }), this.timeouts.requestMs);
      await frames.end(this.timeouts.requestMs);
      let left = this.timeouts.answerMs;
      for (let number = 1; !complete; number += 1) {
        if (number > MAX_ANSWER_FRAMES) throw tooLarge(`more than ${MAX_ANSWER_FRAMES} frames were sent`);
        const asked = performance.now();
        const patience = number === 1 ? this.timeouts.firstFrameMs : this.timeouts.nextFrameMs;
        if (left <= 0)
          throw new ChainProtocolError('timeout', `no whole answer within ${this.timeouts.answerMs} ms`);
        const bytes = await frames.read(Math.min(patience, left));
        left -= performance.now() - asked;
        if (!bytes) throw new ChainProtocolError('unreachable', 'the stream ended before the answer did');
        const frame = decodeAnswer(bytes);
        checkStatus(frame, number === 1);
        complete = frame.last;
        yield frame;
      }
    } finally {
      signal?.removeEventListener('abort', giveUp);
      if (complete) frames.linger(this.timeouts.requestMs);
      else frames.abort(new Error('the rest of the answer is not wanted'));
    }
  }

  async #open(peer: PeerId, signal: AbortSignal | undefined): Promise<Stream> {
    signal?.throwIfAborted();
    const { openMs } = this.timeouts;
    const opening = new AbortController();
    const late = new ChainProtocolError('timeout', `no stream to the peer within ${openMs} ms`);
    const timer = setTimeout(() => opening.abort(late), openMs);
    const giveUp = () => opening.abort(signal?.reason);
    signal?.addEventListener('abort', giveUp);
    try {
      return await this.components.openStream(peer, CHAIN_PROTOCOL, {
        signal: opening.signal,
        maxOutboundStreams: MAX_OUTBOUND_STREAMS,
      });
    } catch (cause) {
      opening.signal.throwIfAborted();
      if (cause instanceof Error && cause.name === 'TooManyOutboundProtocolStreamsError') {
        throw new ChainProtocolError('busy', 'too many requests to this peer are open', { cause });
      }
      throw new ChainProtocolError('unreachable', 'no stream to the peer could be opened', { cause });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', giveUp);
    }
  }
}

/** @throws ChainProtocolError the status is not ok, is missing in the first frame, or comes again in a later one */
function checkStatus({ status, network, reason }: AnswerFrame, first: boolean): void {
  if (first !== (status !== undefined))
    throw malformed('the status must stand in the first frame and in no other');
  switch (status) {
    case 'wrong-network':
      if (!network) throw malformed('wrong network, but which one is not said');
      throw new ChainProtocolError(
        'wrong-network',
        `the peer belongs to the network ${JSON.stringify(network.name)}`,
        {
          network,
        },
      );
    case 'bad-request':
      throw new ChainProtocolError('bad-request', `the peer refused the request: ${JSON.stringify(reason)}`);
    case 'busy':
      throw new ChainProtocolError('busy', 'the peer is busy: ask again in a second');
    default:
  }
}

function malformed(message: string): ChainProtocolError {
  return new ChainProtocolError('malformed', message);
}

function tooLarge(message: string): ChainProtocolError {
  return new ChainProtocolError('too-large', message);
}

function requireBetween(name: string, value: number, max: number): void {
  if (!Number.isInteger(value) || value < 1 || value > max) {
    throw new RangeError(`${name} must be from 1 to ${max.toLocaleString('en')}, not ${value}`);
  }
}
