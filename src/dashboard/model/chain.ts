/** The chain as far as it is looked at: only the blocks that are shown are fetched. */
import type { Head } from '../node/answers.js';
import { api } from '../node/api.js';
import { type ShownBlock, shownBlock } from './block.js';

/** Blocks fetched at once. */
const PAGE = 50;
/** Blocks kept: some screens full in each direction. */
const KEPT = 1_000;
/** And characters of their text, if what is looked at has no more: a block can have a million of them. */
const KEPT_TEXT = 32 << 20;

export class Chain {
  #head: Head | undefined;
  readonly #blocks = new Map<number, ShownBlock>();
  readonly #asked = new Set<number>();
  /** What is looked at: the first index and the last. */
  #wanted: readonly [first: number, last: number] = [1, 0];
  /** Counts the times when blocks were found to be no longer true. */
  #cuts = 0;

  constructor(private readonly changed: () => void) {}

  get head(): Head | undefined {
    return this.#head;
  }

  get length(): number {
    return this.#head?.length ?? 0;
  }

  /** Undefined while it is not here yet. */
  at(index: number): ShownBlock | undefined {
    return this.#blocks.get(index);
  }

  /** Takes a block that follows our head. @returns whether it does */
  append(block: ShownBlock): boolean {
    if (block.index !== this.length + 1 || block.previousHash !== this.#head?.hash) return false;
    this.#head = { length: block.index, hash: block.hash };
    this.#blocks.set(block.index, block);
    this.#trim();
    this.changed();
    return true;
  }

  setHead(head: Head): void {
    if (head.hash === this.#head?.hash && head.length === this.#head.length) return;
    const known = this.#blocks.get(head.length);
    if (known !== undefined && known.hash !== head.hash) this.cutAfter(0);
    this.#head = head;
    for (const index of this.#blocks.keys()) if (index > head.length) this.#blocks.delete(index);
    this.changed();
  }

  /** What stands after this index is not true any more. */
  cutAfter(fork: number): void {
    this.#cuts++;
    this.#asked.clear();
    for (const index of this.#blocks.keys()) if (index > fork) this.#blocks.delete(index);
    this.askAgain();
    this.changed();
  }

  /** Makes sure that these blocks are here, or on their way. */
  want(first: number, last: number): void {
    this.#wanted = [first, last];
    this.askAgain();
    this.#trim();
  }

  /** For what is wanted, and neither here nor on its way: the node may have been away. */
  askAgain(): void {
    const [first, last] = this.#wanted;
    for (let index = Math.max(1, first); index <= Math.min(last, this.length); index++) {
      if (!this.#blocks.has(index)) void this.#fetch(Math.floor((index - 1) / PAGE));
    }
  }

  async #fetch(page: number): Promise<void> {
    if (this.#asked.has(page)) return;
    this.#asked.add(page);
    const cuts = this.#cuts;
    try {
      const { chain } = await api.chain(page * PAGE + 1, PAGE);
      if (cuts !== this.#cuts) return;
      for (const fields of chain) {
        const block = shownBlock(fields);
        if (block.index <= this.length) this.#blocks.set(block.index, block);
      }
      this.#trim();
      this.changed();
    } catch {
      // The node is away: what is wanted is asked for again when it is back.
    } finally {
      if (cuts === this.#cuts) this.#asked.delete(page);
    }
  }

  /** Also where the chain grows while nobody looks: in a hidden tab nothing is wanted any more. */
  #trim(): void {
    const [first, last] = this.#wanted;
    const middle = (first + last) / 2;
    const distance = (index: number) => Math.abs(index - middle);
    if (this.#blocks.size > KEPT) {
      for (const index of this.#blocks.keys()) if (distance(index) > KEPT / 2) this.#blocks.delete(index);
    }
    let text = 0;
    for (const block of this.#blocks.values()) text += block.text.length;
    if (text <= KEPT_TEXT) return;
    // Without what is looked at it would be fetched again at once.
    const others = [...this.#blocks.values()].filter(({ index }) => index < first || index > last);
    for (const block of others.sort((a, b) => distance(b.index) - distance(a.index))) {
      this.#blocks.delete(block.index);
      text -= block.text.length;
      if (text <= KEPT_TEXT) return;
    }
  }
}
