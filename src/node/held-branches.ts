/** The competing chains a node keeps aside, one a peer, until one of them is longer than its own. */
import { type Bounds, UNCOUNTED } from '../bounds.js';
import type { Block } from '../chain/index.js';
import type { BlockStore, Branch } from '../storage/index.js';
import { BRANCH_GRACE_MS, BRANCH_IDLE_MS, MAX_BRANCHES } from './constants.js';

/** A branch and whom it came from. */
export interface HeldBranch {
  readonly peer: string;
  readonly branch: Branch;
  /** The length its peer promised: it may not grow beyond. */
  readonly promised: number;
  /** When it began, and when it last grew, in ms of a clock that never goes back. */
  readonly begunAt: number;
  readonly grownAt: number;
}

export class HeldBranches {
  readonly #store: BlockStore;
  readonly #now: () => number;
  readonly #bounds: Bounds;
  readonly #held = new Map<string, HeldBranch>();

  constructor(store: BlockStore, now: () => number, bounds: Bounds = UNCOUNTED) {
    this.#store = store;
    this.#now = now;
    this.#bounds = bounds;
  }

  of(peer: string): HeldBranch | undefined {
    return this.#held.get(peer);
  }

  endingWith(hash: string): HeldBranch | undefined {
    return [...this.#held.values()].find(({ branch }) => branch.head.hash === hash);
  }

  /** The heads of the branches of this length. */
  headsOfLength(length: number): string[] {
    return [...this.#held.values()]
      .map(({ branch }) => branch.head)
      .filter((head) => head.length === length)
      .map((head) => head.hash);
  }

  /**
   * Begins a branch for a peer in place of any it had.
   *
   * @returns undefined where all places are taken by branches that promise no less, and grow or have just begun
   */
  async begin(peer: string, fork: number, promised: number): Promise<HeldBranch | undefined> {
    await this.drop(peer);
    await this.dropIdle();
    if (this.#held.size >= MAX_BRANCHES) {
      this.#bounds.hit('branches', peer);
      const loser = this.#loser(promised);
      if (loser === undefined) return undefined;
      await this.drop(loser.peer);
    }
    const begunAt = this.#now();
    const branch = await this.#store.beginBranch(fork);
    return this.#hold({ peer, promised, branch, begunAt, grownAt: begunAt });
  }

  /**
   * Whom a newcomer takes the place of: who promises less, or else the slowest of those that had their time. Promises
   * cost nothing: eight that promise the most and trickle must not keep a longer chain out.
   */
  #loser(promised: number): HeldBranch | undefined {
    const held = [...this.#held.values()];
    const least = held.reduce((a, b) => (b.promised < a.promised ? b : a));
    if (least.promised < promised) return least;
    const now = this.#now();
    const speed = ({ branch, begunAt }: HeldBranch) => (branch.head.length - branch.fork) / (now - begunAt);
    return held
      .filter(({ begunAt }) => now - begunAt > BRANCH_GRACE_MS)
      .sort((a, b) => speed(a) - speed(b))[0];
  }

  async extend(held: HeldBranch, blocks: readonly Block[]): Promise<HeldBranch> {
    const branch = await this.#store.extendBranch(held.branch, blocks);
    const promised = Math.max(held.promised, branch.head.length);
    return this.#hold({ ...held, branch, promised, grownAt: this.#now() });
  }

  /** Forgets a branch that the store has made our chain. */
  adopted(held: HeldBranch): void {
    this.#held.delete(held.peer);
  }

  async drop(peer: string): Promise<void> {
    const held = this.#held.get(peer);
    if (held === undefined) return;
    this.#held.delete(peer);
    await this.#store.dropBranch(held.branch);
  }

  /**
   * After our chain has changed: drops the branches that are complete and shorter, and those that left our chain
   * at a block it no longer has.
   *
   * @param fork where our chain changed; its length where it only grew
   */
  async prune(fork: number): Promise<void> {
    const { length } = this.#store.head;
    for (const { peer, branch, promised } of [...this.#held.values()]) {
      if (branch.fork > fork || Math.max(promised, branch.head.length) < length) await this.drop(peer);
    }
    await this.dropIdle();
  }

  #hold(held: HeldBranch): HeldBranch {
    this.#held.set(held.peer, held);
    return held;
  }

  /** A complete branch of our length is a tie worth showing; one that stopped growing before its promise is not. */
  async dropIdle(): Promise<void> {
    const oldest = this.#now() - BRANCH_IDLE_MS;
    for (const { peer, branch, promised, grownAt } of [...this.#held.values()]) {
      if (branch.head.length < promised && grownAt < oldest) await this.drop(peer);
    }
  }
}
