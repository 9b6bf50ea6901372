import { describe, expect, it } from 'vitest';
import { MEMPOOL_LIMITS, Mempool, type PendingTransaction, type Transaction } from '../../src/chain/index.js';
import { payment, payments, seededNonce } from '../helpers/chains.js';

const LIMITS = { transactions: 10, bytes: 1 << 20, gossipShare: 0.8, perPeer: 3 };

function entry(transaction: Transaction, from: string | null = null): PendingTransaction {
  return { transaction, receivedAt: 0, from };
}

function filled(count: number, limits = LIMITS, from: string | null = null): Mempool {
  const pool = new Mempool(limits);
  for (const transaction of payments(count)) pool.add(entry(transaction, from));
  return pool;
}

/** Whether there is room for one more. */
const accepts = (pool: Mempool, one: PendingTransaction) => pool.room([one])[0];

describe('the mempool', () => {
  it('holds what was added, first come first', () => {
    const [a, b] = payments(2) as [Transaction, Transaction];
    const pool = new Mempool();
    pool.add(entry(b));
    pool.add(entry(a, 'peer'));
    expect(pool.size).toBe(2);
    expect(pool.bytes).toBe(a.bytes.length + b.bytes.length);
    expect(pool.entries().map(({ transaction }) => transaction)).toEqual([b, a]);
    expect(pool.has(a.id)).toBe(true);
    expect(pool.get(a.id)).toEqual(entry(a, 'peer'));
    expect(pool.get('f'.repeat(64))).toBeUndefined();
  });

  it('keeps the first where the same transaction comes again', () => {
    const [a] = payments(1) as [Transaction];
    const pool = new Mempool();
    pool.add(entry(a, 'first'));
    pool.add(entry(a, 'second'));
    expect(pool.size).toBe(1);
    expect(pool.bytes).toBe(a.bytes.length);
    expect(pool.get(a.id)?.from).toBe('first');
  });

  it('forgets what is removed, and passes over what it does not know', () => {
    const pool = filled(3);
    const [a] = payments(1) as [Transaction];
    pool.remove([a.id, a.id, 'f'.repeat(64)]);
    expect(pool.size).toBe(2);
    expect(pool.has(a.id)).toBe(false);
    pool.remove(payments(3).map(({ id }) => id));
    expect([pool.size, pool.bytes, pool.digest]).toEqual([0, 0, '0'.repeat(64)]);
  });

  it('hands out a list of its entries that it does not change any more', () => {
    const pool = filled(2);
    const entries = pool.entries();
    pool.remove(payments(2).map(({ id }) => id));
    expect(entries).toHaveLength(2);
  });
});

describe('the digest', () => {
  it('of nothing is 64 zeros, of one transaction its id', () => {
    const [a] = payments(1) as [Transaction];
    const pool = new Mempool();
    expect(pool.digest).toBe('0'.repeat(64));
    pool.add(entry(a));
    expect(pool.digest).toBe(a.id);
  });

  it('is the same for the same transactions in any order, by any way', () => {
    const pool = new Mempool();
    for (const transaction of payments(5).toReversed()) pool.add(entry(transaction, 'peer'));
    pool.remove([payments(5)[4]!.id]);
    expect(pool.digest).toBe(filled(4).digest);
    expect(pool.digest).not.toBe(filled(5).digest);
  });
});

describe('room', () => {
  const another = payment('alice', 'bob', 1, seededNonce(999));

  it("for this node's own transactions ends at the limit", () => {
    expect(accepts(filled(9), entry(another))).toBe(true);
    expect(accepts(filled(10), entry(another))).toBe(false);
  });

  it('for gossip ends at its share', () => {
    expect(accepts(filled(7), entry(another, 'peer'))).toBe(true);
    expect(accepts(filled(8), entry(another, 'peer'))).toBe(false);
    expect(accepts(filled(8), entry(another))).toBe(true);
  });

  it('in bytes ends at the limit, for gossip at its share of it', () => {
    const size = another.bytes.length;
    const limits = (bytes: number) => ({ ...LIMITS, bytes });
    expect(accepts(filled(4, limits(5 * size)), entry(another))).toBe(true);
    expect(accepts(filled(4, limits(5 * size - 1)), entry(another))).toBe(false);
    expect(accepts(filled(3, limits(5 * size)), entry(another, 'peer'))).toBe(true);
    expect(accepts(filled(3, limits(5 * size - 1)), entry(another, 'peer'))).toBe(false);
  });

  it('for one peer ends at its own limit, for others it does not', () => {
    const pool = filled(3, LIMITS, 'greedy');
    expect(accepts(pool, entry(another, 'greedy'))).toBe(false);
    expect(accepts(pool, entry(another, 'modest'))).toBe(true);
    expect(accepts(pool, entry(another))).toBe(true);
  });

  it('comes back to a peer as its transactions go', () => {
    const pool = filled(3, LIMITS, 'greedy');
    pool.remove([payments(1)[0]!.id]);
    expect(accepts(pool, entry(another, 'greedy'))).toBe(true);
  });

  it('is not asked for by add: what a reorganisation returns is kept', () => {
    expect(filled(25).size).toBe(25);
    expect(accepts(filled(25), entry(another))).toBe(false);
  });

  it('is by default that of 10,000 transactions or 5 MiB, of which gossip may take 80 %, a peer 2,000', () => {
    expect(MEMPOOL_LIMITS).toEqual({
      transactions: 10_000,
      bytes: 5_242_880,
      gossipShare: 0.8,
      perPeer: 2_000,
    });
  });
});

describe('select', () => {
  const pool = filled(5);
  const cost = pool.bytes / 5 + ', '.length;

  it.each([
    [0, 0],
    [cost - 1, 0],
    [cost, 1],
    [3 * cost - 1, 2],
    [3 * cost, 3],
    [5 * cost, 5],
    [1 << 20, 5],
  ])('takes for %d bytes the first %d that fit, each with the comma that follows', (room, count) => {
    expect(pool.select(room).map(({ id }) => id)).toEqual(payments(count).map(({ id }) => id));
    expect(pool.size).toBe(5);
  });
});

describe('idsAfter', () => {
  const pool = filled(8);
  const ids = payments(8)
    .map(({ id }) => id)
    .sort();

  it('pages through all ids in ascending order', () => {
    const seen: string[] = [];
    for (let page = pool.idsAfter(undefined, 3); page.length > 0; page = pool.idsAfter(seen.at(-1), 3)) {
      expect(page.length).toBeLessThanOrEqual(3);
      seen.push(...page);
    }
    expect(seen).toEqual(ids);
  });

  it('begins above an id that is held, or that is not', () => {
    expect(pool.idsAfter(ids[2], 2)).toEqual(ids.slice(3, 5));
    expect(pool.idsAfter('0'.repeat(64), 100)).toEqual(ids);
    expect(pool.idsAfter(ids[2]!.slice(0, 63), 1)).toEqual([ids[2]]);
    expect(pool.idsAfter('f'.repeat(64), 100)).toEqual([]);
    expect(pool.idsAfter(undefined, 0)).toEqual([]);
  });

  it('knows what came and went since it was last asked', () => {
    const changing = filled(8);
    changing.idsAfter(undefined, 1);
    changing.remove([ids[0]!]);
    expect(changing.idsAfter(undefined, 1)).toEqual([ids[1]]);
    changing.add(entry(payments(8).find(({ id }) => id === ids[0])!));
    expect(changing.idsAfter(undefined, 1)).toEqual([ids[0]]);
  });
});
