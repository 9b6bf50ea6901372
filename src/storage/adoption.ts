/**
 * A branch becomes our chain. A durable journal is written first; then every bounded batch moves the journal on
 * along with what it does, so that after a crash the next start goes on exactly where it stopped:
 *
 * 1. `out`: our blocks after the fork lose their place in the indexes; their payments are pending again.
 * 2. `in`: the branch's blocks take their places; what they pay is pending no longer.
 * 3. the head moves, the journal is gone.
 *
 * All of `out` comes before `in`, since the same transaction may stand in both, at different indexes. Readers are
 * given a snapshot from before, until the head has moved.
 */
import { type Block, decodeBlock, detached, identified, type PendingTransaction } from '../chain/index.js';
import type { Adoption, Branch, Head } from './block-store.js';
import { blockOut, blocksIn } from './chain-changes.js';
import { ChainView, REPLACED_KEPT } from './chain-view.js';
import type { Change, Database } from './database.js';
import { StorageError } from './errors.js';
import { RecentHashes } from './hash-pages.js';
import { layout } from './layout.js';
import type { PendingTable } from './pending-table.js';
import { blockRecord, headOf, jsonOf, jsonRecord, replacedRecord, type Tip } from './records.js';
import { wholeBlock } from './stored-block.js';

/** A batch has at most so many blocks, and no more blocks once it has so many bytes. */
const BATCH = { blocks: 500, bytes: 1 << 20 };

export interface Journal {
  readonly branch: string;
  readonly fork: number;
  /** Our head before. */
  readonly from: Tip;
  /** Our head after. */
  readonly to: Head;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Number of the first block that this adoption keeps among the replaced ones. */
  readonly replaced: number;
  readonly step: 'out' | 'in';
  /** Index of the block whose turn it is. */
  readonly next: number;
  /** Canonical bytes of our chain, as far as it has come. */
  readonly bytes: number;
}

/** Writes down what is to be done. */
export async function beginAdoption(
  db: Database,
  { id, fork, head }: Branch,
  from: Tip,
  at: number,
): Promise<Journal> {
  const [last] = await db.keys({ ...layout.allReplaced, reverse: true, limit: 1 });
  const replaced = last === undefined ? 0 : layout.numberIn(last) + 1;
  const { bytes } = from;
  const journal: Journal = {
    branch: id,
    fork,
    from,
    to: head,
    at,
    replaced,
    step: 'out',
    next: fork + 1,
    bytes,
  };
  await db.write([journalPut(journal)]);
  return journal;
}

/** The journal of an adoption that was cut off. */
export async function openAdoption(db: Database): Promise<Journal | undefined> {
  const record = await db.get(layout.adoption);
  return record && jsonOf<Journal>(record);
}

/**
 * Does what the journal says, from where it stands.
 *
 * @param known hashes of our chain before, as far as they are: those that are not are read with their blocks
 */
export async function finishAdoption(
  db: Database,
  pending: PendingTable,
  begun: Journal,
  known: RecentHashes,
): Promise<{ view: ChainView; adoption: Adoption }> {
  const run = new AdoptionRun(db, pending, begun, known);
  try {
    while (!run.done) await run.step();
    return await run.moveHead();
  } catch (error) {
    // Half way between two chains nothing else may be written; the next start tries again.
    db.refuseWrites(error instanceof StorageError ? error : db.damaged('an adoption failed', error));
    throw error;
  }
}

class AdoptionRun {
  #journal: Journal;
  readonly #returned = new Map<string, PendingTransaction>();
  readonly #included: string[] = [];
  /** Of the chain as far as it has come, once blocks come in. */
  #recent: RecentHashes | undefined;

  constructor(
    private readonly db: Database,
    private readonly pending: PendingTable,
    journal: Journal,
    private readonly known: RecentHashes,
  ) {
    this.#journal = journal;
  }

  get done(): boolean {
    return this.#journal.step === 'in' && this.#journal.next > this.#journal.to.length;
  }

