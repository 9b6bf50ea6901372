import { describe, expect, it, vi } from 'vitest';
import { sha256 } from '../../src/chain/index.js';
import { layout } from '../../src/storage/layout.js';
import { LevelBlockStore } from '../../src/storage/level-block-store.js';
import { MAX_MARK, type Marked, markOf, UNREADABLE } from '../../src/storage/mark.js';
import { MarkTable } from '../../src/storage/mark-table.js';
import { type Candidate, candidatesIn, firstIn, marksIn, OpenPage } from '../../src/storage/page.js';
import { extend, nextBlock, payment } from '../helpers/chains.js';
import { FEW_BLOCKS, GENESIS, KeptMemory, NETWORK, STORES, TestStore } from './support.js';

/** Blocks with a hash each, and in every other block a transaction. */
const markedOf = (count: number): Marked[] =>
  Array.from({ length: count }, (_, at) => ({
    hash: sha256(`block ${at}`),
    ids: at % 2 === 0 ? [sha256(`transaction ${at}`)] : [],
  }));

describe('a mark', () => {
  it('is the first 36 bits of a hash, which leave room for a place in a safe integer', () => {
    expect(markOf(`${'0'.repeat(8)}1${'f'.repeat(55)}`)).toBe(1);
    expect(markOf('f'.repeat(64))).toBe(MAX_MARK);
    for (const none of ['', 'no hash', '-1']) expect(markOf(none)).toBe(0);
    expect(MAX_MARK * 2 ** 16 + 0xffff).toBeLessThan(Number.MAX_SAFE_INTEGER);
  });
});

describe('the table of marks', () => {
  const marks = (name: string, count: number) =>
    Array.from({ length: count }, (_, at) => markOf(sha256(`${name} ${at}`)));

  it('names the page of every mark that was added, however many there are, and seldom another', () => {
    const table = new MarkTable();
    const added = marks('added', 400_000);
    for (const [at, mark] of added.entries()) table.add(mark, Math.floor(at / 6_000));
    let wrong = 0;
    let missed = 0;
    for (const [at, mark] of added.entries()) {
      const pages = table.pagesWith(mark);
      if (pages.includes(Math.floor(at / 6_000))) wrong += pages.length - 1;
      else missed++;
    }
    expect(missed).toBe(0);
    // By chance: 7.5 others stand where one is looked for (Knuth, TAOCP 3, 6.4), in each of six parts, one in 65,536 with its tag.
    const byChance = (marks: number) => (marks * 6 * 7.5) / 65_536;
    expect(wrong).toBeLessThan(2 * byChance(400_000));
    const others = marks('other', 100_000).filter((mark) => table.pagesWith(mark).length > 0);
    expect(others.length).toBeLessThan(2 * byChance(100_000));
  });

  it('has room for the marks of a very long chain, and no more pages than it can name', () => {
    const table = new MarkTable();
    for (let mark = 0; mark < 2_000_000; mark++) table.add(mark * 30_011, 9);
    let missed = 0;
    for (let mark = 0; mark < 2_000_000; mark += 7) if (!table.mayHave(mark * 30_011)) missed++;
    expect(missed).toBe(0);
    expect(() => table.add(1, 65_535)).toThrow(RangeError);
  });

  it('names all pages of a mark, the last that there may be among them', () => {
    const table = new MarkTable();
    for (const page of [0, 7, 65_534]) for (const mark of [0, 5_000, MAX_MARK]) table.add(mark, page);
    for (const mark of [0, 5_000, MAX_MARK]) expect(table.pagesWith(mark)).toEqual([0, 7, 65_534]);
    expect(table.pagesWith(3_000)).toEqual([]);
  });

  it('is no slower where marks end alike', () => {
    const table = new MarkTable();
    // In slots of their own; where all of them began in one, each would be compared with all before it.
    const alike = Array.from({ length: 60_000 }, (_, at) => at * 2 ** 17);
    for (const mark of alike) table.add(mark, mark % 7);
    let found = 0;
    for (const mark of alike) if (table.pagesWith(mark).includes(mark % 7)) found++;
    expect(found).toBe(alike.length);
  });

  it('does not grow by what it has', () => {
    const table = new MarkTable();
    const [mark] = marks('one', 1) as [number];
    for (let time = 0; time < 100_000; time++) table.add(mark, 3);
    expect(table.pagesWith(mark)).toEqual([3]);
  });
});

