/** What a node answers when it is asked. */
import type { Block, NetworkSpec, Transaction } from '../chain/index.js';
import type { ConnectedPeer } from '../network/index.js';
import type { Head } from '../storage/index.js';
import type { MiningStatus } from './forge.js';

/** A peer, and what it last said of its chain. */
export interface NodePeer extends ConnectedPeer {
  readonly length: number | null;
  readonly head: string | null;
  /** When it said so, in ms since the epoch. */
  readonly heardAt: number | null;
}

export interface NodeStatus {
  readonly version: string;
  readonly name: string;
  readonly network: NetworkSpec;
  readonly networkId: string;
  readonly peerId: string;
  readonly addresses: readonly string[];
  readonly head: Head;
  readonly peers: number;
  readonly pending: number;
  readonly mining: MiningStatus | null;
  /** Other heads of our length that we know of. */
  readonly tiedHeads: readonly string[];
}

/** A block of our chain. */
export interface FoundBlock {
  readonly block: Block;
  /** Blocks from this one to the head, this one included. */
  readonly confirmations: number;
}

/** A transaction, and where it is: `block` is the index of its block, null while it is pending. */
export interface FoundTransaction {
  readonly transaction: Transaction;
  readonly block: number | null;
  readonly confirmations: number;
}

/** Where a sent transaction is now. */
export interface SentTransaction {
  readonly transaction: Transaction;
  /** `in_block` where a retry came after it had been mined. */
  readonly status: 'pending' | 'in_block';
  /** Index of its block; while it is pending, of the block that comes next. */
  readonly block: number;
}
