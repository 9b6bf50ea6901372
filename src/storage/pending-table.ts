/** The pending transactions on disk: which they are, and the changes that add and remove them. For the one writer. */
import { MEMPOOL_LIMITS, type PendingTransaction } from '../chain/index.js';
import type { Change } from './database.js';
import { layout } from './layout.js';
import { type OrderedPending, pendingRecord } from './records.js';

/** Of what falls out of the chain, so much may be pending: see {@link PendingTable.addReturned}. */
export interface ReturnedLimits {
  readonly transactions: number;
  readonly bytes: number;
}

/** Five mempools: no honest chain loses as much, and a start takes it all into memory. */
export const RETURNED_LIMITS: ReturnedLimits = {
  transactions: 5 * MEMPOOL_LIMITS.transactions,
  bytes: 5 * MEMPOOL_LIMITS.bytes,
};

export class PendingTable {
  /** Canonical bytes of each, by its id. */
  readonly #sizes = new Map<string, number>();
  #bytes = 0;
  #nextOrder = 0;

  constructor(
    stored: Iterable<OrderedPending>,
    private readonly limits = RETURNED_LIMITS,
  ) {
    for (const entry of stored) {
      this.#note(entry);
      this.#nextOrder = Math.max(this.#nextOrder, entry.order + 1);
    }
  }

  get ids(): string[] {
    return [...this.#sizes.keys()];
  }

  has(id: string): boolean {
    return this.#sizes.has(id);
  }

  /** Adds those that are not pending yet, last in order; the changes must be written. */
  add(entries: readonly PendingTransaction[]): Change[] {
    const changes: Change[] = [];
    for (const entry of entries) {
      const { id } = entry.transaction;
      if (this.has(id)) continue;
      this.#note(entry);
      const value = pendingRecord({ ...entry, order: this.#nextOrder++ });
      changes.push({ type: 'put', key: layout.pending(id), value });
    }
    return changes;
  }

  /**
   * The first of what falls out of the chain, as long as there is room. The mempool's own limits are none for it, but blocks
   * that cost a peer nothing, and fall out again, must not fill the memory of this start and of every one after it.
   */
  addReturned(entries: readonly PendingTransaction[]): {
    readonly added: readonly PendingTransaction[];
    readonly changes: Change[];
  } {
    const added: PendingTransaction[] = [];
    const changes: Change[] = [];
    for (const entry of entries) {
      const isFull = this.#sizes.size >= this.limits.transactions || this.#bytes >= this.limits.bytes;
      if (isFull && !this.has(entry.transaction.id)) continue;
      added.push(entry);
      changes.push(...this.add([entry]));
    }
    return { added, changes };
  }

  /** Removes those that are pending; the changes must be written. */
  remove(ids: readonly string[]): Change[] {
    const changes: Change[] = [];
    for (const id of ids) {
      const size = this.#sizes.get(id);
      if (size === undefined) continue;
      this.#sizes.delete(id);
      this.#bytes -= size;
      changes.push({ type: 'del', key: layout.pending(id) });
    }
    return changes;
  }

  #note({ transaction: { id, text } }: PendingTransaction): void {
    this.#sizes.set(id, text.length);
    this.#bytes += text.length;
  }
}
