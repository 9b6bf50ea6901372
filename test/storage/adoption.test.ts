import '../../src/network/with-resolvers.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Block, Transaction } from '../../src/chain/index.js';
import type { Backend, Change, Level, Snapshot } from '../../src/storage/database.js';
import { UnreadableBranch } from '../../src/storage/errors.js';
import { layout } from '../../src/storage/layout.js';
import { LevelBlockStore } from '../../src/storage/level-block-store.js';
import { extend, nextBlock, payment, payments } from '../helpers/chains.js';
import { bytesAlive } from '../helpers/garbage.js';
import { until } from '../helpers/until.js';
import {
  allBytes,
  audit,
  FEW_BLOCKS,
  GENESIS,
  hashes,
  KeptMemory,
  NETWORK,
  pendingIds,
  received,
  STORES,
  TestStore,
  textsOf,
  Watched,
} from './support.js';

describe.each(STORES)('a branch of a store %s', (_, create) => {
  let test: TestStore;
  beforeEach(async () => {
    test = await create();
  });
  afterEach(async () => {
    await test.dispose();
  });

  it('knows its fork, its head and its bytes', async () => {
    const chain = extend([GENESIS], 10);
    await test.store.append(chain.slice(1));
    await test.settle();
    const begun = await test.store.beginBranch(4);
    const fork = chain[3]!;
    expect(begun).toMatchObject({
      fork: 4,
      bytes: 0,
      head: { length: 4, hash: fork.hash, proof: fork.proof },
    });
    const blocks = extend(chain.slice(0, 4), 3, { miner: 'other' }).slice(4);
    await test.store.extendBranch(begun, blocks.slice(0, 1));
    const extended = await test.store.extendBranch(begun, blocks.slice(1));
    const last = blocks.at(-1)!;
    expect(extended).toEqual({
      id: begun.id,
      fork: 4,
      head: { length: 7, hash: last.hash, proof: last.proof },
      bytes: blocks.reduce((sum, block) => sum + block.bytes.length, 0),
    });
  });

  it('may begin after any block of our chain, and after no other', async () => {
    await test.store.append(extend([GENESIS], 3).slice(1));
    expect((await test.store.beginBranch(1)).id).not.toBe((await test.store.beginBranch(1)).id);
    expect(await test.store.beginBranch(4)).toMatchObject({ fork: 4 });
    for (const fork of [0, 5, -1])
      await expect(test.store.beginBranch(fork)).rejects.toMatchObject({ code: 'misuse' });
  });

  it('takes only blocks that follow its head', async () => {
    const chain = extend([GENESIS], 3);
    const branch = await test.store.beginBranch(1);
    await expect(test.store.extendBranch(branch, chain.slice(2))).rejects.toMatchObject({ code: 'misuse' });
    await test.store.extendBranch(branch, chain.slice(1));
    await expect(test.store.extendBranch(branch, chain.slice(1))).rejects.toMatchObject({ code: 'misuse' });
  });

  it('locates the transactions it holds itself', async () => {
    const [ours, theirs] = [payment(), payment()];
    await test.store.append([nextBlock(GENESIS, { transactions: [ours] })]);
    const empty = await test.store.beginBranch(1);
    const branch = await test.store.extendBranch(await test.store.beginBranch(1), [
      nextBlock(GENESIS, { transactions: [theirs] }),
    ]);
    expect(await test.store.locateInBranch(branch, [ours.id, theirs.id])).toEqual(new Map([[theirs.id, 2]]));
    expect(await test.store.locateInBranch(empty, [ours.id, theirs.id])).toEqual(new Map());
    expect(await test.store.locate([theirs.id])).toEqual(new Map());
  });

  it('leaves nothing when it is dropped, or when the store is opened again', async () => {
    const blocks = extend([GENESIS], 5, { transactions: [] }).slice(1);
    const dropped = await test.store.extendBranch(await test.store.beginBranch(1), blocks);
    await test.store.dropBranch(dropped);
    await test.store.dropBranch(dropped);
    await expect(test.store.extendBranch(dropped, [])).rejects.toMatchObject({ code: 'misuse' });
    await expect(test.store.adopt(dropped, 0)).rejects.toMatchObject({ code: 'misuse' });
    const forgotten = await test.store.extendBranch(await test.store.beginBranch(1), blocks);
    await test.reopen();
    await expect(test.store.adopt(forgotten, 0)).rejects.toMatchObject({ code: 'misuse' });
    await test.audit();
  });

  it('is not adopted unless it is longer than our chain', async () => {
    await test.store.append(extend([GENESIS], 3).slice(1));
    const branch = await test.store.extendBranch(
      await test.store.beginBranch(1),
      extend([GENESIS], 3, { miner: 'other' }).slice(1),
    );
    await expect(test.store.adopt(branch, 0)).rejects.toMatchObject({ code: 'misuse' });
    await test.store.dropBranch(branch);
    await test.store.append([nextBlock((await test.store.blockAt(4))!)]);
    await test.audit();
  });

  it('is not adopted once our chain has left the block it began at', async () => {
    const chain = extend([GENESIS], 3);
    await test.store.append(chain.slice(1));
    const orphan = await test.store.extendBranch(
      await test.store.beginBranch(3),
      extend(chain.slice(0, 3), 10, { miner: 'other' }).slice(3),
    );
    await test.adopt(1, extend([GENESIS], 5, { miner: 'third' }).slice(1));
    await expect(test.store.adopt(orphan, 0)).rejects.toMatchObject({ code: 'misuse' });
    expect(test.store.head.length).toBe(6);
    await test.store.dropBranch(orphan);
    await test.audit();
  });
});