const pageOf = (first: number, blocks: readonly Marked[]) => OpenPage.at(first).with(blocks);

describe('a page', () => {
  const blocks = markedOf(100);
  const page = pageOf(501, blocks);
  const digests = blocks.flatMap(({ hash, ids }, at) =>
    [hash, ...ids].map((digest) => [digest, 501 + at] as const),
  );

  it('finds blocks by their hashes and by the ids of their transactions, open or closed', () => {
    const { record } = page;
    for (const [digest, index] of digests) {
      expect([...page.candidates([digest])]).toEqual([{ digest, index }]);
      expect(candidatesIn(record, [digest])).toEqual([{ digest, index }]);
    }
    const others = ['0'.repeat(64), 'f'.repeat(64), sha256('another')];
    expect([...page.candidates(others)]).toEqual([]);
    expect(candidatesIn(record, others)).toEqual([]);
    const all = digests.map(([digest, index]) => ({ digest, index }));
    const asked = [...others, ...all.map(({ digest }) => digest)];
    expect([...page.candidates(asked)].toSorted((a, b) => a.index - b.index)).toEqual(all);
    expect(candidatesIn(record, asked)).toEqual(all);
  });

  it('has a place for a block that cannot be read, and nothing that finds it', () => {
    const [a, b] = markedOf(2) as [Marked, Marked];
    const some = OpenPage.at(1).with([a, UNREADABLE, b]);
    expect([...some.candidates([a, UNREADABLE, b].map(({ hash }) => hash))]).toEqual([
      { digest: a.hash, index: 1 },
      { digest: b.hash, index: 3 },
    ]);
    expect([...some.since(OpenPage.at(1).with([a]))]).toEqual([markOf(b.hash)]);
  });

  it('tells of all blocks that have the same mark', () => {
    const same = [1, 2, 3].map((last) => ({ hash: `${'ab'.repeat(31)}0${last}`, ids: [] }));
    const alike = pageOf(1, [...markedOf(10), ...same, ...markedOf(20).slice(10)]);
    const asked = same.map(({ hash }) => hash);
    const each = [11, 12, 13].flatMap((index) => asked.map((digest) => ({ digest, index })));
    const byIndex = (a: Candidate, b: Candidate) => a.index - b.index || a.digest.localeCompare(b.digest);
    expect([...alike.candidates(asked)].toSorted(byIndex)).toEqual(each);
    expect(candidatesIn(alike.record, asked)?.toSorted(byIndex)).toEqual(each);
  });

  it('is read back with what it begins with, and all its marks', () => {
    const { record } = page;
    expect([page.first, page.last]).toEqual([501, 600]);
    expect(firstIn(record)).toBe(501);
    expect([...marksIn(record)].toSorted()).toEqual(digests.map(([digest]) => markOf(digest)).toSorted());
  });

  it('that is not what was stored finds nothing, and says so', () => {
    const { record } = page;
    const spoilt = [Buffer.alloc(0), Buffer.alloc(20), record.subarray(0, -8), record.subarray(0, -1)];
    for (let at = 0; at < record.length; at += 97) {
      const changed = Buffer.from(record);
      changed[at]! ^= 1;
      spoilt.push(changed);
    }
    for (const each of spoilt)
      expect([firstIn(each), candidatesIn(each, [digests[0]![0]])]).toEqual([undefined, undefined]);
  });

  it('does not see what was added to it since, and goes on apart from any of its blocks', () => {
    const [a, b, c, d] = markedOf(4) as [Marked, Marked, Marked, Marked];
    const one = OpenPage.at(1).with([a]);
    const two = one.with([b]);
    const three = two.with([c]);
    const has = (open: OpenPage, { hash }: Marked) => [...open.candidates([hash])].length === 1;
    expect([one, two, three].map((open) => [a, b, c].map((each) => has(open, each)))).toEqual([
      [true, false, false],
      [true, true, false],
      [true, true, true],
    ]);
    const other = two.upTo(1)!.with([d]);
    expect([a, b, c, d].map((each) => has(other, each))).toEqual([true, false, false, true]);
    expect([a, b, c, d].map((each) => has(three, each))).toEqual([true, true, true, false]);
    expect([other.last, three.last, three.upTo(0)?.last]).toEqual([2, 3, 0]);
    expect([three.upTo(4), OpenPage.at(5).upTo(3)]).toEqual([undefined, undefined]);
  });

  it('is full with so many blocks, or with many transactions', () => {
    expect([99, 100, 101].map((blocks) => page.isFull(blocks))).toEqual([true, true, false]);
    const ids = Array.from({ length: 8_191 }, (_, at) => sha256(String(at)));
    const { hash } = GENESIS;
    expect(pageOf(1, [{ hash, ids: ids.slice(1) }]).isFull(100)).toBe(false);
    expect(pageOf(1, [{ hash, ids }]).isFull(100)).toBe(true);
  });
});

