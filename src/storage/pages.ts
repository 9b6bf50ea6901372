/**
 * All pages of our chain: those in the store, and the one that grows; and, in memory, in which of them what is looked for may
 * be. Unchanging, though what follows can be added only once: {@link Pages.upTo} makes others, to be gone on with apart.
 */
import type { Change, Database, Snapshot } from './database.js';
import { addTo } from './groups.js';
import { layout } from './layout.js';
import { type Marked, markOf } from './mark.js';
import { MarkTable } from './mark-table.js';
import { type Candidate, candidatesIn, firstIn, marksIn, OpenPage, PAGE_BLOCKS } from './page.js';

export class Pages {
  private constructor(
    private readonly pageBlocks: number,
    /** Of those in the store, the index of the last block of each, by their numbers: in no order. */
    private readonly closed: readonly number[],
    private readonly open: OpenPage,
    /** Of these pages, by their numbers, and of others that went on from the same. */
    private readonly table: MarkTable,
  ) {}

  /**
   * Those in the store, up to the one that ends with this block; 0 where there is none.
   *
   * @throws StorageError `damaged`
   */
  static async load(db: Database, last: number, pageBlocks = PAGE_BLOCKS): Promise<Pages> {
    const closed: number[] = [];
    const table = new MarkTable();
    for (let next = last; next > 0; ) {
      const record = await recordOf(db, next);
      const first = firstIn(record);
      // Each begins where the one before ended: there is always one less to come.
      if (first === undefined || !(first >= 1 && first <= next)) unreadable(db, next);
      for (const mark of marksIn(record)) table.add(mark, closed.length);
      closed.push(next);
      next = first - 1;
    }
    return new Pages(pageBlocks, closed, OpenPage.at(last + 1), table);
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
    const { closed, table } = this;
    const open = this.open.with(blocks);
    open.since(this.open).forEach((mark) => {
      table.add(mark, closed.length);
    });
    return new Pages(this.pageBlocks, closed, open, table);
  }

  /** Where the page that grows is full: with another one after it, and what is to be written of it. */
  turned(): { pages: Pages; changes: Change[] } {
    if (!this.open.isFull(this.pageBlocks)) return { pages: this, changes: [] };
    const { last, record } = this.open;
    return {
      pages: new Pages(this.pageBlocks, [...this.closed, last], OpenPage.at(last + 1), this.table),
      changes: [{ type: 'put', key: layout.page(last), value: record }],
    };
  }

  /** Up to the block of this index, to be gone on with apart; undefined where that is in a page of the store. */
  upTo(index: number): Pages | undefined {
    const open = this.open.upTo(index);
    return open && new Pages(this.pageBlocks, this.closed, open, this.table);
  }

  /** Where pages of the store stand that reach beyond the block of this index. */
  keysBeyond(index: number): string[] {
    return this.closed.filter((last) => last > index).map(layout.page);
  }

  /** Whether there is nothing to be found: nearly always, of what is not there. */
  hasNot(digest: string): boolean {
    return !this.table.mayHave(markOf(digest));
  }

  /**
   * The blocks that may have these hashes, or transactions of these ids. A page is read once, however many of them it may have.
   *
   * @throws StorageError `damaged`
   */
  async candidates(db: Database, digests: readonly string[], snapshot?: Snapshot): Promise<Candidate[]> {
    const wanted = new Map<number, string[]>();
    for (const digest of digests)
      for (const number of this.table.pagesWith(markOf(digest))) addTo(wanted, number, digest);
    const found: Candidate[] = [];
    for (const [number, all] of wanted) {
      const last = this.closed[number];
      // Of a page that is neither, another chain went on from the same as ours.
      if (number === this.closed.length) for (const each of this.open.candidates(all)) found.push(each);
      else if (last !== undefined) {
        const record = await recordOf(db, last, snapshot);
        for (const each of candidatesIn(record, all) ?? unreadable(db, last)) found.push(each);
      }
    }
    return found;
  }
}

async function recordOf(db: Database, last: number, snapshot?: Snapshot): Promise<Buffer> {
  return (await db.get(layout.page(last), snapshot)) ?? Buffer.alloc(0);
}

function unreadable(db: Database, last: number): never {
  throw db.damaged(`the page of its index that ends with block ${last} is not what was stored`);
}
