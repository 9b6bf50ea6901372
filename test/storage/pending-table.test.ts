/** What may wait for a block: as much as the mempool takes, and what fell out of the chain as long as there is room. */
import { describe, expect, it } from 'vitest';
import { MEMPOOL_LIMITS, type PendingTransaction } from '../../src/chain/index.js';
import { PendingTable, RETURNED_LIMITS } from '../../src/storage/pending-table.js';
import { payments } from '../helpers/chains.js';
import { received } from './support.js';

const entries: PendingTransaction[] = payments(10).map((transaction) => received(transaction, 1));
const size = entries[0]!.transaction.text.length;
const pendingIn = (table: PendingTable) => entries.map(({ transaction }) => table.has(transaction.id));

describe('transactions that fell out of the chain', () => {
  it.each([
    ['are', { transactions: 6, bytes: 1 << 20 }],
    ['their bytes are', { transactions: 100, bytes: 6 * size - 1 }],
  ])('are pending again, the first first, until %s as many as may be', (_, limits) => {
    const table = new PendingTable([], limits);
    table.add(entries.slice(0, 2));
    const { added, changes } = table.addReturned(entries.slice(1, 9));
    expect(added).toEqual(entries.slice(1, 6));
    expect(changes).toHaveLength(4); // the first of them was pending
    expect(pendingIn(table)).toEqual(entries.map((_, at) => at < 6));
  });

  it('have room again when others are in a block', () => {
    const table = new PendingTable([], { transactions: 3, bytes: 1 << 20 });
    table.addReturned(entries.slice(0, 5));
    table.remove(entries.slice(0, 2).map(({ transaction }) => transaction.id));
    expect(table.addReturned(entries.slice(5)).added).toEqual(entries.slice(5, 7));
  });

  it('count as long as they are stored, over a start as well', () => {
    const stored = entries.slice(0, 3).map((entry, order) => ({ ...entry, order }));
    const table = new PendingTable(stored, { transactions: 4, bytes: 1 << 20 });
    expect(table.addReturned(entries.slice(3)).added).toEqual(entries.slice(3, 4));
  });

  it('are none that the limits of sending would refuse: five mempools', () => {
    expect(RETURNED_LIMITS.transactions).toBe(5 * MEMPOOL_LIMITS.transactions);
    expect(RETURNED_LIMITS.bytes).toBe(5 * MEMPOOL_LIMITS.bytes);
  });
});
