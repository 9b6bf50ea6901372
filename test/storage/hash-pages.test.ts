import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/chain/index.js';
import { candidatesIn, pagesWith, RecentHashes } from '../../src/storage/hash-pages.js';
import { layout } from '../../src/storage/layout.js';
import { extend } from '../helpers/chains.js';
import { FEW_BLOCKS, GENESIS, STORES, TestStore } from './support.js';

const hashesOf = (count: number) => Array.from({ length: count }, (_, index) => sha256(`${index}`));

describe('recent hashes', () => {
  it('are found until their page is full, and in its records then', () => {
    const hashes = hashesOf(2_500);
    const { recent, changes } = RecentHashes.of(0, 1_000).with(hashes);
    expect(recent.next).toBe(2_501);
    const records = changes.map((change) => [change.key, change.type === 'put' ? change.value : null]) as [
      string,
      Buffer,
    ][];
    for (const [at, hash] of hashes.entries()) {
      const { gte, lt } = pagesWith(hash);
      const pages = records.filter(([key]) => key >= gte && key < lt);
      const found = pages.flatMap((page) => [...candidatesIn(page, hash, 1_000)]);
      expect(found).toEqual(at < 2_000 ? [at + 1] : []);
      expect(recent.indexOf(hash)).toBe(at < 2_000 ? undefined : at + 1);
    }
  });

  it('do not see what was added to them elsewhere', () => {
    const [a, b, c] = hashesOf(3) as [string, string, string];
    const one = RecentHashes.of(0, 3).with([a]).recent;
    const two = one.with([b]).recent;
    two.with([c]);
    expect([one.indexOf(b), two.indexOf(b), two.indexOf(c)]).toEqual([undefined, 2, undefined]);
    expect(one.with([c]).recent.indexOf(c)).toBe(2);
  });

  it('are known up to any block of their page, and what is added after it stays apart', () => {
    const hashes = hashesOf(8);
    const { recent } = RecentHashes.of(0, 5).with(hashes);
    expect([4, 9].map((length) => recent.upTo(length))).toEqual([undefined, undefined]);
    const upTo = recent.upTo(6)!;
    expect(upTo.next).toBe(7);
    const other = upTo.with(hashesOf(1)).recent;
    expect([hashes[5]!, hashes[6]!].map((hash) => upTo.indexOf(hash))).toEqual([6, undefined]);
    expect(other.indexOf(hashesOf(1)[0]!)).toBe(7);
    expect(recent.indexOf(hashes[6]!)).toBe(7);
    expect(recent.upTo(5)?.next).toBe(6);
  });

  it('are told apart by all of their bytes', () => {
    const [hash] = hashesOf(1) as [string];
    const { recent } = RecentHashes.of(0, 3).with([hash]);
    const other = `${hash.slice(0, -1)}${hash.endsWith('0') ? 1 : 0}`;
    expect([recent.indexOf(hash), recent.indexOf(other)]).toEqual([1, undefined]);
  });

  it('are none of what is no hash', () => {
    const { recent } = RecentHashes.of(0, 3).with(hashesOf(1));
    for (const text of ['', '1', 'no hash', `${hashesOf(1)}00`]) expect(recent.indexOf(text)).toBeUndefined();
  });
});

describe.each(STORES)('blocks %s are found by their hashes', (_, made) => {
  const CHAIN = extend([GENESIS], 4 * FEW_BLOCKS);

  it('whether their page is full or not', async () => {
    const test = await made();
    for (const block of CHAIN.slice(1)) {
      await test.store.append([block]);
      await test.settle();
      for (const { index, hash } of CHAIN)
        expect(await test.store.indexOf(hash)).toBe(index <= block.index ? index : undefined);
    }
    await test.audit();
    await test.dispose();
  });

  it.each([1, FEW_BLOCKS - 1, FEW_BLOCKS, 2 * FEW_BLOCKS + 1, 4 * FEW_BLOCKS])(
    'and those that a longer chain has replaced after block %i are not',
    async (fork) => {
      const test = await made();
      await test.store.append(CHAIN.slice(1));
      const other = extend(CHAIN.slice(0, fork), CHAIN.length - fork + 2, { miner: 'other' });
      await test.adopt(fork, other.slice(fork));
      await test.settle();
      for (const { index, hash } of other) expect(await test.store.indexOf(hash)).toBe(index);
      for (const { hash } of CHAIN.slice(fork)) expect(await test.store.indexOf(hash)).toBeUndefined();
      await test.audit();
      await test.dispose();
    },
  );
});

it('a record of a page that was spoilt hides its blocks, and no more', async () => {
  const test = await TestStore.onDisk();
  const chain = extend([GENESIS], 2 * FEW_BLOCKS);
  await test.store.append(chain.slice(1));
  await test.store.close();
  const level = await test.backend.open();
  const spoilt = chain[2]!.hash;
  await level.put(layout.hashes(spoilt.slice(0, 2), 0), Buffer.alloc(13, 0xff));
  await level.close();
  await test.store.open();
  expect(await test.store.indexOf(spoilt)).toBeUndefined();
  expect(await test.store.indexOf(chain.at(-1)!.hash)).toBe(chain.length);
  expect((await test.store.blockAt(3))?.hash).toBe(spoilt);
  await test.dispose();
});