describe.each(STORES)('an adoption by a store %s', (_, create) => {
  let test: TestStore;
  beforeEach(async () => {
    test = await create();
  });
  afterEach(async () => {
    await test.dispose();
  });

  it('puts the branch in the place of our blocks after the fork', async () => {
    const chain = extend([GENESIS], 10);
    await test.store.append(chain.slice(1));
    await test.settle();
    const other = extend(chain.slice(0, 5), 8, { miner: 'other' });
    const adoption = await test.adopt(5, other.slice(5));
    const last = other.at(-1)!;
    const head = { length: 13, hash: last.hash, proof: last.proof };
    expect(adoption).toEqual({ fork: 5, removed: 6, head, returned: [], included: [] });
    await test.settle();
    expect(test.store.head).toEqual(head);
    expect(await allBytes(test.store)).toEqual(textsOf(other));
    for (const block of chain.slice(5)) expect(await test.store.indexOf(block.hash)).toBeUndefined();
    expect(hashes((await test.audit()).blocks)).toEqual(hashes(other));
  });

  it('adopts a branch that begins at our head', async () => {
    const chain = extend([GENESIS], 6);
    await test.store.append(chain.slice(1, 3));
    await test.settle();
    expect(await test.adopt(3, chain.slice(3))).toMatchObject({ fork: 3, removed: 0 });
    expect(hashes((await test.audit()).blocks)).toEqual(hashes(chain));
  });

  it('makes the payments of our blocks pending again, save what the branch has and what has no nonce', async () => {
    const [lost, shared, waiting, taken] = [payment(), payment(), payment(), payment()];
    const plain = new Transaction('alice', 'bob', 1);
    // The shared one stands deeper in our chain than in the branch.
    const ours = extend(extend([GENESIS], 3), 1, { transactions: [lost, plain, shared] });
    await test.store.append(ours.slice(1));
    await test.store.addPending([received(waiting, 1), received(taken, 2)]);
    await test.settle();
    const theirs = extend(extend([GENESIS], 1, { transactions: [shared] }), 4, { miner: 'other' });
    theirs.push(nextBlock(theirs.at(-1)!, { transactions: [taken] }));
    const adoption = await test.adopt(1, theirs.slice(1), 77);
    expect(adoption.returned).toEqual([received(lost, 77)]);
    expect(adoption.included).toEqual([taken.id]);
    await test.settle();
    expect(await test.store.pending()).toEqual([received(waiting, 1), received(lost, 77)]);
    expect(await test.store.locate([lost.id, shared.id, taken.id])).toEqual(
      new Map([
        [shared.id, 2],
        [taken.id, 7],
      ]),
    );
    await test.audit();
  });

  it('tells 4 MiB of replaced blocks at most, the newest', async () => {
    // Without a nonce none of them is pending again.
    const one = new Transaction('a'.repeat(256), 'b'.repeat(256), 1);
    const large = extend([GENESIS], 8, { transactions: Array(1300).fill(one) });
    await test.store.append(large.slice(1));
    await test.adopt(1, extend([GENESIS], 9).slice(1), 1);
    const told = await test.store.replaced();
    expect(told.map(({ block }) => block.index)).toEqual([9, 8, 7, 6, 5]);
  });

  it('keeps the last hundred replaced blocks, newest first', async () => {
    const first = extend([GENESIS], 70, { miner: 'first' });
    const second = extend([GENESIS], 80, { miner: 'second' });
    const third = extend(second.slice(0, 20), 80, { miner: 'third' });
    await test.store.append(first.slice(1));
    await test.adopt(1, second.slice(1), 1);
    await test.settle();
    expect((await test.store.replaced()).map(({ block }) => block.hash)).toEqual(
      hashes(first.slice(1)).reverse(),
    );
    await test.adopt(20, third.slice(20), 2);
    await test.settle();
    const replaced = await test.store.replaced();
    const expected = [...first.slice(1), ...second.slice(20)].reverse().slice(0, 100);
    expect(replaced.map(({ block }) => block.hash)).toEqual(hashes(expected));
    expect(replaced.map(({ replacedAt }) => replacedAt)).toEqual([
      ...Array(61).fill(2),
      ...Array(39).fill(1),
    ]);
    await test.audit();
    await test.adopt(1, extend([GENESIS], 150, { miner: 'fourth' }).slice(1), 3);
    expect(hashes((await test.store.replaced()).map(({ block }) => block))).toEqual(
      hashes([...third.slice(1).reverse(), second.at(-1)!]),
    );
    await test.audit();
  });

  it('from A to B and back to A is A', async () => {
    const [first, second, third] = [payment(), payment(), payment()];
    const withPayments = extend([GENESIS], 2);
    withPayments.push(nextBlock(withPayments.at(-1)!, { transactions: [first, second] }));
    const longerA = extend(withPayments, 6);
    await test.store.append(withPayments.slice(1));
    await test.store.addPending([received(third)]);
    const before = await test.audit();

    const b = extend(extend([GENESIS], 1, { transactions: [second, third], miner: 'b' }), 4, { miner: 'b' });
    expect((await test.adopt(1, b.slice(1))).returned.map(({ transaction }) => transaction.id)).toEqual([
      first.id,
    ]);
    await test.settle();
    expect(await pendingIds(test.store)).toEqual([first.id]);
    const back = await test.adopt(1, longerA.slice(1));
    expect(back.returned.map(({ transaction }) => transaction.id)).toEqual([third.id]);
    expect(back.included).toEqual([first.id]);

    const after = await test.audit();
    expect(hashes(after.blocks)).toEqual(hashes(longerA));
    expect(hashes(after.blocks.slice(0, before.blocks.length))).toEqual(hashes(before.blocks));
    expect(after.pending).toEqual(before.pending);
  });
});

