/** Sees to it that who is provably at fault is dropped, and that the log says so in one line. */

import { Allowance } from '../allowance.js';
import type { Bound } from '../bounds.js';
import type { Logger } from '../log.js';
import { TokenBuckets } from '../token-buckets.js';
import { DROP_LINES_BURST, DROP_LINES_PER_SECOND, FAULTS_FADE_MS, MAX_FAULTY_PEERS } from './constants.js';

export interface DropReason {
  readonly outcome: 'wrong-network' | 'dropped';
  readonly message: string;
}

/** Who can be rid of a peer. */
interface Peers {
  /** @returns whether it was not dropped already */
  drop(peer: string, why: DropReason): boolean;
}

interface Fault {
  /** Which of them costs a peer its connection; one may come of another version. As many are forgotten in a minute. */
  readonly drops: number;
  readonly message: string;
}

/** What no honest and working node does. */
const FAULTS: Partial<Record<Bound, Fault>> = {
  // Before gossipsub listens to it no more (after seven) and nothing of it is judged.
  'gossip-rejected': { drops: 5, message: 'it gossips what is not valid' },
  'gossip-rpc-size': { drops: 1, message: 'it gossips more at once than may be' },
  'gossip-rpc-flood': { drops: 1, message: 'it gossips more at once than may be' },
  'gossip-rpc-malformed': { drops: 1, message: 'it gossips what no node writes' },
  'announcement-size': { drops: 5, message: 'it announces what is no peer' },
  'chain-request-malformed': { drops: 8, message: 'it asks for what cannot be understood' },
  'chain-request-rate': { drops: 1_024, message: 'it asks without end, though it is told to wait' },
  'muxer-frame-size': { drops: 1, message: 'it sends a frame larger than its window may be' },
  'connection-backlog': { drops: 1, message: 'it does not take what it asks for' },
};

export class Bouncer {
  /** By the fault: what each peer may still do of it before it is dropped. */
  readonly #patience = new Map<Bound, TokenBuckets>();
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

  /** A peer ran into a limit. Where that is a fault, it counts, until it is forgotten. */
  hit(bound: Bound, peer: string): void {
    const fault = FAULTS[bound];
    if (fault === undefined) return;
    const patience = this.#patience.get(bound) ?? this.#patienceWith(fault);
    this.#patience.set(bound, patience);
    if (!patience.take(peer)) this.drop(peer, { outcome: 'dropped', message: fault.message });
  }

  #patienceWith({ drops }: Fault): TokenBuckets {
    return new TokenBuckets((drops * 1_000) / FAULTS_FADE_MS, drops - 1, MAX_FAULTY_PEERS, this.now);
  }

  /** Drops a peer, and says so: once, and for a crowd of them not for each. */
  drop(peer: string, why: DropReason): void {
    if (!this.peers.drop(peer, why)) return;
    if (!this.#lines.take(1)) {
      this.#unsaid += 1;
      return;
    }
    const others = this.#unsaid > 0 ? { 'and others': this.#unsaid } : {};
    this.#unsaid = 0;
    this.log.warn({ peer, reason: why.message, ...others }, 'peer-dropped');
  }
}
