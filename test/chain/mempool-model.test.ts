import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Mempool, type PendingTransaction } from '../../src/chain/index.js';
import { payment, seededNonce } from '../helpers/chains.js';

const LIMITS = { transactions: 8, bytes: 1_200, gossipShare: 0.75, perPeer: 3 };
const PEERS = [null, 'a', 'b'];
const POOL = Array.from({ length: 14 }, (_, i) =>
  payment('alice', 'b'.repeat(1 + (i % 5) * 10), 1, seededNonce(i)),
);

type Step =
  | { kind: 'add' | 'offer'; which: number; from: string | null }
  | { kind: 'remove'; which: number[] };

const which = fc.nat(POOL.length - 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('offer'), which, from: fc.constantFrom(...PEERS) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('add'), which, from: fc.constantFrom(...PEERS) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('remove'), which: fc.array(which, { maxLength: 4 }) }),
  },
);

it('the mempool does what a plain list would, whatever comes and goes', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const pool = new Mempool(LIMITS);
      let model: PendingTransaction[] = [];
      for (const [time, next] of steps.entries()) {
        if (next.kind === 'remove') {
          const ids = next.which.map((i) => POOL[i]!.id);
          pool.remove(ids);
          model = model.filter(({ transaction }) => !ids.includes(transaction.id));
        } else {
          const entry = { transaction: POOL[next.which]!, receivedAt: time, from: next.from };
          const [isRoom] = pool.room([entry]);
          expect(isRoom).toBe(hasRoom(model, entry));
          if (next.kind === 'add' || isRoom) {
            pool.add(entry);
            if (!model.some(({ transaction }) => transaction.id === entry.transaction.id)) model.push(entry);
          }
        }
        agree(pool, model);
      }
    }),
    { numRuns: 150 },
  );
});

function hasRoom(model: readonly PendingTransaction[], entry: PendingTransaction): boolean {
  const bytes = sum(model) + entry.transaction.bytes.length;
  if (entry.from === null) return model.length < LIMITS.transactions && bytes <= LIMITS.bytes;
  return (
    model.length < LIMITS.transactions * LIMITS.gossipShare &&
    bytes <= LIMITS.bytes * LIMITS.gossipShare &&
    model.filter(({ from }) => from === entry.from).length < LIMITS.perPeer
  );
}

function agree(pool: Mempool, model: readonly PendingTransaction[]): void {
  expect(pool.size).toBe(model.length);
  expect(pool.entries()).toEqual(model);
  expect(pool.bytes).toBe(sum(model));
  const ids = model.map(({ transaction }) => transaction.id);
  const xor = ids.reduce((digest, id) => digest ^ BigInt(`0x${id}`), 0n);
  expect(pool.digest).toBe(xor.toString(16).padStart(64, '0'));
  for (const { id } of POOL) {
    expect(pool.has(id)).toBe(ids.includes(id));
    expect(pool.get(id)).toBe(model.find(({ transaction }) => transaction.id === id));
  }
  const sorted = ids.toSorted();
  for (const after of [undefined, POOL[0]!.id, POOL[1]!.id]) {
    const above = sorted.filter((id) => after === undefined || id > after);
    expect(pool.idsAfter(after, 2)).toEqual(above.slice(0, 2));
    expect(pool.idsAfter(after, 100)).toEqual(above);
  }
  for (const room of [0, 200, 500, 1 << 20]) expect(pool.select(room)).toEqual(fitting(model, room));
}

function fitting(model: readonly PendingTransaction[], room: number) {
  let count = 0;
  while (count < model.length && sum(model.slice(0, count + 1)) + 2 * (count + 1) <= room) count++;
  return model.slice(0, count).map(({ transaction }) => transaction);
}

function sum(model: readonly PendingTransaction[]): number {
  return model.reduce((bytes, { transaction }) => bytes + transaction.bytes.length, 0);
}