describe('what falls out of our chain', () => {
  /** Of some 600 KB, with one payment that can be pending again; its miner's name is not in ASCII, so it is read the long way. */
  function largeBlock(parent: Block): Block {
    const plain = new Transaction('a'.repeat(256), 'b'.repeat(256), 1);
    const transactions = [payment('a sender of some length'), ...Array<Transaction>(1_000).fill(plain)];
    return nextBlock(parent, { transactions, miner: 'Zoë' });
  }

  it('holds nothing of its blocks: payments out of many large ones weigh next to nothing', async () => {
    const test = await TestStore.onDisk();
    try {
      const before = bytesAlive();
      let last = GENESIS;
      for (let i = 0; i < 24; i++) {
        last = largeBlock(last);
        await test.store.append([last]);
      }
      const adoption = await test.adopt(1, extend([GENESIS], 25, { miner: 'other' }).slice(1));
      expect(adoption.returned).toHaveLength(24);
      // LevelDB lets go of what it has read a moment later.
      await until(() => bytesAlive() - before < 4 << 20);
    } finally {
      await test.dispose();
    }
  });
});

/** Two chains of one genesis, long enough that an adoption takes several batches on either side. */
function longFork(): {
  ours: Block[];
  theirs: Block[];
  early: Transaction;
  late: Transaction;
  lost: Transaction;
} {
  const [early, late, lost] = payments(3) as [Transaction, Transaction, Transaction];
  const fields = { difficulty: 0 };
  let ours = extend([GENESIS], 700, { ...fields, miner: 'we' });
  ours = extend(ours, 1, { ...fields, transactions: [early, lost] });
  ours = extend(ours, 450, { ...fields, miner: 'we' });
  ours = extend(ours, 1, { ...fields, transactions: [late] });
  let theirs = extend(ours.slice(0, 10), 2, { ...fields, miner: 'they', transactions: [late] }).slice(0, 11);
  theirs = extend(theirs, 1_200, { ...fields, miner: 'they' });
  theirs = extend(theirs, 1, { ...fields, transactions: [early] });
  return { ours, theirs, early, late, lost };
}

