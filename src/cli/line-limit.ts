/** How many lines of the log others may cause: what a stranger does must not fill a disk, or hide what matters. */
import { TokenBuckets } from '../token-buckets.js';

/** Of one peer, at once and a second: a page, then two lines a second. */
const PEER_LINES_BURST = 100;
const PEER_LINES_PER_SECOND = 2;
/** Of all peers together: identities cost nothing. */
const LINES_BURST = 1_000;
const LINES_PER_SECOND = 20;
/** Peers whose lines are counted; beyond it the one longest silent is forgotten. */
const MAX_COUNTED_PEERS = 1_024;

const ALL = '';

export class LineLimit {
  readonly #ofPeers: TokenBuckets;
  readonly #ofAll: TokenBuckets;
  #unsaid = 0;

  /** @param now a clock in milliseconds that never goes back */
  constructor(now: () => number = () => performance.now()) {
    this.#ofPeers = new TokenBuckets(PEER_LINES_PER_SECOND, PEER_LINES_BURST, MAX_COUNTED_PEERS, now);
    this.#ofAll = new TokenBuckets(LINES_PER_SECOND, LINES_BURST, 1, now);
  }

  /** @returns how many lines were left out before this one; undefined where this one is to be left out too */
  take(peer: string): number | undefined {
    if (!this.#ofPeers.take(peer) || !this.#ofAll.take(ALL)) {
      this.#unsaid += 1;
      return undefined;
    }
    const unsaid = this.#unsaid;
    this.#unsaid = 0;
    return unsaid;
  }
}
