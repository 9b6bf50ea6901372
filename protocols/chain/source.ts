import type { PeerId } from '@libp2p/interface';
import type { NetworkSpec } from '../../src/chain/network-spec.js';

/** What two nodes tell each other of their state. */
export interface HeadInfo {
  /** Blocks of the chain, the genesis among them: 1 to 2^53-1. */
  readonly length: number;
  /** Hash of the last block, 64 hex digits. */
  readonly hash: string;
  /** Number of pending transactions: 0 to 2^53-1. */
  readonly pending: number;
  /** XOR of the pending transactions' ids, 64 hex digits; all zero where there are none. */
  readonly digest: string;
}

/** What a server answers from. The node implements it. */
export interface ChainSource {
  readonly spec: NetworkSpec;

  head(): HeadInfo;

  /**
   * The blocks after the last common one of a locator.
   * @param locator hashes, 64 hex digits each, from the asker's head backwards
   * @param maxBlocks how many are wanted, 1 to 8,192; the server stops early when its answer is full (`return()`)
   * @returns their canonical bytes in order, some at a time; undefined when none of the locator is known
   */
  blocksAfter(
    locator: string[],
    maxBlocks: number,
  ): Promise<AsyncIterable<readonly Uint8Array[]> | undefined>;

  /** At most `limit` ids of pending transactions greater than `after`, ascending; from the smallest without it. */
  pendingIds(after: string | undefined, limit: number): string[];

  /** Canonical bytes of those that are still pending, in the order asked. */
  pendingTransactions(ids: string[]): Uint8Array[];

  /** Told with each `head` request: the asker's own head. It is what the peer claims, no more. */
  heard(peer: PeerId, head: HeadInfo): void;
}
