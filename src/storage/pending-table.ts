/** The pending transactions on disk: which they are, and the changes that add and remove them. For the one writer. */
import type { PendingTransaction } from '../chain/index.js';
import type { Change } from './database.js';
import { layout } from './layout.js';
import { type OrderedPending, pendingRecord } from './records.js';

export class PendingTable {
  readonly #ids = new Set<string>();
  #nextOrder = 0;

  constructor(stored: Iterable<OrderedPending>) {
    for (const { transaction, order } of stored) {
      this.#ids.add(transaction.id);
      this.#nextOrder = Math.max(this.#nextOrder, order + 1);
    }
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Adds those that are not pending yet, last in order; the changes must be written. */
  add(entries: readonly PendingTransaction[]): Change[] {
    const changes: Change[] = [];
    for (const entry of entries) {
      const { id } = entry.transaction;
      if (this.#ids.has(id)) continue;
      this.#ids.add(id);
      const value = pendingRecord({ ...entry, order: this.#nextOrder++ });
      changes.push({ type: 'put', key: layout.pending(id), value });
    }
    return changes;
  }

  /** Removes those that are pending; the changes must be written. */
  remove(ids: readonly string[]): Change[] {
    return ids
      .filter((id) => this.#ids.delete(id))
      .map((id): Change => ({ type: 'del', key: layout.pending(id) }));
  }
}
