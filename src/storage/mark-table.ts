/**
 * In which pages a mark may be: a hash table of 16 bits of each mark and the number of its page, in memory. It may name a page
 * that has no such mark, which costs a look at it; it never leaves one out.
 */
import { randomInt } from 'node:crypto';

const FIRST_SLOTS = 1 << 14;
const MOST_SLOTS = 1 << 17;
/** Of a table that is fuller the slots of a mark are found slowly. */
const FULLEST = 0.75;
const PAGE_BITS = 16;
const MOST_PAGES = 2 ** PAGE_BITS - 1;
const MOST_TAG = 0xffff;
/** The tag is of the upper bits of a mark. */
const TAG_FROM = 2 ** 20;

/**
 * What was added stays: pages that are there no more are named as long as the table is kept. 5 bytes for every block of the chain
 * and every payment, half a MiB at a time; each such part is looked into for what is looked for.
 */
export class MarkTable {
  /** Where a mark's slots are in one does not tell where they are in a larger one: there are several. */
  readonly #parts: Uint32Array[] = [];
  #free = 0;
  /** Odd. Who makes transactions could give many of them marks that end alike, and does not know where those go. */
  readonly #key = randomInt(2 ** 31) * 2 + 1;

  /**
   * @param page its number, below 65,535: there are as many in a chain of 268 million blocks, or of 100 GB full of payments
   * @throws RangeError
   */
  add(mark: number, page: number): void {
    if (page >= MOST_PAGES) throw new RangeError(`a chain has at most ${MOST_PAGES} pages`);
    if (this.#free === 0) this.#grow();
    const slots = this.#parts.at(-1) as Uint32Array;
    const entry = ((tagOf(mark) << PAGE_BITS) | (page + 1)) >>> 0;
    const last = slots.length - 1;
    let at = this.#slotOf(mark, slots);
    while (slots[at] !== 0) {
      if (slots[at] === entry) return;
      at = (at + 1) & last;
    }
    slots[at] = entry;
    this.#free--;
  }

  /** Whether any page may have it: asked of all that is looked for, and nearly never so. */
  mayHave(mark: number): boolean {
    const tag = tagOf(mark);
    for (const slots of this.#parts) if (next(slots, this.#slotOf(mark, slots), tag) !== -1) return true;
    return false;
  }

  /** Numbers of the pages that may have it. */
  pagesWith(mark: number): number[] {
    const tag = tagOf(mark);
    const pages: number[] = [];
    for (const slots of this.#parts)
      for (let at = next(slots, this.#slotOf(mark, slots), tag); at !== -1; at = next(slots, at + 1, tag))
        pages.push(((slots[at] as number) & MOST_PAGES) - 1);
    return pages;
  }

  /** Where its slots begin: by the top bits of a product, which depend on all others (Knuth, TAOCP 3, 6.4). */
  #slotOf(mark: number, slots: Uint32Array): number {
    return Math.imul(mark, this.#key) >>> (Math.clz32(slots.length) + 1);
  }

  #grow(): void {
    const slots = new Uint32Array(Math.min(MOST_SLOTS, FIRST_SLOTS * 2 ** this.#parts.length));
    this.#parts.push(slots);
    this.#free = slots.length * FULLEST;
  }
}

function tagOf(mark: number): number {
  return (mark / TAG_FROM) & MOST_TAG;
}

/** The slot with this tag that comes next, from one on; -1 where a free one comes first. */
function next(slots: Uint32Array, from: number, tag: number): number {
  const last = slots.length - 1;
  for (let at = from & last; slots[at] !== 0; at = (at + 1) & last)
    if ((slots[at] as number) >>> PAGE_BITS === tag) return at;
  return -1;
}
