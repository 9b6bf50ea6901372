import * as limits from './constants.js';
import type { KnownPeer } from './known-peer.js';

/** How long to wait before a dial, in ms. Spread at random, so that those who start together do not go on in step. */
export class DialPauses {
  /** @param random 0 <= x < 1, as Math.random */
  constructor(
    private readonly self: string,
    private readonly random: () => number,
  ) {}

  /** After a dial that failed, or a connection that ended: longer each time, but not for a good peer that has just gone. */
  again({ failures, partedAt }: KnownPeer): number {
    const ms = limits.REDIAL_FIRST_MS * limits.REDIAL_FACTOR ** Math.max(0, failures);
    const isReunion = partedAt !== undefined && performance.now() - partedAt < limits.REUNION_WITHIN_MS;
    return this.#spread(Math.min(ms, isReunion ? limits.REUNION_LONGEST_MS : limits.REDIAL_LONGEST_MS));
  }

  /** For a peer that was just heard of. */
  soon(): number {
    return this.#spread(limits.SIGHTED_MS);
  }

  /** Of two that find each other the lower id dials at once. */
  firstTo(peerId: string): number {
    return this.self < peerId ? 0 : this.whileOthersDial();
  }

  /** Until a dial that is under way, by the peer or to it, has had time to be done. */
  whileOthersDial(): number {
    return this.#spread(limits.YIELD_MS);
  }

  #spread(ms: number): number {
    return ms * (1 + limits.REDIAL_JITTER * (2 * this.random() - 1));
  }
}
