/**
 * How fast others may make our chain longer. Where proofs cost nothing, as in the tutorial, a valid chain of any length
 * costs nothing: a limit, and not work, must keep it from filling the disk.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { PeerId } from '@libp2p/interface';
import { ChainProtocolError } from '../../protocols/chain/index.js';
import { Allowance } from '../allowance.js';
import { type Bounds, UNCOUNTED } from '../bounds.js';
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

export class Growth {
  readonly #bytes: Allowance;

  /** @param now a clock in milliseconds that never goes back */
  constructor(
    private readonly bounds: Bounds = UNCOUNTED,
    pace: Pace = ON_DISK,
    now: () => number = () => performance.now(),
  ) {
    this.#bytes = new Allowance(pace.bytesPerSecond, pace.burstBytes, now);
  }

  /** Canonical bytes of others' blocks have been stored. What is refused costs nobody else anything. */
  grown(bytes: number): void {
    this.#bytes.spend(bytes);
  }

  /** @returns for how many ms no more is to come; 0 where it may */
  restMs(peer: string): number {
    const ms = this.#bytes.spend(0);
    if (ms > 0) this.bounds.hit('chain-growth', peer);
    return ms;
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
    options: { limit: number; signal: AbortSignal },
  ): AsyncGenerator<Uint8Array[]> {
    const ms = this.restMs(peer.toString());
    if (ms > limits.GROWTH_PATIENCE_MS)
      throw new ChainProtocolError('busy', 'no more blocks are taken for now');
    if (ms > 0) await delay(ms, undefined, options).catch(() => options.signal.throwIfAborted());
    yield* client.blocks(peer, locator, options);
  }
}
