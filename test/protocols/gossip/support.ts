import type { PeerId } from '@libp2p/interface';
import type { GossipHandlers, Verdict } from '../../../protocols/gossip/index.js';
import { Block } from '../../../src/chain/block.js';
import { rewardFor, Transaction } from '../../../src/chain/transaction.js';

/** The n-th of many transactions, all different. */
export function payment(n: number): Transaction {
  return new Transaction('alice', 'bob', 5, n.toString(16).padStart(32, '0'));
}

/** A block that is well formed; whether it is valid is for the handler to say. */
export function blockAt(index: number): Block {
  return new Block({
    index,
    timestamp: 1.5,
    transactions: [rewardFor('miner')],
    proof: 7,
    previous_hash: 'ab'.repeat(32),
  });
}

/** Handlers that give one verdict and write down what they saw. */
export class Judge implements GossipHandlers {
  readonly seen: { id: string; from: string }[] = [];
  /** Peers that joined, in order. */
  readonly members: string[] = [];
  /** How much was taken, and not passed on. */
  withheld = 0;
  constructor(readonly verdict: Verdict = 'accept') {}

  async transaction(transaction: Transaction, from: PeerId): Promise<Verdict> {
    this.seen.push({ id: transaction.id, from: from.toString() });
    return this.verdict;
  }
  async block(block: Block, from: PeerId): Promise<Verdict> {
    this.seen.push({ id: block.hash, from: from.toString() });
    return this.verdict;
  }
  joined(peer: PeerId): void {
    this.members.push(peer.toString());
  }
  notPassedOn(): void {
    this.withheld++;
  }
  get ids(): string[] {
    return this.seen.map(({ id }) => id);
  }
}
