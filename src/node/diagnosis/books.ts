/** What a node remembers for its diagnosis: bounded, of each peer the latest. */
import { ChainProtocolError } from '../../../protocols/chain/index.js';
import type { Block } from '../../chain/index.js';
import { Float } from '../../chain/index.js';
import { keepLatest } from '../../keep-latest.js';
import { MAX_CLOCKS, MAX_STRANGERS } from './constants.js';
import type { PeerClock, Stranger } from './facts.js';

/** Who was reached and is none of us. */
export class StrangerBook {
  readonly #strangers = new Map<string, Stranger>();

  /** @param error what asking a peer over the chain protocol ended with */
  failed(peerId: string, error: unknown, addresses: readonly string[] = []): void {
    if (!(error instanceof ChainProtocolError)) return;
    const at = new Date();
    if (error.code === 'wrong-network')
      this.#keep({ peerId, addresses, why: 'other-network', network: error.network, at });
    // libp2p's name for "none of our protocols is spoken there".
    else if (error.cause instanceof Error && error.cause.name === 'UnsupportedProtocolError')
      this.#keep({ peerId, addresses, why: 'protocol-unknown', network: undefined, at });
  }

  /** It has answered as one of us: whatever it was before, with the same key. */
  answered(peerId: string): void {
    this.#strangers.delete(peerId);
  }

  list(): Stranger[] {
    return [...this.#strangers.values()];
  }

  #keep(stranger: Stranger): void {
    keepLatest(this.#strangers, stranger.peerId, stranger, MAX_STRANGERS);
  }
}

/** By how much the clocks of those who mine differ from ours. */
export class ClockBook {
  readonly #clocks = new Map<string, PeerClock>();

  /**
   * A block has just come by gossip: it was made a moment ago.
   *
   * @param at its arrival, in ms since the epoch
   * @param isKnown whether there is a peer of this id
   */
  arrived(block: Block, at: number, isKnown: (peerId: string) => boolean): void {
    const recipient = block.transactions.at(-1)?.recipient;
    if (recipient === undefined || !isKnown(recipient)) return;
    // Kept as it was read it would keep the text of all its block.
    const miner = Buffer.from(recipient).toString();
    const { timestamp } = block;
    const madeAt = Number(timestamp instanceof Float ? timestamp.value : timestamp) * 1000;
    const offsetMs = Math.round(at - madeAt);
    // A valid timestamp may be any number of seconds: some are of no clock.
    if (Number.isSafeInteger(offsetMs))
      keepLatest(this.#clocks, miner, { peerId: miner, offsetMs, at: new Date(at) }, MAX_CLOCKS);
  }

  list(): PeerClock[] {
    return [...this.#clocks.values()];
  }
}
