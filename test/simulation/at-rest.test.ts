import { MemoryLevel } from 'memory-level';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Transaction } from '../../src/chain/index.js';
import { layout } from '../../src/storage/layout.js';
import { LevelBlockStore } from '../../src/storage/level-block-store.js';
import { UNREADABLE } from '../../src/storage/mark.js';
import { OpenPage } from '../../src/storage/page.js';
import { runRecord } from '../../src/storage/run.js';
import { chainOf, nextBlock, payments, testNetwork } from '../helpers/chains.js';
import { checkDisk, PAGE_BLOCKS, type Shown } from './at-rest.js';

const SPEC = testNetwork({ difficulty: 1 });
const [paid, pending, later] = payments(3);
const CHAIN = chainOf(SPEC, 3);
const LAST = nextBlock(CHAIN.at(-1)!, { transactions: [paid!] });

let level: MemoryLevel<string, Buffer>;
let store: LevelBlockStore;
const shown = (): Shown => ({ ...store.head, pending: [pending!.id] });
const check = (memory = shown()) => checkDisk({ contents: () => level.iterator().all() }, memory, SPEC);
const entry = (transaction: Transaction | undefined) => ({
  transaction: transaction!,
  receivedAt: 0,
  from: null,
});

beforeEach(async () => {
  level = new MemoryLevel<string, Buffer>({ valueEncoding: 'buffer' });
  store = new LevelBlockStore(
    { place: 'memory', open: async () => level, discard: async () => {} },
    SPEC,
    undefined,
    PAGE_BLOCKS,
  );
  await store.open();
  // Each in a record of its own.
  for (const block of [...CHAIN.slice(1), LAST]) await store.append([block]);
  await store.addPending([entry(pending)]);
});

describe('what is on a disk at rest', () => {
  it('is what its store has written, and shows', async () => {
    await check();
  });

  const nothing = async () => {};
  it.each<[string, RegExp, () => Promise<unknown>, Partial<Shown>?]>([
    ['a head that its node does not show', /strictly deep-equal/, nothing, { length: 3 }],
    ['a pending transaction that its node does not show', /what is pending/, nothing, { pending: [] }],
    ['a pending transaction less', /what is pending/, () => level.del(layout.pending(pending!.id))],
    [
      'a transaction twice',
      /in the chain already/,
      () => store.append([nextBlock(LAST, { transactions: [paid!] })]),
    ],
    ['a last block less', /strictly deep-equal/, () => level.del(layout.run(LAST.index))],
    ['a gap between blocks', /follows block 1/, () => level.del(layout.run(2))],
    [
      'a run that says there are fewer bytes before it',
      /not so of the chain before it/,
      () => level.put(layout.run(LAST.index), runRecord([LAST], { bytes: 1, paged: PAGE_BLOCKS })),
    ],
    ['a chain without a page', /not so of the chain before it/, () => level.del(layout.page(PAGE_BLOCKS))],
    [
      'a page without its blocks',
      /is not the page/,
      () =>
        level.put(layout.page(PAGE_BLOCKS), OpenPage.at(1).with(Array(PAGE_BLOCKS).fill(UNREADABLE)).record),
    ],
    [
      'a page that its checksum is not of',
      /the checksum of/,
      () => level.put(layout.page(PAGE_BLOCKS), Buffer.alloc(20)),
    ],
    ['an adoption', /an adoption is left open/, () => level.put(layout.adoption, Buffer.from('{}'))],
  ])('is not %s', async (_, why, spoil, memory) => {
    const before = shown();
    await spoil();
    await expect(
      check({ ...before, length: store.head.length, hash: store.head.hash, ...memory }),
    ).rejects.toThrow(why);
  });

  it('is not a transaction that is both pending and in the chain', async () => {
    await store.addPending([entry(later)]);
    const record = level.getSync(layout.pending(later!.id))!;
    await store.append([nextBlock(LAST, { transactions: [later!] })]);
    await level.put(layout.pending(later!.id), record);
    const memory = { ...shown(), pending: [pending!.id, later!.id] };
    await expect(check(memory)).rejects.toThrow('is pending and in the chain');
  });
});
