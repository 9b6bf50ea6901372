/**
 * Keeps our chain the longest valid one this node knows, and the mempool in step with it. Every change goes through
 * one lock: it is checked, stored, and only then told.
 */
import { type Bounds, UNCOUNTED } from '../bounds.js';
import {
  type Block,
  InvalidBlock,
  idsIn,
  locatorIndexes,
  type Mempool,
  type Parent,
  type PendingTransaction,
  type Rules,
} from '../chain/index.js';
import { Serial } from '../serial.js';
import type { Adoption, BlockStore, Head } from '../storage/index.js';
import { Branches, type HeldBranch } from './branches.js';
import { MAX_BRANCH_BYTES } from './constants.js';
import type { Emit, Source } from './events.js';

/** What became of a block that was offered. */
export type Outcome =
  /** It follows our head and is our new head. */
  | 'appended'
  /** It made a branch longer than our chain; that branch is our chain now. */
  | 'adopted'
  /** It stands on a branch no longer than our chain. */
  | 'kept'
  | 'known'
  /** It is behind our head, or ties with it where no branch can be kept. */
  | 'stale'
  /** We do not have its parent, and its chain would be longer than ours. */
  | 'orphan';

/** What became of a transaction that was offered. */
export type Admission = 'pending' | 'known' | 'in-chain' | 'full';

/** Where a peer's blocks led to. */
export type Extension =
  /** Onto our chain, or onto a branch that is not longer yet. */
  | 'extended'
  /** They follow nothing that we have. */
  | 'unconnected'
  /** There is no room for another branch, or its peer sends more than it promised. */
  | 'refused';

export class ChainFollower {
  readonly #lock = new Serial();
  readonly #branches: Branches;

  constructor(
    private readonly store: BlockStore,
    private readonly rules: Rules,
    private readonly mempool: Mempool,
    private readonly emit: Emit,
    private readonly now: () => number = Date.now,
    private readonly bounds: Bounds = UNCOUNTED,
    /** A clock in milliseconds that never goes back. */
    steady: () => number = () => performance.now(),
  ) {
    this.#branches = new Branches(store, steady, bounds);
  }

  get head(): Head {
    return this.store.head;
  }

  /** Heads of the branches that are as long as our chain. */
  get tiedHeads(): string[] {
    return this.#branches.headsOfLength(this.head.length);
  }

