/** The chain, its indexes, branches and pending transactions on LevelDB or in memory. */
import { type Block, idsIn, type NetworkSpec, type PendingTransaction } from '../chain/index.js';
import { reasonOf } from '../reason.js';
import { Serial } from '../serial.js';
import { beginAdoption, checkReadable, finishAdoption, openAdoption, reachedBy } from './adoption.js';
import type { Adoption, BlockStore, Branch, ChainSnapshot, Head, ReplacedBlock } from './block-store.js';
import { Branches } from './branches.js';
import { ChainEnd } from './chain-end.js';
import { PinnedChain } from './chain-snapshot.js';
import { ChainView } from './chain-view.js';
import { type Backend, Database, type Writes } from './database.js';
import { isDamage, StorageError, type StorageErrorCode } from './errors.js';
import { checkFormat } from './format.js';
import { layout } from './layout.js';
import { PAGE_BLOCKS } from './page.js';
import { PendingTable } from './pending-table.js';
import { headOf, type OrderedPending, pendingOf } from './records.js';

/** What there is while the store is open. */
interface Opened {
  readonly db: Database;
  readonly branches: Branches;
  readonly pending: PendingTable;
  /** What readers see. */
  view: ChainView;
}

export class LevelBlockStore implements BlockStore {
  readonly #writer = new Serial();
  #opened: Opened | undefined;
  /** The first of each kind since the store was opened. */
  readonly #troubles = new Map<StorageErrorCode, StorageError>();

  /** @param troubled told once of each kind of trouble after each opening; see {@link BlockStore.trouble} */
  constructor(
    private readonly backend: Backend,
    private readonly spec: NetworkSpec,
    private readonly troubled: (error: StorageError) => void = () => {},
    private readonly pageBlocks: number = PAGE_BLOCKS,
  ) {}

  async open(): Promise<void> {
    await this.#writer.run(async () => {
      if (this.#opened !== undefined) return;
      this.#troubles.clear();
      const db = new Database(await this.backend.open(), this.backend.place, this.#noteTrouble);
      try {
        this.#opened = await load(db, this.spec, this.pageBlocks);
      } catch (error) {
        // Whoever opens it is told by this.
        this.#troubles.clear();
        await db.close();
        await this.backend.discard();
        throw error;
      }
      for (const trouble of this.#troubles.values()) this.troubled(trouble);
    });
  }

  /** Changes not yet begun fail; an adoption under way is left to be finished at the next start. */
  async close(): Promise<void> {
    this.#opened?.db.refuseWrites(new StorageError('closed', 'the store is being closed'));
    await this.#writer.run(async () => {
      const { db } = this.#opened ?? {};
      this.#opened = undefined;
      await db?.close();
    });
  }

  async discard(): Promise<void> {
    await this.close();
    await this.backend.discard();
  }

  get trouble(): StorageError | undefined {
    const [first] = this.#troubles.values();
    return this.#troubles.get('not-writable') ?? first;
  }

  get head(): Head {
    return headOf(this.#view.tip);
  }

  get bytes(): number {
    return this.#view.tip.bytes;
  }

  get writes(): Writes {
    return this.#now.db.writes;
  }

  async blockAt(index: number): Promise<Block | undefined> {
    return await this.#reading((view) => view.blockAt(index));
  }

  async hashAt(index: number): Promise<string | undefined> {
    return await this.#reading((view) => view.hashAt(index));
  }

  async indexOf(hash: string): Promise<number | undefined> {
    return await this.#reading((view) => view.indexOf(hash));
  }

  async firstOf(hashes: readonly string[]): Promise<number | undefined> {
    return await this.#reading((view) => view.firstOf(hashes));
  }

  async locate(ids: readonly string[]): Promise<Map<string, number>> {
    return await this.#reading((view) => view.locate(ids));
  }

  async snapshot(): Promise<ChainSnapshot> {
    return new PinnedChain(this.#view.pin());
  }

  async pending(): Promise<PendingTransaction[]> {
    return await this.#reading((view) => view.pending());
  }

  async replaced(): Promise<ReplacedBlock[]> {
    return await this.#reading((view) => view.replaced());
  }

  async append(blocks: readonly Block[]): Promise<void> {
    if (blocks.length === 0) return;
    await this.#change(async (opened) => {
      const { end, changes } = opened.view.end.with(blocks);
      await opened.db.write([...changes, ...opened.pending.remove(idsIn(blocks))]);
      opened.view = new ChainView(opened.db, end);
    });
  }

  async addPending(entries: readonly PendingTransaction[]): Promise<void> {
    await this.#change(async ({ db, pending, view }) => {
      const inChain = await view.locate(entries.map(({ transaction }) => transaction.id));
      const changes = pending.add(entries.filter(({ transaction }) => !inChain.has(transaction.id)));
      if (changes.length > 0) await db.write(changes);
    });
  }

  async beginBranch(fork: number): Promise<Branch> {
    return await this.#change(({ branches, view }) => branches.begin(view, fork));
  }

  async extendBranch(branch: Branch, blocks: readonly Block[]): Promise<Branch> {
    return await this.#change(({ branches }) => branches.extend(branch, blocks));
  }

  async locateInBranch(branch: Branch, ids: readonly string[]): Promise<Map<string, number>> {
    return await this.#now.branches.locate(branch, ids);
  }

  async dropBranch(branch: Branch): Promise<void> {
    await this.#change(({ branches }) => branches.drop(branch));
  }

  async adopt(branch: Branch, at: number): Promise<Adoption> {
    return await this.#change(async (opened) => {
      const { db, branches, pending } = opened;
      const before = opened.view.pin();
      try {
        const adoptable = await branches.adoptable(branch, before);
        await checkReadable(db, adoptable, before.tip.length);
        const atFork = await ChainEnd.load(db, this.pageBlocks, adoptable.fork, before.end.pages);
        const current = opened.view;
        opened.view = before;
        // What they read is what is stored now.
        if (current !== before) await current.unread();
        const journal = await beginAdoption(db, adoptable, before.end, at);
        const { end, adoption } = await finishAdoption(db, pending, journal, atFork);
        branches.forget(adoptable);
        opened.view = new ChainView(db, end);
        return adoption;
      } finally {
        // One that failed half way leaves readers with the chain from before: nothing more is written anyway.
        if (opened.view !== before) await before.release();
      }
    });
  }

  readonly #noteTrouble = (error: StorageError) => {
    if (this.#troubles.has(error.code)) return;
    this.#troubles.set(error.code, error);
    if (this.#opened !== undefined) this.troubled(error);
  };

  /** Holds the view for the whole of a read: an adoption may end, and let go of its snapshot, between two steps of it. */
  async #reading<T>(read: (view: ChainView) => Promise<T>): Promise<T> {
    const view = this.#view.hold();
    try {
      return await read(view);
    } finally {
      await view.release();
    }
  }

  /** Runs a change after those before it. */
  #change<T>(make: (opened: Opened) => Promise<T>): Promise<T> {
    return this.#writer.run(() => make(this.#now));
  }

  get #view(): ChainView {
    return this.#now.view;
  }

  get #now(): Opened {
    if (this.#opened === undefined) throw new StorageError('closed', 'the store is not open');
    return this.#opened;
  }
}

