/**
 * How fast others may make our chain longer. Where proofs cost nothing, as in the tutorial, a valid chain of any length
 * costs nothing: a limit, and not work, must keep it from filling the disk.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { PeerId } from '@libp2p/interface';
import { ChainProtocolError } from '../../protocols/chain/index.js';
import { Allowance } from '../allowance.js';
import { type Bounds, UNCOUNTED } from '../bounds.js';
import { keepLatest } from '../keep-latest.js';
import * as limits from './constants.js';
import type { HeadClient } from './sync.js';

/** Canonical bytes of others' blocks, a second and at once. */
export interface Pace {
  readonly bytesPerSecond: number;
  readonly burstBytes: number;
}

export const ON_DISK: Pace = {
  bytesPerSecond: limits.GROWTH_BYTES_PER_SECOND,
  burstBytes: limits.GROWTH_BURST_BYTES,
};

export const IN_MEMORY: Pace = {
  bytesPerSecond: limits.MEMORY_GROWTH_BYTES_PER_SECOND,
  burstBytes: limits.MEMORY_GROWTH_BURST_BYTES,
};

/** A peer may send so many times as much as may be stored: some of what comes is known already. */
const FETCHED_FOR_STORED = 2;

export class Growth {
  /** Of all that is stored... */
  readonly #stored: Allowance;
  /** ...and of what each peer sends, whatever becomes of it. */
  readonly #sent = new Map<string, Allowance>();

  /** @param now a clock in milliseconds that never goes back */
  constructor(
    private readonly bounds: Bounds = UNCOUNTED,
    private readonly pace: Pace = ON_DISK,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#stored = new Allowance(pace.bytesPerSecond, pace.burstBytes, now);
  }

  /** Canonical bytes of others' blocks have been stored. What is refused costs nobody else anything. */
  grown(bytes: number): void {
    this.#stored.spend(bytes);
  }

  /** @returns for how many ms no more is to come; 0 where it may */
  restMs(peer: string): number {
    const ms = Math.max(this.#stored.spend(0), this.#sent.get(peer)?.spend(0) ?? 0);
    if (ms > 0) this.bounds.hit('chain-growth', peer);
    return ms;
  }

  #sentBy(peer: string, bytes: number): void {
    const { bytesPerSecond, burstBytes } = this.pace;
    const times = FETCHED_FOR_STORED;
    const sent = this.#sent.get(peer) ?? new Allowance(times * bytesPerSecond, times * burstBytes, this.now);
    keepLatest(this.#sent, peer, sent, limits.MAX_PEER_HEADS);
    sent.spend(bytes);
  }

  /** A client that asks for blocks when more may come. */
  pacing(client: HeadClient): HeadClient {
    const blocks = this.#paced.bind(this, client);
    return { head: (...args) => client.head(...args), blocks };
  }

  async *#paced(
    client: HeadClient,
    peer: PeerId,
    locator: string[],
    options: { signal: AbortSignal },
  ): AsyncGenerator<Uint8Array[]> {
    const key = peer.toString();
    const ms = this.restMs(key);
    if (ms > limits.GROWTH_PATIENCE_MS)
      throw new ChainProtocolError('busy', 'no more blocks are taken for now');
    if (ms > 0) await delay(ms, undefined, options).catch(() => options.signal.throwIfAborted());
    for await (const frame of client.blocks(peer, locator, options)) {
      this.#sentBy(
        key,
        frame.reduce((sum, block) => sum + block.length, 0),
      );
      yield frame;
    }
  }
}
