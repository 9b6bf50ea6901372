/**
 * A branch becomes our chain. A durable journal is written first; then every bounded batch moves the journal on
 * along with what it does, so that after a crash the next start goes on exactly where it stopped:
 *
 * 1. `out`: the payments of our blocks after the fork are pending again; pages that reach beyond it are gone.
 * 2. `in`: the branch's blocks take their places; what they pay is pending no longer.
 * 3. the journal is gone.
 *
 * All of `out` comes before `in`, since the same transaction may stand in both. Readers are given a snapshot from before,
 * until the journal is gone.
 */
import { type Block, decodeBlock, detached, identified, type PendingTransaction } from '../chain/index.js';
import type { Adoption, Branch, Head } from './block-store.js';
import type { ChainEnd } from './chain-end.js';
import { REPLACED_KEPT } from './chain-view.js';
import type { Change, Database } from './database.js';
import { isDamage, StorageError, UnreadableBranch } from './errors.js';
import { layout } from './layout.js';
import type { PendingTable } from './pending-table.js';
import { blockRecord, headOf, jsonOf, jsonRecord, replacedRecord } from './records.js';
import { Runs } from './runs.js';
import { wholeBlock } from './stored-block.js';

/** A batch has at most so many blocks, and no more blocks once it has so many bytes. */
const BATCH = { blocks: 500, bytes: 1 << 20 };

export interface Journal {
  readonly branch: string;
  readonly fork: number;
  /** Our head before. */
  readonly from: Head;
  /** Our head after. */
  readonly to: Head;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Number of the first block that this adoption keeps among the replaced ones. */
  readonly replaced: number;
  readonly step: 'out' | 'in';
  /** Index of the block whose turn it is. */
  readonly next: number;
}

/**
 * Looks whether all that it needs can be read: what cannot be would end it half way, and every start after.
 *
 * @param length of our chain
 * @throws StorageError `damaged`, UnreadableBranch; nothing has been changed then
 */
export async function checkReadable(db: Database, { id, fork, head }: Branch, length: number): Promise<void> {
  for await (const _ of new Runs(db).bytes(fork + 1, length));
  try {
    for await (const _ of branchBlocks(db, id, fork + 1, head.length));
  } catch (error) {
    throw isDamage(error) ? new UnreadableBranch(error.code, error.message, { cause: error }) : error;
  }
}

