/** What a node tells those who listen. */
import type { Block, Transaction } from '../chain/index.js';
import type { Head } from '../storage/index.js';

/** How something came to this node. */
export type Source = 'own' | 'gossip' | 'sync';

export interface BlockEvent {
  readonly block: Block;
  readonly source: Source;
  /** The peer it came from; null where this node made it. */
  readonly from: string | null;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface TransactionEvent {
  readonly transaction: Transaction;
  readonly from: string | null;
  readonly at: number;
}

export interface ReorgEvent {
  /** Index of the last block that both chains share. */
  readonly fork: number;
  /** Blocks of ours that fell out. */
  readonly removed: number;
  /** Blocks that came in their place. */
  readonly added: number;
  readonly oldHead: Head;
  readonly newHead: Head;
  /** Ids of the transactions that wait for a block again. */
  readonly returned: readonly string[];
  readonly from: string | null;
  readonly at: number;
}

export interface ForkEvent {
  /** The block that stands beside our chain. */
  readonly block: Block;
  /** Index of the last block that both chains share. */
  readonly fork: number;
  /** Our own head. */
  readonly head: Head;
  /** The peer it came from; null where this node found it too late. */
  readonly from: string | null;
  readonly at: number;
}

export interface PeerEvent {
  readonly peerId: string;
  readonly name: string;
  readonly change: 'connected' | 'disconnected';
  readonly at: number;
}

export interface MiningEvent {
  readonly state: 'started' | 'restarted' | 'found' | 'cancelled';
  /** Index of the block that is searched for. */
  readonly index: number;
  readonly at: number;
}

export interface RestartEvent {
  readonly at: number;
}

/** A node's events by name, as for node:events. */
export interface NodeEvents {
  /** A block became our chain's new head by following the one before. */
  block: [BlockEvent];
  /** A transaction became pending. */
  transaction: [TransactionEvent];
  /** A block came that leads to another chain, no longer than ours, or this node found one too late: ours stays. */
  fork: [ForkEvent];
  /** A longer chain took the place of ours from a fork on. */
  reorg: [ReorgEvent];
  peer: [PeerEvent];
  mining: [MiningEvent];
  /**
   * The node has opened its chain anew, as it does when its disk takes what is written again: whom it was connected to, and what
   * of the write that had failed is there after all, is not told one by one.
   */
  restart: [RestartEvent];
}

/** Where the parts of a node report; the node passes it on to its listeners. */
export type Emit = <K extends keyof NodeEvents>(name: K, event: NodeEvents[K][0]) => void;
