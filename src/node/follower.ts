/**
 * Keeps our chain the longest valid one this node knows, and the mempool in step with it. Every change goes through
 * one lock: it is checked, stored, and only then told.
 */
import { type Bounds, UNCOUNTED } from '../bounds.js';
import {
  type Block,
  locatorIndexes,
  type Mempool,
  type Parent,
  type PendingTransaction,
  type Rules,
} from '../chain/index.js';
import { Serial } from '../serial.js';
import { type Adoption, type BlockStore, type Head, UnreadableBranch } from '../storage/index.js';
import { type Admission, admissionsOf } from './admission.js';
import { BRANCH_TIDY_MS, MAX_BRANCH_BYTES } from './constants.js';
import type { Emit, Source } from './events.js';
import { type HeldBranch, HeldBranches } from './held-branches.js';
import type { Extension, Outcome } from './outcome.js';
import { Segment } from './segment.js';

export class ChainFollower {
  readonly #lock = new Serial();
  readonly #branches: HeldBranches;
  #tidying: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: BlockStore,
    private readonly rules: Rules,
    private readonly mempool: Mempool,
    private readonly emit: Emit,
    private readonly now: () => number = Date.now,
    private readonly bounds: Bounds = UNCOUNTED,
    /** Told how many canonical bytes of others' blocks have been stored, in our chain or aside. */
    private readonly grown: (bytes: number) => void = () => {},
    /** A clock in milliseconds that never goes back. */
    steady: () => number = () => performance.now(),
  ) {
    this.#branches = new HeldBranches(store, steady, bounds);
  }

  get head(): Head {
    return this.store.head;
  }

  /** Heads of the branches that are as long as our chain. */
  get tiedHeads(): string[] {
    return this.#branches.headsOfLength(this.head.length);
  }

  /** Takes up what was pending when the store was closed, and lets go of branches from then on. */
  async start(): Promise<void> {
    await this.#lock.run(async () => {
      for (const entry of await this.store.pending()) this.mempool.add(entry);
    });
    // The store tells of its own trouble.
    this.#tidying = setInterval(() => void this.tidy().catch(() => {}), BRANCH_TIDY_MS).unref();
  }

  /** Lets go of branches whose peers have stopped sending: asked for now and then, since a quiet network changes nothing. */
  async tidy(): Promise<void> {
    await this.#lock.run(() => this.#branches.dropIdle());
  }

  /** Resolves when everything asked so far is done. */
  async stop(): Promise<void> {
    clearInterval(this.#tidying);
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
  async extend(blocks: readonly Block[], peer: string, promised: number): Promise<Extension> {
    // As far as may be while those before are stored.
    const segment = new Segment(blocks, this.rules);
    return await this.#lock.run(() => this.#extend(segment, peer, promised));
  }

  /** Offers a transaction that may be sent, and keeps it on disk if it is new and there is room. */
  async admit(entry: PendingTransaction): Promise<Admission> {
    const [admission] = await this.admitAll([entry]);
    return admission as Admission;
  }

  /** The same for several, each with another id, in one write. @returns what became of each */
  admitAll(entries: readonly PendingTransaction[]): Promise<Admission[]> {
    return this.#lock.run(async () => {
      const inChain = await this.store.locate(entries.map(({ transaction }) => transaction.id));
      const admissions = admissionsOf(entries, this.mempool, inChain);
      const admitted = entries.filter((_, at) => admissions[at] === 'pending');
      if (admitted.length > 0) await this.store.addPending(admitted);
      for (const entry of admitted) {
        const { transaction, from, receivedAt: at } = entry;
        this.mempool.add(entry);
        this.emit('transaction', { transaction, from, at });
      }
      const refused = new Set(entries.filter((_, at) => admissions[at] === 'full').map(({ from }) => from));
      for (const from of refused) if (from !== null) this.bounds.hit('mempool', from);
      return admissions;
    });
  }

  async #offer(block: Block, from: string | null): Promise<Outcome> {
    const { head } = this;
    if (block.previous_hash === head.hash) {
      await this.#append(this.#alone(block), from === null ? 'own' : 'gossip', from);
      return 'appended';
    }
    if ((await this.store.indexOf(block.hash)) !== undefined || this.#branches.endingWith(block.hash))
      return 'known';
    const held = this.#branches.endingWith(String(block.previous_hash));
    if (held !== undefined) {
      // Its own peer is about to bring what comes next, and another's block must not stand in its way: who has that brings its own.
      if (held.peer !== from && held.branch.head.length < held.promised) return 'orphan';
      if (!(await this.#extendBranch(held, this.#alone(block), from))) return 'stale';
      if (this.head.hash === block.hash) return 'adopted';
      this.emit('fork', { block, fork: held.branch.fork, head: this.head, from, at: this.now() });
      return 'kept';
    }
    if (block.index < head.length) return 'stale';
    const fork = await this.store.indexOf(String(block.previous_hash));
    if (fork === undefined) return 'orphan';
    const segment = this.#alone(block);
    segment.check(await this.#parentAt(fork), await this.#used(segment, fork));
    if (from === null) {
      // Ours, found as another came in. Nobody is told of it, so that it stays alone: it is no branch, and no tie.
      this.emit('fork', { block, fork, head, from, at: this.now() });
      return 'stale';
    }
    const begun = await this.#branches.begin(from, fork, block.index);
    if (begun === undefined) return 'stale';
    await this.#branches.extend(begun, [block]);
    this.grown(block.bytes.length);
    this.emit('fork', { block, fork, head, from, at: this.now() });
    return 'kept';
  }

  #alone(block: Block): Segment {
    return new Segment([block], this.rules);
  }

  /** Ids of a segment's transactions that the blocks of our chain up to this index have. */
  async #used({ ids }: Segment, index: number): Promise<Set<string>> {
    const used = new Set<string>();
    for (const [id, at] of await this.store.locate(ids)) if (at <= index) used.add(id);
    return used;
  }

  async #extend(offered: Segment, peer: string, promised: number): Promise<Extension> {
    const segment = offered.after(await this.#countOfOurs(offered.blocks));
    const { blocks } = segment;
    const [first] = blocks;
    if (first === undefined) return 'known';
    if (blocks.at(-1)!.index > promised) return 'refused';
    if (first.previous_hash === this.head.hash) {
      await this.#append(segment, 'sync', peer);
      return 'extended';
    }
    const held = await this.#branchFor(first, peer, promised);
    if (typeof held === 'string') return held;
    return (await this.#extendBranch(held, segment, peer)) ? 'extended' : 'refused';
  }

  /** How many of the first blocks our chain has. */
  async #countOfOurs(blocks: readonly Block[]): Promise<number> {
    let count = 0;
    for (const block of blocks) {
      if (block.index > this.head.length || (await this.store.hashAt(block.index)) !== block.hash) break;
      count++;
    }
    return count;
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

  async #append(segment: Segment, source: Source, from: string | null): Promise<void> {
    const { length } = this.head;
    const { blocks, ids } = segment;
    segment.check(parentOf(this.head), await this.#used(segment, length));
    await this.store.append(blocks);
    if (from !== null) this.grown(segment.bytes);
    this.mempool.remove(ids);
    this.#tell(blocks, source, from);
    // Tidying up may fail, as where the disk is full: what is stored has been told by then.
    await this.#branches.prune(length);
  }

  #tell(blocks: readonly Block[], source: Source, from: string | null): void {
    const at = this.now();
    for (const block of blocks) this.emit('block', { block, source, from, at });
  }

  /** @returns whether there was room for it; the branch is dropped where there was none */
  async #extendBranch(held: HeldBranch, segment: Segment, from: string | null): Promise<boolean> {
    if (held.branch.bytes + segment.bytes > Math.max(MAX_BRANCH_BYTES, this.store.bytes)) {
      await this.#branches.drop(held.peer);
      this.bounds.hit('branch-bytes', held.peer);
      return false;
    }
    const used = await this.#used(segment, held.branch.fork);
    for (const id of (await this.store.locateInBranch(held.branch, segment.ids)).keys()) used.add(id);
    try {
      segment.check(parentOf(held.branch.head), used);
    } catch (error) {
      // What its peer cannot continue is not worth keeping; one bad block by gossip says nothing of the branch.
      if (from === held.peer) await this.#branches.drop(held.peer);
      throw error;
    }
    const longer = await this.#branches.extend(held, segment.blocks);
    this.grown(segment.bytes);
    if (longer.branch.head.length > this.head.length) await this.#adopt(longer, from);
    return true;
  }

  /**
   * A reorganisation: the store finds what goes and what comes and applies both at once; then the mempool follows,
   * then one event tells it.
   */
  async #adopt(held: HeldBranch, from: string | null): Promise<void> {
    const oldHead = this.head;
    const at = this.now();
    const adoption = await this.#adopted(held, at);
    this.#branches.adopted(held);
    this.mempool.remove(adoption.included);
    for (const entry of adoption.returned) this.mempool.add(entry);
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
    await this.#branches.prune(adoption.fork);
  }

  async #adopted({ branch, peer }: HeldBranch, at: number): Promise<Adoption> {
    try {
      return await this.store.adopt(branch, at);
    } catch (error) {
      // It may come again. Where it is our own chain that cannot be read, that would be without end.
      if (error instanceof UnreadableBranch) await this.#branches.drop(peer);
      throw error;
    }
  }

  async #parentAt(index: number): Promise<Parent> {
    return (await this.store.blockAt(index)) as Block;
  }
}

/** The head as the block that others follow. */
function parentOf({ length, hash, proof }: Head): Parent {
  return { index: length, hash, proof };
}