/** Writes down what is to be done. */
export async function beginAdoption(
  db: Database,
  { id, fork, head }: Branch,
  { tip, pages }: ChainEnd,
  at: number,
): Promise<Journal> {
  const [last] = await db.keys({ ...layout.allReplaced, reverse: true, limit: 1 });
  const replaced = last === undefined ? 0 : layout.numberIn(last) + 1;
  const from = headOf(tip);
  const journal: Journal = { branch: id, fork, from, to: head, at, replaced, step: 'out', next: fork + 1 };
  const tooLong = pages.keysBeyond(fork).map((key): Change => ({ type: 'del', key }));
  await db.write([journalPut(journal), ...tooLong]);
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
 * @param end of our chain as far as it has come: see {@link reachedBy}
 */
export async function finishAdoption(
  db: Database,
  pending: PendingTable,
  begun: Journal,
  end: ChainEnd,
): Promise<{ end: ChainEnd; adoption: Adoption }> {
  try {
    const run = new AdoptionRun(db, pending, begun, end);
    while (!run.done) await run.step();
    return await run.finish();
  } catch (error) {
    // Half way between two chains nothing else may be written; the next start tries again.
    db.giveUp(error instanceof StorageError ? error : db.damaged('an adoption failed', error));
    throw error;
  }
}

/** Index of the last block of our chain as far as an adoption has brought it: the fork's, before blocks come in. */
export function reachedBy({ step, fork, next }: Journal): number {
  return step === 'out' ? fork : next - 1;
}

class AdoptionRun {
  #journal: Journal;
  /** Of the chain as far as it has come: at the fork, until blocks come in. */
  #end: ChainEnd;
  readonly #returned = new Map<string, PendingTransaction>();
  readonly #included: string[] = [];

  constructor(
    private readonly db: Database,
    private readonly pending: PendingTable,
    journal: Journal,
    end: ChainEnd,
  ) {
    this.#journal = journal;
    this.#end = end;
  }

  get done(): boolean {
    return this.#journal.step === 'in' && this.#journal.next > this.#journal.to.length;
  }

  /** One batch. */
  async step(): Promise<void> {
    const { step, from, next, fork } = this.#journal;
    if (step === 'out' && next > from.length) {
      this.#journal = { ...this.#journal, step: 'in', next: fork + 1 };
      return;
    }
    const { branch, to } = this.#journal;
    const blocks = await firstOf(
      step === 'out' ? this.#ours(next) : branchBlocks(this.db, branch, next, to.length),
    );
    if (blocks.length === 0) throw this.db.damaged(`block ${next} is missing`);
    let end = this.#end;
    const changes: Change[] = [];
    for (const block of blocks) {
      if (step === 'out') changes.push(...this.#out(block));
      else {
        // A record for each: one for many would not hide those of ours that begin after it.
        const longer = end.with([block]);
        end = longer.end;
        changes.push(...longer.changes, ...this.#in(block));
      }
    }
    const journal = { ...this.#journal, next: next + blocks.length };
    await this.db.write([...changes, journalPut(journal)]);
    this.#journal = journal;
    this.#end = end;
  }

  async finish(): Promise<{ end: ChainEnd; adoption: Adoption }> {
    const { fork, from, replaced } = this.#journal;
    const end = this.#end;
    const removed = from.length - fork;
    const kept = {
      lt: layout.replaced(Math.max(0, replaced + Math.min(removed, REPLACED_KEPT) - REPLACED_KEPT)),
    };
    const tooOld = await this.db.keys({ ...layout.allReplaced, ...kept });
    await this.db.write([
      { type: 'del', key: layout.adoption },
      ...tooOld.map((key): Change => ({ type: 'del', key })),
    ]);
    const returned = [...this.#returned.values()];
    const head = headOf(end.tip);
    return { end, adoption: { fork, removed, head, returned, included: this.#included } };
  }

  #out(block: Block): Change[] {
    const { from, fork, at, replaced } = this.#journal;
    // Without a nonce a payment cannot be told from another like it: it cannot be pending, and is gone with its block.
    const identifiable = block.ids.length > 0 ? identified(block.transactions) : [];
    const payments = identifiable.filter((transaction) => !transaction.isReward);
    const entries = payments.map((transaction) => ({ transaction, receivedAt: at, from: null }));
    const returned = this.pending.addReturned(entries);
    // They are pending for long, perhaps, and must not hold the text of their block.
    for (const entry of returned.added)
      this.#returned.set(entry.transaction.id, { ...entry, transaction: detached(entry.transaction) });
    const { changes } = returned;
    const firstKept = Math.max(fork + 1, from.length - REPLACED_KEPT + 1);
    if (block.index >= firstKept) {
      const key = layout.replaced(replaced + block.index - firstKept);
      return [...changes, { type: 'put', key, value: replacedRecord(blockRecord(block), at) }];
    }
    return changes;
  }

  #in(block: Block): Change[] {
    const { branch } = this.#journal;
    const { ids } = block;
    for (const id of ids) if (!this.#returned.delete(id) && this.pending.has(id)) this.#included.push(id);
    return [
      ...this.pending.remove(ids),
      { type: 'del', key: layout.branchBlock(branch, block.index) },
      ...ids.map((id): Change => ({ type: 'del', key: layout.branchTransaction(branch, id) })),
    ];
  }

  /** Our blocks from an index on: nothing of them changes before all are out. */
  async *#ours(index: number): AsyncGenerator<Block> {
    const { from } = this.#journal;
    for await (const piece of new Runs(this.db).bytes(index, from.length)) yield* piece.map(decodeBlock);
  }
}

/** The branch's blocks from one index to another, both included. */
async function* branchBlocks(db: Database, branch: string, from: number, to: number): AsyncGenerator<Block> {
  const range = { gte: layout.branchBlock(branch, from), lte: layout.branchBlock(branch, to) };
  let next = from;
  for await (const record of db.values(range)) {
    const block = wholeBlock(record, next);
    if (block === undefined) throw db.damaged(`block ${next} of a branch is not what was stored`);
    yield block;
    next++;
  }
  if (next <= to) throw db.damaged(`block ${next} of a branch is missing`);
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
