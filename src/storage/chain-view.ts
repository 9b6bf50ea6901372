/** Our chain, its indexes and the pending transactions as they are at one moment: what readers read. */
import { type Block, InvalidBlock, type PendingTransaction } from '../chain/index.js';
import type { ReplacedBlock } from './block-store.js';
import type { Database, Snapshot } from './database.js';
import { layout } from './layout.js';
import { hashOf, numberOf, pendingOf, replacedOf, type Tip } from './records.js';
import { wholeBlock, wholeBytes } from './stored-block.js';

/** This many replaced blocks are kept. */
export const REPLACED_KEPT = 100;

export class ChainView {
  #holders = 1;

  /**
   * @param tip what lies beyond it, of a change that is not finished, is not seen
   * @param snapshot none: what is stored now, which is all that is needed as long as our chain only grows
   */
  constructor(
    private readonly db: Database,
    readonly tip: Tip,
    private readonly snapshot?: Snapshot,
  ) {}

  /** The same view, never to change; to be released. */
  pin(): ChainView {
    if (this.snapshot === undefined) return new ChainView(this.db, this.tip, this.db.snapshot());
    this.#holders++;
    return this;
  }

  async release(): Promise<void> {
    this.#holders--;
    if (this.#holders === 0) await this.snapshot?.close();
  }

  async blockAt(index: number): Promise<Block | undefined> {
    const record = await this.#recordAt(index);
    return record && (wholeBlock(record, index) ?? this.#unreadable(index));
  }

  async hashAt(index: number): Promise<string | undefined> {
    const record = await this.#recordAt(index);
    return record && hashOf(record);
  }

  async indexOf(hash: string): Promise<number | undefined> {
    const record = await this.db.get(layout.hash(hash), this.snapshot);
    const index = record && this.#indexIn(record);
    return index !== undefined && index <= this.tip.length ? index : undefined;
  }

  async locate(ids: readonly string[]): Promise<Map<string, number>> {
    const records = await this.db.getMany(ids.map(layout.transaction), this.snapshot);
    const found = new Map<string, number>();
    records.forEach((record, position) => {
      const index = record && this.#indexIn(record);
      if (index !== undefined && index <= this.tip.length) found.set(ids[position] as string, index);
    });
    return found;
  }

  /** The canonical bytes of the blocks from one index to another, both included, some at a time; to be asked for within the chain. */
  async *pieces(from: number, to: number): AsyncGenerator<Uint8Array[]> {
    const range = { gte: layout.block(from), lte: layout.block(to) };
    let next = from;
    for await (const records of this.db.pieces(range, this.snapshot))
      yield records.map((record) => {
        const index = next++;
        return wholeBytes(record, index) ?? this.#unreadable(index);
      });
    if (next <= to) this.#unreadable(next);
  }

  async pending(): Promise<PendingTransaction[]> {
    const entries = [];
    for await (const record of this.db.values(layout.allPending, this.snapshot))
      entries.push(this.#readable(() => pendingOf(record)));
    entries.sort((a, b) => a.order - b.order);
    return entries.map(({ transaction, receivedAt, from }) => ({ transaction, receivedAt, from }));
  }

  async replaced(): Promise<ReplacedBlock[]> {
    const newestFirst = { ...layout.allReplaced, reverse: true, limit: REPLACED_KEPT };
    const blocks: ReplacedBlock[] = [];
    for await (const record of this.db.values(newestFirst, this.snapshot))
      blocks.push(this.#readable(() => replacedOf(record)));
    return blocks;
  }

  /** @throws StorageError `damaged` where it must be there and is not */
  async #recordAt(index: number): Promise<Buffer | undefined> {
    if (!Number.isSafeInteger(index) || index < 1 || index > this.tip.length) return undefined;
    const record = await this.db.get(layout.block(index), this.snapshot);
    if (record === undefined) throw this.db.damaged(`block ${index} is missing`);
    return record;
  }

  #indexIn(record: Buffer): number {
    const index = numberOf(record);
    if (!Number.isSafeInteger(index) || index < 1) throw this.db.damaged('an index cannot be read');
    return index;
  }

  #unreadable(index: number): never {
    throw this.db.damaged(`block ${index} is not what was stored`);
  }

  #readable<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      const what =
        error instanceof InvalidBlock ? 'a replaced block cannot be read' : 'a transaction cannot be read';
      throw this.db.damaged(what, error);
    }
  }
}