  /** One batch. */
  async step(): Promise<void> {
    const { step, from, next } = this.#journal;
    if (step === 'out' && next > from.length) {
      this.#journal = { ...this.#journal, step: 'in', next: this.#journal.fork + 1 };
      return;
    }
    const changes: Change[] = [];
    const recent = step === 'in' ? (this.#recent ?? (await this.#recentBefore(next))) : undefined;
    let { bytes } = this.#journal;
    let index = next;
    const blocks = await firstOf(step === 'out' ? this.#ours(index) : this.#theirs(index));
    if (blocks.length === 0) throw this.db.damaged(`block ${index} is missing`);
    for (const block of blocks) {
      const size = block.bytes.length;
      bytes += step === 'out' ? -size : size;
      changes.push(...(step === 'out' ? this.#out(block) : this.#in(block)));
      index++;
    }
    const paged = recent?.with(blocks.map(({ hash }) => hash));
    if (paged !== undefined) changes.push(...paged.changes);
    const journal = { ...this.#journal, next: index, bytes };
    await this.db.write([...changes, journalPut(journal)]);
    this.#journal = journal;
    this.#recent = paged?.recent;
  }

  async moveHead(): Promise<{ view: ChainView; adoption: Adoption }> {
    const { fork, from, to, replaced, bytes } = this.#journal;
    const removed = from.length - fork;
    const tip = { ...to, bytes };
    const kept = {
      lt: layout.replaced(Math.max(0, replaced + Math.min(removed, REPLACED_KEPT) - REPLACED_KEPT)),
    };
    const tooOld = await this.db.keys({ ...layout.allReplaced, ...kept });
    await this.db.write([
      { type: 'put', key: layout.head, value: jsonRecord(tip) },
      { type: 'del', key: layout.adoption },
      ...tooOld.map((key): Change => ({ type: 'del', key })),
    ]);
    const returned = [...this.#returned.values()];
    const view = new ChainView(this.db, tip, this.#recent ?? (await this.#recentBefore(tip.length + 1)));
    return { view, adoption: { fork, removed, head: headOf(tip), returned, included: this.#included } };
  }

  /** The hashes of the chain that ends before this index. */
  async #recentBefore(index: number): Promise<RecentHashes> {
    const { from, fork } = this.#journal;
    const known = index === fork + 1 ? this.known.upTo(fork) : undefined;
    if (known !== undefined) return known;
    return (await ChainView.load(this.db, { ...from, length: index - 1 }, this.known.pageBlocks)).recent;
  }

  #out(block: Block): Change[] {
    const { from, fork, at, replaced } = this.#journal;
    // Without a nonce a payment cannot be told from another like it: it cannot be pending, and is gone with its block.
    const payments = identified(block.transactions).filter((transaction) => !transaction.isReward);
    const entries = payments.map((transaction) => ({ transaction, receivedAt: at, from: null }));
    const returned = this.pending.addReturned(entries);
    // They are pending for long, perhaps, and must not hold the text of their block.
    for (const entry of returned.added)
      this.#returned.set(entry.transaction.id, { ...entry, transaction: detached(entry.transaction) });
    const changes = [...blockOut(block, this.known.pageBlocks), ...returned.changes];
    const firstKept = Math.max(fork + 1, from.length - REPLACED_KEPT + 1);
    if (block.index >= firstKept) {
      const key = layout.replaced(replaced + block.index - firstKept);
      changes.push({ type: 'put', key, value: replacedRecord(blockRecord(block), at) });
    }
    return changes;
  }

  #in(block: Block): Change[] {
    const { branch } = this.#journal;
    const { ids } = block;
    for (const id of ids) if (!this.#returned.delete(id) && this.pending.has(id)) this.#included.push(id);
    return [
      ...blocksIn([block]),
      ...this.pending.remove(ids),
      { type: 'del', key: layout.branchBlock(branch, block.index) },
      ...ids.map((id): Change => ({ type: 'del', key: layout.branchTransaction(branch, id) })),
    ];
  }

  /** Our blocks from an index on: nothing of them changes before all are out. */
  async *#ours(index: number): AsyncGenerator<Block> {
    const { from } = this.#journal;
    const view = new ChainView(this.db, from, RecentHashes.of(from.length, this.known.pageBlocks));
    for await (const piece of view.pieces(index, from.length)) yield* piece.map(decodeBlock);
  }

  /** The branch's blocks from an index on. */
  async *#theirs(index: number): AsyncGenerator<Block> {
    const { branch, to } = this.#journal;
    const range = { gte: layout.branchBlock(branch, index), lte: layout.branchBlock(branch, to.length) };
    let next = index;
    for await (const record of this.db.values(range)) {
      const block = wholeBlock(record, next);
      if (block === undefined) throw this.db.damaged(`block ${next} is not what was stored`);
      yield block;
      next++;
    }
  }
}

/** As many as one batch has. */
async function firstOf(blocks: AsyncIterable<Block>): Promise<Block[]> {
  const first: Block[] = [];
  let bytes = 0;
  for await (const block of blocks) {
    first.push(block);
    bytes += block.bytes.length;
    if (first.length >= BATCH.blocks || bytes >= BATCH.bytes) break;
  }
  return first;
}

function journalPut(journal: Journal): Change {
  return { type: 'put', key: layout.adoption, value: jsonRecord(journal) };
}