interface GetOptions {
  readonly snapshot?: Snapshot;
}
type Get = () => Promise<Buffer | undefined>;

/** What is read by itself, from a snapshot, is told only when it is let go. */
class SlowGets implements Backend {
  readonly place: string;
  readonly snapshots: Snapshot[] = [];
  /** How each is made. */
  get: (read: Get, key: string, options: GetOptions) => ReturnType<Get> = (read) => read();
  letGo: () => void = () => {};
  readonly gate = new Promise<void>((resolve) => {
    this.letGo = resolve;
  });

  constructor(private readonly backend: Backend) {
    this.place = backend.place;
  }

  async open(): Promise<Level> {
    const level = await this.backend.open();
    const get = (key: string, options: GetOptions) => this.get(() => level.get(key, options), key, options);
    const snapshot = () => {
      const taken = level.snapshot();
      this.snapshots.push(taken);
      return taken;
    };
    return new Proxy(level, {
      get: (target, key) => {
        if (key === 'get') return get;
        if (key === 'snapshot') return snapshot;
        const value = Reflect.get(target, key, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  discard(): Promise<void> {
    return this.backend.discard();
  }
}

describe.each([
  ['on LevelDB', () => TestStore.onDisk()],
  ['in memory', () => TestStore.inMemory()],
] as const)('while an adoption is under way %s', (_, create) => {
  const { ours, theirs, early, late, lost } = longFork();
  let test: TestStore;
  beforeEach(async () => {
    test = await create();
    await test.store.append(ours.slice(1));
    await test.store.addPending([received(payment('waiting'))]);
  });
  afterEach(async () => {
    await test.dispose();
  });

  it('readers see the old chain until the new one is whole', async () => {
    let batches = -1;
    const pending = await test.store.pending();
    const lookAround = async () => {
      if (batches < 0) return;
      batches++;
      const { store } = test;
      expect(store.head.hash).toBe(ours.at(-1)!.hash);
      for (const index of [10, 11, 700, ours.length]) {
        expect(await store.hashAt(index)).toBe(ours[index - 1]!.hash);
        expect((await store.blockAt(index))?.hash).toBe(ours[index - 1]!.hash);
        expect(await store.indexOf(ours[index - 1]!.hash)).toBe(index);
      }
      expect(await store.blockAt(ours.length + 1)).toBeUndefined();
      expect(await store.indexOf(theirs[12]!.hash)).toBeUndefined();
      expect(await store.locate([early.id, late.id])).toEqual(
        new Map([
          [early.id, 702],
          [late.id, ours.length],
        ]),
      );
      expect(await store.pending()).toEqual(pending);
      expect(await store.replaced()).toEqual([]);
      expect(await allBytes(store)).toEqual(textsOf(ours));
    };
    await test.reopen(new Watched(test.backend, lookAround));
    const branch = await test.store.extendBranch(await test.store.beginBranch(10), theirs.slice(10));
    const kept = await test.store.snapshot();
    batches = 0;
    await test.store.adopt(branch, 5);
    expect(batches).toBeGreaterThanOrEqual(8);
    batches = -1;
    expect(test.store.head.hash).toBe(theirs.at(-1)!.hash);
    expect(await allBytes(test.store)).toEqual(textsOf(theirs));
    expect(kept.head.length).toBe(ours.length);
    await kept.close();
    await test.audit();
  });

  it('a read that has begun is answered from the old chain, though the adoption ends between two of its steps', async () => {
    const slow = new SlowGets(test.backend);
    let reads: Promise<unknown>[] | undefined;
    const begin = (changes: readonly Change[]) => {
      if (reads !== undefined || !changes.some(({ key }) => key === layout.adoption)) return;
      const { store } = test;
      slow.get = async (read, _, { snapshot }) => {
        const value = await read();
        if (snapshot !== undefined) await slow.gate;
        return value;
      };
      reads = [
        store.blockAt(700).then((block) => block?.hash),
        store.hashAt(700),
        store.indexOf(ours[699]!.hash),
      ];
    };
    await test.reopen(new Watched(slow, begin));
    const branch = await test.store.extendBranch(await test.store.beginBranch(10), theirs.slice(10));
    await test.store.adopt(branch, 5);
    expect(test.store.head.hash).toBe(theirs.at(-1)!.hash);
    slow.letGo();
    expect(await Promise.all(reads!)).toEqual([ours[699]!.hash, ours[699]!.hash, 700]);
    // Whoever was last has let go of it.
    expect(slow.snapshots).toHaveLength(1);
    for (const snapshot of slow.snapshots) expect(() => snapshot.ref()).toThrow('not open');
  });

  it('waits for a read that began before it and needs what it takes away', async () => {
    const slow = new SlowGets(test.backend);
    const begun = Promise.withResolvers<void>();
    const deleted = Promise.withResolvers<void>();
    const begins = (changes: readonly Change[]) => {
      if (changes.some(({ key }) => key === layout.adoption)) deleted.resolve();
    };
    await test.reopen(new Watched(slow, begins));
    const branch = await test.store.extendBranch(await test.store.beginBranch(10), theirs.slice(10));
    slow.get = async (read, key) => {
      if (layout.isPage(key)) {
        begun.resolve();
        await slow.gate;
      }
      return await read();
    };
    const read = test.store.indexOf(ours[699]!.hash);
    await begun.promise;
    const adoption = test.store.adopt(branch, 5);
    const turns = (async () => {
      for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
    })();
    await Promise.race([deleted.promise, turns]);
    slow.letGo();
    expect(await read).toBe(700);
    await adoption;
    expect(test.store.trouble).toBeUndefined();
    expect(test.store.head.hash).toBe(theirs.at(-1)!.hash);
  });

  it('a crash after any of its batches leaves it to the next start, which ends as if nothing had happened', async () => {
    const waiting = await pendingIds(test.store);
    let cutStarts = 0;
    for (let crashAfter = 0; ; crashAfter++) {
      let left = Number.POSITIVE_INFINITY;
      const crash = () => {
        if (left-- <= 0) throw new Error('the power is gone');
      };
      const run = await create();
      try {
        await run.store.append(ours.slice(1));
        await run.store.addPending(await test.store.pending());
        await run.reopen(new Watched(run.backend, crash));
        const branch = await run.store.extendBranch(await run.store.beginBranch(10), theirs.slice(10));
        left = crashAfter;
        const outcome = await run.store.adopt(branch, 5).then(
          () => 'adopted',
          (error) => error.code,
        );
        if (outcome === 'adopted') {
          expect(crashAfter).toBeGreaterThanOrEqual(8);
          // Of those that were cut off twice, only the last had no more to do.
          expect(cutStarts).toBe(crashAfter - 3);
          return;
        }
        expect(outcome).toBe('not-writable');
        // Nothing more is written, and readers still have the chain from before.
        left = Number.POSITIVE_INFINITY;
        await expect(run.store.addPending([received(payment())])).rejects.toMatchObject({
          code: 'not-writable',
        });
        expect(await allBytes(run.store)).toEqual(textsOf(ours));

        const adopts = crashAfter > 0;
        // The next start is cut off, too, as early as it can be.
        if (crashAfter > 1) {
          await run.store.close();
          left = 1;
          await run.reopen(new Watched(run.backend, crash)).catch((error) => {
            expect(error.code).toBe('not-writable');
            cutStarts += 1;
          });
        }
        await run.reopen();
        expect(run.store.head.hash).toBe((adopts ? theirs : ours).at(-1)!.hash);
        expect(await pendingIds(run.store)).toEqual(adopts ? [...waiting, lost.id] : waiting);
        expect(hashes((await run.store.replaced()).map(({ block }) => block))).toEqual(
          adopts ? hashes(ours.slice(-100)).reverse() : [],
        );
        const { blocks } = await run.audit();
        expect(hashes(blocks)).toEqual(hashes(adopts ? theirs : ours));
      } finally {
        await run.dispose();
      }
    }
  });

  it('closing the store does not wait for its end, which comes at the next start', async () => {
    let batches = -1;
    let closing: Promise<void> | undefined;
    await test.reopen(
      new Watched(test.backend, () => {
        if (batches >= 0 && ++batches === 4) closing = test.store.close();
      }),
    );
    const branch = await test.store.extendBranch(await test.store.beginBranch(10), theirs.slice(10));
    batches = 0;
    await expect(test.store.adopt(branch, 5)).rejects.toMatchObject({ code: 'closed' });
    await closing;
    await test.reopen();
    expect(test.store.head.hash).toBe(theirs.at(-1)!.hash);
    await test.store.close();
    await audit(test.backend, NETWORK, FEW_BLOCKS);
  });
});

it('an adoption that the system stops half way, with too many files open, is told: nothing more is written until the next start', async () => {
  const backend = new KeptMemory();
  const { level } = backend;
  const told: string[] = [];
  const store = new LevelBlockStore(backend, NETWORK, ({ code }) => told.push(code), FEW_BLOCKS);
  await store.open();
  const ours = extend([GENESIS], 2);
  await store.append(ours.slice(1));
  const theirs = extend([GENESIS], 3, { miner: 'they' });
  const branch = await store.extendBranch(await store.beginBranch(1), theirs.slice(1));
  const { batch, iterator } = level;
  const refused = Object.assign(new Error('IO error: 000005.ldb: Too many open files'), {
    code: 'LEVEL_IO_ERROR',
  });
  level.batch = ((...args: []) => {
    level.iterator = () => {
      throw refused;
    };
    return batch.call(level, ...args);
  }) as typeof batch;
  await expect(store.adopt(branch, 1)).rejects.toMatchObject({ code: 'not-openable' });
  Object.assign(level, { batch, iterator });
  await expect(store.append(extend(ours, 1).slice(-1))).rejects.toMatchObject({ code: 'not-openable' });
  expect(told).toEqual(['not-openable']);
  await store.close();
  await store.open();
  expect(store.head.hash).toBe(theirs.at(-1)!.hash);
  await store.close();
});

describe('an adoption of what cannot be read', () => {
  it.each([
    ['a block of the branch', layout.branchBlock('1', 4), /block 4 of a branch is not what was stored/, true],
    ['a block that would fall out', layout.run(4), /block 4 is not what was stored/, false],
  ])('(%s) changes nothing, and blocks that follow are still taken', async (_, key, message, ofBranch) => {
    const backend = new KeptMemory();
    const { level } = backend;
    const store = new LevelBlockStore(backend, NETWORK, undefined, FEW_BLOCKS);
    await store.open();
    const ours = extend([GENESIS], 4);
    for (const block of ours.slice(1)) await store.append([block]);
    const theirs = extend(ours.slice(0, 2), 5, { miner: 'they' });
    const branch = await store.extendBranch(await store.beginBranch(2), theirs.slice(2));
    const record = Buffer.from((await level.get(key)) ?? '');
    record[record.length - 9]! ^= 1;
    await level.put(key, record);
    const failure = await store.adopt(branch, 1).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'damaged', message });
    expect(failure instanceof UnreadableBranch).toBe(ofBranch);
    expect(await level.get(layout.adoption)).toBeUndefined();
    const further = extend(ours, 1);
    await store.append(further.slice(-1));
    expect(store.head.hash).toBe(further.at(-1)!.hash);
    await store.close();
    await store.open();
    expect(store.head.hash).toBe(further.at(-1)!.hash);
    await store.close();
  });
});