  /** Takes up what was pending when the store was closed. */
  async start(): Promise<void> {
    await this.#lock.run(async () => {
      for (const entry of await this.store.pending()) this.mempool.add(entry);
    });
  }

  /** Resolves when everything asked so far is done. */
  async stop(): Promise<void> {
    await this.#lock.idle();
  }

  /**
   * Hashes by which a peer finds what our chain, and the branch we have of its own, share with its chain. Never those
   * of a branch about to be adopted: its peer would have nothing to add, and seem not to keep what it promised.
   */
  locator(peer: string): Promise<string[]> {
    return this.#lock.run(async () => {
      const hashes = await Promise.all(
        locatorIndexes(this.head.length).map((index) => this.store.hashAt(index)),
      );
      const branch = this.#branches.of(peer)?.branch;
      const known = hashes.filter((hash) => hash !== undefined);
      return branch === undefined ? known : [branch.head.hash, ...known];
    });
  }

  /**
   * Offers one block, from gossip or from our own miner.
   *
   * @param from the peer it came from; null where this node mined it
   * @throws InvalidBlock
   */
  offer(block: Block, from: string | null): Promise<Outcome> {
    return this.#lock.run(() => this.#offer(block, from));
  }

  /**
   * Offers a piece of a peer's chain, in order.
   *
   * @param promised the length that the peer said its chain has
   * @throws InvalidBlock on the first invalid one; none of the piece is kept then
   */
  extend(blocks: readonly Block[], peer: string, promised: number): Promise<Extension> {
    return this.#lock.run(() => this.#extend(blocks, peer, promised));
  }

  /** Offers a transaction that may be sent, and keeps it on disk if it is new and there is room. */
  admit(entry: PendingTransaction): Promise<Admission> {
    return this.#lock.run(async () => {
      const { id } = entry.transaction;
      if (this.mempool.has(id)) return 'known';
      if ((await this.store.locate([id])).has(id)) return 'in-chain';
      if (!this.mempool.accepts(entry)) return 'full';
      await this.store.addPending([entry]);
      this.mempool.add(entry);
      this.emit('transaction', { transaction: entry.transaction, from: entry.from, at: entry.receivedAt });
      return 'pending';
    });
  }

  async #offer(block: Block, from: string | null): Promise<Outcome> {
    const { head } = this;
    if (block.previous_hash === head.hash) {
      await this.#append([block], from === null ? 'own' : 'gossip', from);
      return 'appended';
    }
    if ((await this.store.indexOf(block.hash)) !== undefined || this.#branches.endingWith(block.hash))
      return 'known';
    const held = this.#branches.endingWith(String(block.previous_hash));
    if (held !== undefined) {
      await this.#extendBranch(held, [block], from);
      if (this.head.hash === block.hash) return 'adopted';
      this.emit('fork', { block, fork: held.branch.fork, head: this.head, from, at: this.now() });
      return 'kept';
    }
    if (block.index < head.length) return 'stale';
    const fork = await this.store.indexOf(String(block.previous_hash));
    if (fork === undefined) return block.index > head.length ? 'orphan' : 'stale';
    this.#check([block], await this.#parentAt(fork), await this.#usedUpTo(fork, block.ids));
    const begun = from === null ? undefined : await this.#branches.begin(from, fork, block.index);
    if (begun === undefined) return 'stale';
    await this.#branches.extend(begun, [block]);
    this.emit('fork', { block, fork, head, from, at: this.now() });
    return 'kept';
  }

  async #extend(offered: readonly Block[], peer: string, promised: number): Promise<Extension> {
    const blocks = await this.#withoutOurs(offered);
    const [first] = blocks;
    if (first === undefined) return 'extended';
    if (blocks.at(-1)!.index > promised) return 'refused';
    if (first.previous_hash === this.head.hash) {
      await this.#append(blocks, 'sync', peer);
      return 'extended';
    }
    const held = await this.#branchFor(first, peer, promised);
    if (typeof held === 'string') return held;
    const bytes = blocks.reduce((sum, block) => sum + block.bytes.length, held.branch.bytes);
    if (bytes > Math.max(MAX_BRANCH_BYTES, this.store.bytes)) {
      await this.#branches.drop(peer);
      this.bounds.hit('branch-bytes', peer);
      return 'refused';
    }
    await this.#extendBranch(held, blocks, peer);
    return 'extended';
  }

  /** The blocks from the first one on that our chain does not have. */
  async #withoutOurs(blocks: readonly Block[]): Promise<readonly Block[]> {
    let first = 0;
    for (const block of blocks) {
      if (block.index > this.head.length || (await this.store.hashAt(block.index)) !== block.hash) break;
      first++;
    }
    return blocks.slice(first);
  }

  /** The peer's branch that this block goes on, begun anew where it leaves our chain. */
  async #branchFor(
    first: Block,
    peer: string,
    promised: number,
  ): Promise<HeldBranch | 'unconnected' | 'refused'> {
    const held = this.#branches.of(peer);
    if (held?.branch.head.hash === first.previous_hash) return { ...held, promised };
    const fork = await this.store.indexOf(String(first.previous_hash));
    if (fork === undefined) return 'unconnected';
    return (await this.#branches.begin(peer, fork, promised)) ?? 'refused';
  }

  async #append(blocks: readonly Block[], source: Source, from: string | null): Promise<void> {
    const { length } = this.head;
    const ids = idsIn(blocks);
    this.#check(blocks, { ...this.head, index: length }, await this.#usedUpTo(length, ids));
    await this.store.append(blocks);
    this.mempool.remove(ids);
    await this.#branches.prune(length);
    const at = this.now();
    for (const block of blocks) this.emit('block', { block, source, from, at });
  }

  async #extendBranch(held: HeldBranch, blocks: readonly Block[], from: string | null): Promise<void> {
    const ids = idsIn(blocks);
    const used = await this.#usedUpTo(held.branch.fork, ids);
    for (const id of (await this.store.locateInBranch(held.branch, ids)).keys()) used.add(id);
    const { head } = held.branch;
    try {
      this.#check(blocks, { ...head, index: head.length }, used);
    } catch (error) {
      // What its peer cannot continue is not worth keeping; one bad block by gossip says nothing of the branch.
      if (from === held.peer) await this.#branches.drop(held.peer);
      throw error;
    }
    const longer = await this.#branches.extend(held, blocks);
    if (longer.branch.head.length > this.head.length) await this.#adopt(longer, from);
  }

  /**
   * A reorganisation: the store finds what goes and what comes and applies both at once; then the mempool follows,
   * then one event tells it.
   */
  async #adopt(held: HeldBranch, from: string | null): Promise<void> {
    const oldHead = this.head;
    const at = this.now();
    const adoption: Adoption = await this.store.adopt(held.branch, at);
    this.#branches.adopted(held);
    this.mempool.remove(adoption.included);
    for (const entry of adoption.returned) this.mempool.add(entry);
    await this.#branches.prune(adoption.fork);
    this.emit('reorg', {
      fork: adoption.fork,
      removed: adoption.removed,
      added: adoption.head.length - adoption.fork,
      oldHead,
      newHead: adoption.head,
      returned: adoption.returned.map((entry) => entry.transaction.id),
      from,
      at,
    });
  }

  /** @throws InvalidBlock naming the first block that does not follow */
  #check(blocks: readonly Block[], first: Parent, used: Set<string>): void {
    const isUsed = (id: string) => used.has(id);
    let parent = first;
    for (const block of blocks) {
      try {
        this.rules.checkBlock(block, parent, isUsed);
      } catch (error) {
        if (error instanceof InvalidBlock)
          throw new InvalidBlock(error.code, `block ${block.index}: ${error.message}`);
        throw error;
      }
      for (const id of block.ids) used.add(id);
      parent = block;
    }
  }

  async #parentAt(index: number): Promise<Parent> {
    return (await this.store.blockAt(index)) as Block;
  }

  /** Which of these transactions our chain holds up to this index. */
  async #usedUpTo(index: number, ids: readonly string[]): Promise<Set<string>> {
    const found = await this.store.locate(ids);
    return new Set([...found].filter(([, at]) => at <= index).map(([id]) => id));
  }
}