/** Checks what is there and finishes what was cut off. */
async function load(db: Database, spec: NetworkSpec, pageBlocks: number): Promise<Opened> {
  try {
    await checkFormat(db, spec);
    const pending = new PendingTable(await storedPending(db));
    const journal = await openAdoption(db);
    if (journal !== undefined)
      await finishAdoption(db, pending, journal, await ChainEnd.load(db, pageBlocks, reachedBy(journal)));
    await db.clear(layout.allBranches);
    const view = new ChainView(db, await ChainEnd.load(db, pageBlocks));
    await dropIncluded(db, pending, view);
    return { db, branches: new Branches(db), pending, view };
  } catch (error) {
    if (error instanceof StorageError) throw error;
    throw db.damaged(reasonOf(error), error);
  }
}

async function storedPending(db: Database): Promise<OrderedPending[]> {
  const keys = await db.keys(layout.allPending);
  const entries = [];
  for await (const record of db.values(layout.allPending)) {
    const entry = pendingOf(record);
    const { id } = entry.transaction;
    if (keys[entries.length] !== layout.pending(id))
      throw db.damaged(`the pending transaction ${id} is not what was stored`);
    entries.push(entry);
  }
  return entries;
}

/**
 * Takes out of the pending transactions what our chain has. They were removed when it came in, but LevelDB may bring back
 * what was deleted, where a compaction has put two versions of a record in two tables; no block could be made with one.
 */
async function dropIncluded(db: Database, pending: PendingTable, view: ChainView): Promise<void> {
  // Where the index cannot be read back, whoever asks for one of them is told: the rest can be.
  const inChain = await view.locate(pending.ids).catch((error) => {
    if (isDamage(error)) return new Map<string, number>();
    throw error;
  });
  if (inChain.size > 0) await db.write(pending.remove([...inChain.keys()]));
}
