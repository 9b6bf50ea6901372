/** Sees to it that who is provably at fault is dropped, and that the log says so in one line. */

import { Allowance } from '../allowance.js';
import type { Bound } from '../bounds.js';
import type { Logger } from '../log.js';
import { DROP_LINES_BURST, DROP_LINES_PER_SECOND, FAULT_FADES_MS, MAX_FAULTY_PEERS } from './constants.js';

export interface DropReason {
  readonly outcome: 'wrong-network' | 'dropped';
  readonly message: string;
}

/** Who can be rid of a peer. */
interface Peers {
  /** @returns whether it was not dropped already */
  drop(peer: string, why: DropReason): boolean;
}

/**
 * What no honest and working node does, and how much of it costs a peer its connection: 1 is all of it. A single message
 * may come of a program that has another version; who keeps on is not worth listening to.
 */
const FAULTS: Partial<Record<Bound, { readonly share: number; readonly message: string }>> = {
  // Before gossipsub listens to it no more (after seven) and nothing of it is judged.
  'gossip-rejected': { share: 1 / 5, message: 'it gossips what is not valid' },
  'gossip-rpc-size': { share: 1, message: 'it gossips more at once than may be' },
  'gossip-rpc-flood': { share: 1, message: 'it gossips more at once than may be' },
  'gossip-rpc-malformed': { share: 1, message: 'it gossips what no node writes' },
  'announcement-size': { share: 1 / 5, message: 'it announces what is no peer' },
  'chain-request-malformed': { share: 1 / 8, message: 'it asks for what cannot be understood' },
  'chain-request-rate': { share: 1 / 1024, message: 'it asks without end, though it is told to wait' },
  'muxer-frame-size': { share: 1, message: 'it sends a frame larger than its window may be' },
  'connection-backlog': { share: 1, message: 'it does not take what it asks for' },
};

export class Bouncer {
  /** How much of its connection each peer has forfeited, and as of when, the longest unheard of first. */
  readonly #forfeits = new Map<string, { share: number; at: number }>();
  readonly #lines: Allowance;
  #unsaid = 0;

  /** @param now a clock in milliseconds that never goes back */
  constructor(
    private readonly peers: Peers,
    private readonly log: Logger,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#lines = new Allowance(DROP_LINES_PER_SECOND, DROP_LINES_BURST, now);
  }

  /** A peer ran into a limit. Where that is a fault, it adds up, and fades within a minute. */
  hit(bound: Bound, peer: string): void {
    const fault = FAULTS[bound];
    if (fault === undefined) return;
    const at = this.now();
    const before = this.#forfeits.get(peer);
    const faded = before ? Math.max(0, before.share - (at - before.at) / FAULT_FADES_MS) : 0;
    const share = faded + fault.share;
    this.#forfeits.delete(peer);
    if (share < 1) this.#forfeits.set(peer, { share, at });
    else this.drop(peer, { outcome: 'dropped', message: fault.message });
    const [oldest] = this.#forfeits.keys();
    if (oldest !== undefined && this.#forfeits.size > MAX_FAULTY_PEERS) this.#forfeits.delete(oldest);
  }

  /** Drops a peer, and says so: once, and for a crowd of them not for each. */
  drop(peer: string, why: DropReason): void {
    if (!this.peers.drop(peer, why)) return;
    if (this.#lines.spend(0) > 0) {
      this.#unsaid += 1;
      return;
    }
    this.#lines.spend(1);
    const others = this.#unsaid > 0 ? { 'and others': this.#unsaid } : {};
    this.#unsaid = 0;
    this.log.warn({ peer, reason: why.message, ...others }, 'peer-dropped');
  }
}
