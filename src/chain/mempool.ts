/** Transactions that wait for a block: first come, first served. */
import type { Transaction } from './transaction.js';

/** Policy, not consensus: other nodes may keep more or less. */
export interface MempoolLimits {
  readonly transactions: number;
  /** Canonical bytes in all. */
  readonly bytes: number;
  /** The part of both that gossip may fill; the rest is for this node's own API. */
  readonly gossipShare: number;
  /** Transactions taken from one peer. */
  readonly perPeer: number;
}

export const MEMPOOL_LIMITS: MempoolLimits = {
  transactions: 10_000,
  bytes: 5 << 20,
  gossipShare: 0.8,
  perPeer: 2_000,
};

export interface PendingTransaction {
  readonly transaction: Transaction;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  /** The peer it came from; null where it was sent at this node. */
  readonly from: string | null;
}

export class Mempool {
  readonly #limits: MempoolLimits;
  readonly #entries = new Map<string, PendingTransaction>();
  readonly #perPeer = new Map<string, number>();
  #bytes = 0;
  #digest = 0n;
  #sortedIds: string[] | undefined;

  constructor(limits: MempoolLimits = MEMPOOL_LIMITS) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Canonical bytes of all. */
  get bytes(): number {
    return this.#bytes;
  }

  /** XOR of all ids, 64 hex digits: equal at two nodes that hold the same transactions. */
  get digest(): string {
    return this.#digest.toString(16).padStart(64, '0');
  }

  has(id: string): boolean {
    return this.#entries.has(id);
  }

  get(id: string): PendingTransaction | undefined {
    return this.#entries.get(id);
  }

  /** All entries, first come first. */
  entries(): PendingTransaction[] {
    return [...this.#entries.values()];
  }

  /** For which of several transactions there is room, each after those before it for which there is. */
  room(entries: readonly PendingTransaction[]): boolean[] {
    const { transactions, bytes, gossipShare, perPeer } = this.#limits;
    let [size, total] = [this.size, this.#bytes];
    const perPeerThen = new Map<string, number>();
    return entries.map(({ from, transaction: { text } }) => {
      const share = from === null ? 1 : gossipShare;
      const ofPeer = from === null ? 0 : (perPeerThen.get(from) ?? this.#perPeer.get(from) ?? 0);
      const isIn =
        size + 1 <= transactions * share &&
        total + text.length <= bytes * share &&
        (from === null || ofPeer < perPeer);
      if (!isIn) return false;
      size++;
      total += text.length;
      if (from !== null) perPeerThen.set(from, ofPeer + 1);
      return true;
    });
  }

  /**
   * Keeps a transaction, whatever the limits: they are asked by {@link room}, and what a reorganisation returns
   * is exempt from them (the store bounds it). One already kept stays as it is.
   */
  add(entry: PendingTransaction): void {
    const { id, text } = entry.transaction;
    if (this.#entries.has(id)) return;
    this.#entries.set(id, entry);
    this.#bytes += text.length;
    this.#count(entry.from, 1);
    this.#changed(id);
  }

  /** Forgets transactions, by id; unknown ones are passed over. */
  remove(ids: Iterable<string>): void {
    for (const id of ids) {
      const entry = this.#entries.get(id);
      if (entry === undefined) continue;
      this.#entries.delete(id);
      this.#bytes -= entry.transaction.text.length;
      this.#count(entry.from, -1);
      this.#changed(id);
    }
  }

  /** As many transactions as fit into so many canonical bytes, a `, ` after each (the reward follows), first come first. */
  select(maxBytes: number): Transaction[] {
    const selected: Transaction[] = [];
    let room = maxBytes;
    for (const { transaction } of this.#entries.values()) {
      room -= transaction.text.length + 2;
      if (room < 0) break;
      selected.push(transaction);
    }
    return selected;
  }

  /** Up to `limit` ids above `after` (all, where it is undefined), ascending. */
  idsAfter(after: string | undefined, limit: number): string[] {
    this.#sortedIds ??= [...this.#entries.keys()].sort();
    const sorted = this.#sortedIds;
    const start = after === undefined ? 0 : firstAbove(sorted, after);
    return sorted.slice(start, start + limit);
  }

  #count(from: string | null, by: number): void {
    if (from === null) return;
    const count = (this.#perPeer.get(from) ?? 0) + by;
    if (count === 0) this.#perPeer.delete(from);
    else this.#perPeer.set(from, count);
  }

  #changed(id: string): void {
    this.#digest ^= BigInt(`0x${id}`);
    this.#sortedIds = undefined;
  }
}

function firstAbove(sorted: string[], value: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as string) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
