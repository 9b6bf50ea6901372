import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Float, Transaction } from '../../src/chain/index.js';
import { extend, nextBlock, payment, payments } from '../helpers/chains.js';
import {
  allBytes,
  GENESIS,
  hashes,
  pendingIds,
  received,
  STORES,
  type TestStore,
  texts,
  textsOf,
  Watched,
} from './support.js';

describe.each(STORES)('a block store %s', (_, create) => {
  let test: TestStore;
  beforeEach(async () => {
    test = await create();
  });
  afterEach(async () => {
    await test.dispose();
  });

  it('begins with the genesis of its network', async () => {
    await test.settle();
    expect(test.store.head).toEqual({ length: 1, hash: GENESIS.hash, proof: GENESIS.proof });
    expect(test.store.bytes).toBe(GENESIS.bytes.length);
    expect((await test.store.blockAt(1))?.hash).toBe(GENESIS.hash);
    await test.audit();
  });

  it('finds appended blocks by index and by hash, and nothing beyond them', async () => {
    const chain = extend([GENESIS], 20);
    await test.store.append(chain.slice(1, 5));
    await test.settle();
    await test.store.append(chain.slice(5));
    await test.settle();

    const last = chain.at(-1)!;
    expect(test.store.head).toEqual({ length: 21, hash: last.hash, proof: last.proof });
    expect(test.store.bytes).toBe(chain.reduce((sum, block) => sum + block.bytes.length, 0));
    for (const block of chain) {
      expect((await test.store.blockAt(block.index))?.bytes).toEqual(block.bytes);
      expect(await test.store.hashAt(block.index)).toBe(block.hash);
      expect(await test.store.indexOf(block.hash)).toBe(block.index);
    }
    for (const index of [0, -1, 1.5, 22, Number.NaN]) {
      expect(await test.store.blockAt(index)).toBeUndefined();
      expect(await test.store.hashAt(index)).toBeUndefined();
    }
    expect(await test.store.indexOf('0'.repeat(64))).toBeUndefined();
    expect(hashes((await test.audit()).blocks)).toEqual(hashes(chain));
  });

  it('keeps the order of blocks where their indexes get longer', async () => {
    const chain = extend([GENESIS], 300, { difficulty: 0 });
    await test.store.append(chain.slice(1));
    await test.settle();
    expect(await allBytes(test.store)).toEqual(textsOf(chain));
  });

  it('locates transactions that have a nonce', async () => {
    const [first, second, absent] = [payment(), payment(), payment()];
    const plain = new Transaction('alice', 'bob', 1);
    const chain = extend([GENESIS], 1, { transactions: [plain, first] });
    chain.push(nextBlock(chain.at(-1)!, { transactions: [plain, second] }));
    await test.store.append(chain.slice(1));
    await test.settle();
    const found = await test.store.locate([second.id, plain.id, absent.id, first.id]);
    expect(found).toEqual(
      new Map([
        [second.id, 3],
        [first.id, 2],
      ]),
    );
    expect(await test.store.locate([])).toEqual(new Map());
    await test.audit();
  });

  it('refuses blocks that do not follow, and stays as it is', async () => {
    const chain = extend([GENESIS], 5);
    await test.store.append(chain.slice(1, 3));
    const other = extend(chain.slice(0, 2), 3, { miner: 'other' });
    for (const blocks of [chain.slice(1), chain.slice(4), other.slice(3), [chain[3]!, chain[5]!]]) {
      await expect(test.store.append(blocks)).rejects.toMatchObject({ name: 'StorageError', code: 'misuse' });
    }
    await test.settle();
    expect(test.store.head.length).toBe(3);
    await test.store.append([]);
    await test.store.append(chain.slice(3));
    await test.audit();
  });

  it('makes every change in one synced batch', async () => {
    const chain = extend([GENESIS], 6);
    const waiting = payments(4);
    chain.push(nextBlock(chain.at(-1)!, { transactions: waiting.slice(0, 2) }));
    let batches = 0;
    await test.reopen(
      new Watched(test.backend, () => {
        batches++;
      }),
    );
    await test.store.addPending(waiting.map((transaction) => received(transaction)));
    expect(batches).toBe(1);
    await test.store.append(chain.slice(1));
    expect(batches).toBe(2);
    await test.store.extendBranch(await test.store.beginBranch(1), chain.slice(1));
    expect(batches).toBe(3);
  });

  it('makes changes asked for at once one after the other', async () => {
    const chain = extend([GENESIS], 30);
    await Promise.all(chain.slice(1).map((block) => test.store.append([block])));
    expect(test.store.head.length).toBe(31);
    await test.audit();
  });

  it('keeps pending transactions in the order of their arrival, each as it came', async () => {
    const odd = new Transaction('ål😀\u007f', 'bob', new Float(5), 'ab'.repeat(16));
    const large = payment('alice', 'bob', 123456789012345678901234567890n);
    const entries = [
      ...payments(30).map((transaction, i) =>
        received(transaction, 1_700_000_000_000 + i, i % 2 ? 'peer' : null),
      ),
      received(odd, 5),
      received(large, 4, 'peer'),
    ];
    await test.store.addPending(entries.slice(0, 10));
    await test.settle();
    await test.store.addPending(entries.slice(10));
    await test.settle();
    expect(await test.store.pending()).toEqual(entries);
    expect((await test.store.pending()).map(({ transaction }) => transaction.text)).toEqual(
      entries.map(({ transaction }) => transaction.text),
    );
  });

  it('adds a transaction once, and none that is in the chain', async () => {
    const [first, second, third] = [payment(), payment(), payment()];
    await test.store.append([nextBlock(GENESIS, { transactions: [first] })]);
    await test.store.addPending([received(second), received(third)]);
    await test.settle();
    await test.store.addPending([
      received(third, 9),
      received(first, 9),
      received(second, 9),
      received(second, 10),
    ]);
    await test.settle();
    expect(await test.store.pending()).toEqual([received(second), received(third)]);
    await test.audit();
  });

  it('takes what is in a new block out of the pending transactions', async () => {
    const [first, second, third] = [payment(), payment(), payment()];
    await test.store.addPending([first, second, third].map((transaction) => received(transaction)));
    await test.settle();
    await test.store.append([nextBlock(GENESIS, { transactions: [second] })]);
    await test.settle();
    expect(await pendingIds(test.store)).toEqual([first.id, third.id]);
    await test.audit();
  });

  it('shows in a snapshot the chain as it was, whatever comes after', async () => {
    const chain = extend([GENESIS], 40);
    await test.store.append(chain.slice(1, 21));
    await test.settle();
    const snapshot = await test.store.snapshot();
    const reading = snapshot.bytes(1, 21);
    await reading.next();
    await test.store.append(chain.slice(21, 31));
    await test.adopt(5, extend(chain.slice(0, 5), 40, { miner: 'other' }).slice(5));

    expect(snapshot.head).toEqual({ length: 21, hash: chain[20]!.hash, proof: chain[20]!.proof });
    expect(await texts(reading)).toEqual(textsOf(chain.slice(1, 21)));
    expect(await texts(snapshot.bytes(1, 21))).toEqual(textsOf(chain.slice(0, 21)));
    expect(await texts(snapshot.bytes(3, 7))).toEqual(textsOf(chain.slice(2, 7)));
    expect(await texts(snapshot.bytes(8, 7))).toEqual([]);
    await expect(snapshot.bytes(1, 22).next()).rejects.toMatchObject({ code: 'misuse' });
    await snapshot.close();
    await snapshot.close();
  });

  it('tells the reader of a snapshot that is closed that it is', async () => {
    await test.store.append(extend([GENESIS], 40).slice(1));
    const snapshot = await test.store.snapshot();
    const [abandoned, early] = [snapshot.bytes(1, 41), snapshot.bytes(1, 41)];
    await abandoned.next();
    for await (const _ of early) break;
    await snapshot.close();
    await expect(abandoned.next()).rejects.toMatchObject({ code: 'closed' });
    await expect(snapshot.bytes(1, 2).next()).rejects.toMatchObject({ code: 'closed' });
  });

  it('closes while snapshots are read, and tells their readers', async () => {
    await test.store.append(extend([GENESIS], 3_000, { difficulty: 0 }).slice(1));
    const snapshots = [await test.store.snapshot(), await test.store.snapshot()];
    const readings = snapshots.map((snapshot) => snapshot.bytes(1, 3_001));
    for (const reading of readings) await reading.next();
    const reads = readings.map((reading) => texts(reading));
    await Promise.all([
      test.store.close(),
      ...reads.map((read) => expect(read).rejects.toMatchObject({ code: 'closed' })),
    ]);
    for (const snapshot of snapshots) await snapshot.close();
  });

  it('answers nothing once it is closed, and may be closed twice and opened again', async () => {
    const { store } = test;
    await store.close();
    await store.close();
    expect(() => store.head).toThrow(expect.objectContaining({ code: 'closed' }));
    for (const call of [
      store.blockAt(1),
      store.snapshot(),
      store.pending(),
      store.append([nextBlock(GENESIS)]),
      store.addPending([received(payment())]),
    ])
      await expect(call).rejects.toMatchObject({ code: 'closed' });
    await store.open();
    await store.open();
    expect(store.head.length).toBe(1);
  });
});