describe.each(STORES)('blocks %s, and their transactions, are found', (_, made) => {
  const paid = Array.from({ length: 4 * FEW_BLOCKS }, () => payment());
  const CHAIN = [GENESIS];
  for (const each of paid) CHAIN.push(nextBlock(CHAIN.at(-1)!, { transactions: [each] }));

  it('whether their page is full or not', async () => {
    const test = await made();
    for (const block of CHAIN.slice(1)) {
      await test.store.append([block]);
      await test.settle();
      for (const { index, hash, ids } of CHAIN) {
        const found = index <= block.index ? index : undefined;
        expect(await test.store.indexOf(hash)).toBe(found);
        expect([...(await test.store.locate(ids)).values()]).toEqual(ids.length > 0 && found ? [found] : []);
      }
    }
    await test.audit();
    await test.dispose();
  });

  it.each([1, FEW_BLOCKS - 1, FEW_BLOCKS, 2 * FEW_BLOCKS + 1, 4 * FEW_BLOCKS])(
    'and those that a longer chain has replaced after block %i are not',
    async (fork) => {
      const test = await made();
      await test.store.append(CHAIN.slice(1));
      const again = nextBlock(CHAIN[fork - 1]!, { miner: 'other', transactions: paid.slice(fork - 1) });
      const other = extend([...CHAIN.slice(0, fork), again], CHAIN.length - fork + 1, { miner: 'other' });
      await test.adopt(fork, other.slice(fork));
      await test.settle();
      for (const { index, hash } of other) expect(await test.store.indexOf(hash)).toBe(index);
      for (const { hash } of CHAIN.slice(fork)) expect(await test.store.indexOf(hash)).toBeUndefined();
      // Those of the blocks that are gone stand in one block now.
      const places = paid.map(({ id }, at) => [id, Math.min(at + 2, fork + 1)] as const);
      expect(await test.store.locate(paid.map(({ id }) => id))).toEqual(new Map(places));
      await test.audit();
      await test.dispose();
    },
  );

  it('by the whole of their hash and id', async () => {
    const test = await made();
    await test.store.append(CHAIN.slice(1));
    await test.settle();
    const changed = (digest: string) => `${digest.slice(0, -1)}${digest.endsWith('0') ? 1 : 0}`;
    for (const { hash, ids } of CHAIN) {
      expect(await test.store.indexOf(changed(hash))).toBeUndefined();
      expect((await test.store.locate(ids.map(changed))).size).toBe(0);
    }
    for (const text of ['', '1', 'no hash', `${CHAIN[0]!.hash}00`]) {
      expect(await test.store.indexOf(text)).toBeUndefined();
      expect((await test.store.locate([text])).size).toBe(0);
    }
    await test.dispose();
  });
});

it('a store with a page that is not what was stored is damaged: what is in its chain already could not be told', async () => {
  const test = await TestStore.onDisk();
  const chain = extend([GENESIS], 3 * FEW_BLOCKS);
  for (const block of chain.slice(1)) await test.store.append([block]);
  await test.store.close();
  const level = await test.backend.open();
  await level.put(layout.page(FEW_BLOCKS), Buffer.alloc(20, 0xff));
  await level.close();
  await expect(test.store.open()).rejects.toMatchObject({
    code: 'damaged',
    message: /the page of its index that ends with block 5 is not what was stored/,
  });
  await test.dispose();
});

