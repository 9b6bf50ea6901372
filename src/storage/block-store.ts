/** What a node asks of its storage; `level-block-store.ts` keeps it on LevelDB or in memory. */
import type { Block, PendingTransaction } from '../chain/index.js';
import type { Writes } from './database.js';
import type { StorageError } from './errors.js';

/** The last block of a chain, and how long the chain is: a chain of length n ends with the block of index n. */
export interface Head {
  readonly length: number;
  /** Hash of the last block, 64 hex digits. */
  readonly hash: string;
  /** The last block's proof: the next block's puzzle. */
  readonly proof: number;
}

/** One unchanging view of a chain, whatever happens to the store meanwhile. Must be closed. */
export interface ChainSnapshot {
  readonly head: Head;
  /**
   * The canonical bytes of the blocks from index `from` to index `to`, both included, in order, some at a time; little
   * of them is read ahead.
   *
   * @throws StorageError `misuse` beyond the chain; `closed` when this snapshot, or the store, is closed meanwhile
   */
  pieces(from: number, to: number): AsyncGenerator<Uint8Array[]>;
  /** The same, one block at a time. */
  bytes(from: number, to: number): AsyncGenerator<Uint8Array>;
  close(): Promise<void>;
}

/** A competing chain, kept aside on disk from the block after `fork` on. */
export interface Branch {
  readonly id: string;
  /** Index of the last block it shares with our chain (as it was when the branch was begun). */
  readonly fork: number;
  /** Its last block; the fork's block while it is empty. */
  readonly head: Head;
  /** Canonical bytes kept. */
  readonly bytes: number;
}

/** What an adoption did to our chain. */
export interface Adoption {
  readonly fork: number;
  /** Blocks of ours that fell out. */
  readonly removed: number;
  readonly head: Head;
  /**
   * Transactions of the blocks that fell out, save rewards and what the new chain has: pending again, on disk already,
   * behind all others, as received now and from nobody. Those without a nonce cannot be told apart and are lost, and so are
   * those for which there is no room: more than five mempools hold.
   */
  readonly returned: PendingTransaction[];
  /** Of those that were pending before, the ones that the adopted blocks have: pending no longer. */
  readonly included: string[];
}

/** A block that lost its place in our chain. */
export interface ReplacedBlock {
  readonly block: Block;
  /** Milliseconds since the epoch. */
  readonly replacedAt: number;
}

/**
 * The chain, its indexes and the pending transactions. Every change is one atomic, synced batch, but for an adoption,
 * which is journalled, and a branch that is dropped; changes are made one at a time, by one writer. Readers see the chain as
 * of the last finished change. Every method throws StorageError, `closed` while the store is not open.
 */
export interface BlockStore {
  /**
   * Opens, checks format and network, finishes an adoption that was cut off, drops branches left over. A failure leaves
   * nothing behind that was not there before.
   *
   * @throws StorageError `in-use`, `other-network`, `unknown-format`, `damaged`, `not-writable`
   */
  open(): Promise<void>;
  /** Finishes the write under way; an adoption is finished at the next start. */
  close(): Promise<void>;
  /** Closes it, and leaves nothing behind that was not there before it was opened. */
  discard(): Promise<void>;

  /**
   * The write that failed since the store was opened (`not-writable`: nothing more is written), or what was found damaged
   * first (`damaged`: the rest can still be read). Undefined while all is well.
   */
  readonly trouble: StorageError | undefined;

  readonly head: Head;
  /** Canonical bytes of our whole chain. */
  readonly bytes: number;
  /** What was written since it was opened, and how long that took. */
  readonly writes: Writes;
  blockAt(index: number): Promise<Block | undefined>;
  hashAt(index: number): Promise<string | undefined>;
  /** Index of the block of our chain that has this hash. */
  indexOf(hash: string): Promise<number | undefined>;
  /**
   * Index of the first of these hashes that our chain has. Not looked for to the end where several begin as hashes of ours do
   * and are none: nobody comes upon such by chance.
   */
  firstOf(hashes: readonly string[]): Promise<number | undefined>;
  /** For each of these transactions (by id; those with a nonce only) that our chain holds, the index of its block. */
  locate(ids: readonly string[]): Promise<Map<string, number>>;
  snapshot(): Promise<ChainSnapshot>;

  /** Appends blocks already found valid after our head; their transactions are pending no longer. @throws `misuse` */
  append(blocks: readonly Block[]): Promise<void>;

  /** Those that are pending already, or in our chain, are passed over. */
  addPending(entries: readonly PendingTransaction[]): Promise<void>;
  /** All pending transactions, first come first. */
  pending(): Promise<PendingTransaction[]>;

  /** Begins an empty branch after the block of index `fork` of our chain. */
  beginBranch(fork: number): Promise<Branch>;
  /** Adds valid blocks to a branch; answers what it has become. @throws `misuse` if they do not follow */
  extendBranch(branch: Branch, blocks: readonly Block[]): Promise<Branch>;
  /** For each of these transactions that the branch itself holds, the index of its block. */
  locateInBranch(branch: Branch, ids: readonly string[]): Promise<Map<string, number>>;
  dropBranch(branch: Branch): Promise<void>;
  /**
   * Makes a branch our chain: durable, resumable, seen by readers at once when it is whole.
   *
   * @param at milliseconds since the epoch: when its blocks are said to have been replaced
   * @throws `misuse` if the branch is not longer than our chain, or left it at a block that is not there any more; `damaged`
   *   if a block of either cannot be read, and then nothing has changed
   */
  adopt(branch: Branch, at: number): Promise<Adoption>;

  /** The blocks replaced last, newest first: at most 100, and 4 MiB. */
  replaced(): Promise<ReplacedBlock[]>;
}
