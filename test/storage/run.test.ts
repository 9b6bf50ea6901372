import { describe, expect, it } from 'vitest';
import { layout } from '../../src/storage/layout.js';
import {
  beforeRun,
  isWhole,
  NOTHING,
  recordIn,
  recordsIn,
  runRecord,
  runsOf,
} from '../../src/storage/run.js';
import { extend } from '../helpers/chains.js';
import { allBytes, GENESIS, hashes, STORES, TestStore, textsOf } from './support.js';

const CHAIN = extend([GENESIS], 1_000);

describe('a run of blocks', () => {
  it('has every block once, under its index, in records of some 64 KiB', () => {
    const runs = [...runsOf(CHAIN.slice(1))].map((blocks) => ({
      first: blocks[0]!.index,
      record: runRecord(blocks, NOTHING),
    }));
    expect(runs.length).toBeGreaterThan(2);
    for (const { record } of runs) expect(record.length).toBeLessThan((64 << 10) + 1_000);
    const found = CHAIN.slice(1).map(({ index }) => {
      const run = runs.findLast(({ first }) => first <= index);
      return run && recordIn(run, index)?.toString('hex', 0, 32);
    });
    expect(found).toEqual(hashes(CHAIN.slice(1)));
  });

  it('that was cut off ends before the block that is not whole', () => {
    const blocks = CHAIN.slice(0, 3);
    const first = 1;
    const record = runRecord(blocks, NOTHING);
    // A checksum, what is before it; then of each block its length, its hash, and itself.
    let end = 4 + 16;
    const ends = blocks.map(({ bytes }) => (end += 4 + 32 + bytes.length));
    expect(record).toHaveLength(end);
    for (let length = 0; length <= record.length; length++) {
      const left = [...recordsIn({ first, record: record.subarray(0, length) })];
      expect(left).toHaveLength(ends.filter((each) => each <= length).length);
    }
  });

  it('says what is before it, and is not whole with a bit changed', () => {
    const before = { bytes: 2 ** 40, paged: 4_096 };
    const run = { first: 1, record: runRecord(CHAIN.slice(0, 3), before) };
    expect(beforeRun(run)).toEqual(before);
    expect(isWhole(run)).toBe(true);
    for (const at of [0, 4, 12, run.record.length - 1]) {
      const record = Buffer.from(run.record);
      record[at]! ^= 1;
      expect(isWhole({ first: 1, record })).toBe(false);
    }
  });
});

describe.each(STORES)('runs %s', (_, made) => {
  it('are read as blocks are asked for, across their borders', async () => {
    const test = await made();
    await test.store.append(CHAIN.slice(1, 700));
    await test.store.append(CHAIN.slice(700, 701));
    await test.store.append(CHAIN.slice(701));
    await test.settle();
    expect(await allBytes(test.store)).toEqual(textsOf(CHAIN));
    for (const index of [1, 2, 199, 700, 701, 702, 1_001])
      expect((await test.store.blockAt(index))?.hash).toBe(CHAIN[index - 1]?.hash);
    const snapshot = await test.store.snapshot();
    for (const [from, to] of [
      [150, 150],
      [699, 703],
      [500, 1_001],
    ] as const) {
      const read = [];
      for await (const piece of snapshot.pieces(from, to)) read.push(...piece);
      expect(read.map((bytes) => Buffer.from(bytes).toString())).toEqual(textsOf(CHAIN.slice(from - 1, to)));
    }
    await snapshot.close();
    await test.dispose();
  });

  it('are hidden from a fork in their middle on', async () => {
    const test = await made();
    await test.store.append(CHAIN.slice(1, 100));
    const other = extend(CHAIN.slice(0, 60), 50, { miner: 'other' });
    await test.adopt(60, other.slice(60));
    await test.settle();
    expect(await allBytes(test.store)).toEqual(textsOf(other));
    expect((await test.store.blockAt(60))?.hash).toBe(CHAIN[59]?.hash);
    expect((await test.store.blockAt(61))?.hash).toBe(other[60]?.hash);
    expect(await test.store.hashAt(100)).toBe(other[99]?.hash);
    expect((await test.audit()).blocks).toHaveLength(110);
    await test.dispose();
  });
});

it('a run that lost its end is damaged where blocks are missing, and read before', async () => {
  const test = await TestStore.onDisk();
  await test.store.append(CHAIN.slice(1, 50));
  await test.store.append(CHAIN.slice(50, 60));
  await test.store.close();
  const level = await test.backend.open();
  const record = (await level.get(layout.run(2))) as Buffer;
  await level.put(layout.run(2), record.subarray(0, record.length / 2));
  await level.close();
  await test.store.open();
  expect((await test.store.blockAt(10))?.hash).toBe(CHAIN[9]?.hash);
  await expect(test.store.blockAt(45)).rejects.toMatchObject({
    code: 'damaged',
    message: /block 45 is missing/,
  });
  await expect(allBytes(test.store)).rejects.toMatchObject({ code: 'damaged' });
  await test.dispose();
});
