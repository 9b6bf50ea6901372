import type { Block } from '../chain/index.js';
import type { BlockStore } from '../storage/index.js';
import { heardLater } from './heard-later.js';

/**
 * Which of some transactions our chain holds. It is looked for at once, while those before have the store, and brought up
 * to date when they have changed our chain.
 */
export class IdLookup {
  #found: Promise<Map<string, number>>;
  /** Of blocks that came after we looked. */
  readonly #since = new Map<string, number>();

  constructor(
    private readonly store: Pick<BlockStore, 'locate'>,
    private readonly ids: readonly string[],
  ) {
    this.#found = this.#look();
  }

  /** Our chain has grown by these. */
  grown(blocks: readonly Block[]): void {
    for (const { ids, index } of blocks) for (const id of ids) this.#since.set(id, index);
  }

  /** Our chain is another one. */
  replaced(): void {
    this.#since.clear();
    this.#found = this.#look();
  }

  /** Ids of those in the blocks up to this index, and of others that came into our chain since. */
  async upTo(index: number): Promise<Set<string>> {
    const used = new Set<string>();
    for (const found of [await this.#found, this.#since])
      for (const [id, at] of found) if (at <= index) used.add(id);
    return used;
  }

  #look(): Promise<Map<string, number>> {
    return heardLater(this.store.locate(this.ids));
  }
}

/** The lookups of those who wait for the store. */
export class IdLookups {
  /**
   * Places are used again. Where lookups moved up in a list, or came and went in a set, the lists that V8 leaves behind
   * would keep what has ended alive until its next full collection.
   */
  readonly #waiting: (IdLookup | undefined)[] = [];

  constructor(private readonly store: Pick<BlockStore, 'locate'>) {}

  begin(ids: readonly string[]): IdLookup {
    const lookup = new IdLookup(this.store, ids);
    const free = this.#waiting.indexOf(undefined);
    this.#waiting[free === -1 ? this.#waiting.length : free] = lookup;
    return lookup;
  }

  end(lookup: IdLookup): void {
    this.#waiting[this.#waiting.indexOf(lookup)] = undefined;
  }

  /** Our chain has grown by these. */
  grown(blocks: readonly Block[]): void {
    for (const lookup of this.#waiting) lookup?.grown(blocks);
  }

  /** Our chain is another one. */
  replaced(): void {
    for (const lookup of this.#waiting) lookup?.replaced();
  }
}
