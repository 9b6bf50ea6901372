/**
 * All pages of our chain: those in the store, of which a filter each is in memory, and the one that grows. Unchanging, though
 * what follows can be added only once: {@link Pages.upTo} makes others, to be gone on with apart.
 */
import type { Change, Database, Snapshot } from './database.js';
import { layout } from './layout.js';
import { markOf } from './mark.js';
import { type ClosedPage, candidatesIn, type Marked, OpenPage, PAGE_BLOCKS, readPage } from './page.js';

export class Pages {
  private constructor(
    private readonly pageBlocks: number,
    private readonly closed: readonly ClosedPage[],
    private readonly open: OpenPage,
  ) {}

  static none(pageBlocks = PAGE_BLOCKS): Pages {
    return new Pages(pageBlocks, [], OpenPage.at(1));
  }

  /**
   * Those in the store, up to the one that ends with this block; 0 where there is none.
   *
   * @throws StorageError `damaged`
   */
  static async load(db: Database, last: number, pageBlocks: number): Promise<Pages> {
    const closed: ClosedPage[] = [];
    let next = last;
    while (next > 0) {
      const page = readPage(await recordOf(db, next), next);
      // Each begins where the one before ended: there is always one less to come.
      if (page === undefined || !(page.first >= 1 && page.first <= next)) throw unreadable(db, next);
      closed.push(page);
      next = page.first - 1;
    }
    return new Pages(pageBlocks, closed.reverse(), OpenPage.at(last + 1));
  }

  /** Index of the last block that a page in the store has; 0 where there is none. */
  get last(): number {
    return this.open.first - 1;
  }

  /** Index of the block that follows. */
  get next(): number {
    return this.open.last + 1;
  }

  /** With the blocks that follow. */
  with(blocks: readonly Marked[]): Pages {
    return new Pages(this.pageBlocks, this.closed, this.open.with(blocks));
  }

  /** Where the page that grows is full: with another one after it, and what is to be written of it. */
  turned(): { pages: Pages; changes: Change[] } {
    if (!this.open.isFull(this.pageBlocks)) return { pages: this, changes: [] };
    const { page, record } = this.open.closed();
    const { last } = page;
    return {
      pages: new Pages(this.pageBlocks, [...this.closed, page], OpenPage.at(last + 1)),
      changes: [{ type: 'put', key: layout.page(last), value: record }],
    };
  }

  /** Up to the block of this index, to be gone on with apart; undefined where that is in a page of the store. */
  upTo(index: number): Pages | undefined {
    const open = this.open.upTo(index);
    return open && new Pages(this.pageBlocks, this.closed, open);
  }

  /** Where pages of the store stand that reach beyond the block of this index. */
  keysBeyond(index: number): string[] {
    return this.closed.filter(({ last }) => last > index).map(({ last }) => layout.page(last));
  }

  /**
   * Indexes of the blocks that may have this hash, or a transaction of this id, newest first.
   *
   * @throws StorageError `damaged`
   */
  async candidates(db: Database, digest: string, snapshot?: Snapshot): Promise<number[]> {
    const mark = markOf(digest);
    const found = [...this.open.candidates(mark)];
    for (let at = this.closed.length - 1; at >= 0; at--) {
      const { last, filter } = this.closed[at] as ClosedPage;
      if (!filter.mayHave(mark)) continue;
      const more = candidatesIn(await recordOf(db, last, snapshot), mark);
      if (more === undefined) throw unreadable(db, last);
      found.push(...more);
    }
    return found;
  }

  /** Whether there is nothing to be found: nearly always, of what is not there. */
  hasNot(digest: string): boolean {
    const mark = markOf(digest);
    for (const { filter } of this.closed) if (filter.mayHave(mark)) return false;
    return !this.open.mayHave(mark);
  }
}

async function recordOf(db: Database, last: number, snapshot?: Snapshot): Promise<Buffer> {
  return (await db.get(layout.page(last), snapshot)) ?? Buffer.alloc(0);
}

function unreadable(db: Database, last: number): Error {
  return db.damaged(`the page of its index that ends with block ${last} is not what was stored`);
}