it('a block that cannot be read is not found, and those after it are where they were', async () => {
  const test = await TestStore.onDisk();
  const chain = extend([GENESIS], FEW_BLOCKS);
  for (const block of chain.slice(1)) await test.store.append([block]);
  await test.store.close();
  const level = await test.backend.open();
  await level.put(layout.run(3), Buffer.alloc(30));
  await level.close();
  await test.store.open();
  expect(await test.store.indexOf(chain[2]!.hash)).toBeUndefined();
  for (const at of [0, 1, 3, 4]) expect(await test.store.indexOf(chain[at]!.hash)).toBe(at + 1);
  await expect(test.store.blockAt(3)).rejects.toMatchObject({ code: 'damaged' });
  await test.dispose();
});

describe('what is looked for', () => {
  const paid = Array.from({ length: 50 }, () => payment());
  const chain = extend([GENESIS], 1);
  chain.push(nextBlock(chain.at(-1)!, { transactions: paid }));
  const whole = extend(chain, 2 * FEW_BLOCKS);
  const ids = paid.map(({ id }) => id);

  /** A store in memory, and the keys that were read of it. */
  async function counted(pageBlocks = FEW_BLOCKS) {
    const backend = new KeptMemory();
    const get = vi.spyOn(backend.level, 'get');
    const store = new LevelBlockStore(backend, NETWORK, () => {}, pageBlocks);
    await store.open();
    for (const block of whole.slice(1)) await store.append([block]);
    get.mockClear();
    return { store, reads: () => get.mock.calls.map(([key]) => String(key)) };
  }

  it('in one block is looked for in it once, and once in its page', async () => {
    const { store, reads } = await counted();
    expect(await store.locate(ids)).toEqual(new Map(ids.map((id) => [id, 3])));
    expect(reads()).toEqual([layout.page(5), layout.run(3)]);
    await store.close();
  });

  it('there one after the other, too', async () => {
    const { store, reads } = await counted();
    for (const id of ids) expect(await store.locate([id])).toEqual(new Map([[id, 3]]));
    expect(reads().filter((key) => !layout.isPage(key))).toEqual([layout.run(3)]);
    await store.close();
  });

  it('by a list of hashes is the first that is ours', async () => {
    const { store } = await counted();
    const [other] = extend(chain.slice(0, 1), 1, { miner: 'other' }).slice(1);
    expect(await store.firstOf([other!.hash, whole[4]!.hash, whole[2]!.hash])).toBe(5);
    expect(await store.firstOf([other!.hash])).toBeUndefined();
    expect(await store.firstOf([])).toBeUndefined();
    await store.close();
  });

  it.each([FEW_BLOCKS, 100])(
    'by somebody whose chain was ours until a longer one came is what both still share (pages of %i blocks)',
    async (pageBlocks) => {
      const { store } = await counted(pageBlocks);
      const fork = 4;
      const other = extend(whole.slice(0, fork), whole.length - fork + 1, { miner: 'other' });
      const branch = await store.extendBranch(await store.beginBranch(fork), other.slice(fork));
      await store.adopt(branch, 1);
      const theirs = whole.map(({ hash }) => hash).reverse();
      expect(whole.length - fork).toBeGreaterThan(4);
      expect(await store.firstOf(theirs)).toBe(fork);
      await store.close();
    },
  );

  it('is looked for no longer where hashes are like some of ours, as nobody finds them by chance', async () => {
    const { store, reads } = await counted();
    const alike = whole.slice(1).map(({ hash }) => `${hash.slice(0, 9)}${'0'.repeat(55)}`);
    const { hash } = whole[3]!;
    expect(await store.firstOf([...alike.slice(0, 3), hash])).toBe(4);
    const before = reads().length;
    expect(await store.firstOf([...alike, hash])).toBeUndefined();
    expect(reads().length - before).toBeLessThanOrEqual(2 * 4);
    await store.close();
  });
});
