import { describe, expect, it } from 'vitest';
import { MAX_ITEM_BYTES } from '../../../protocols/chain/constants.js';
import { pack } from '../../../protocols/chain/pack.js';
import { collect } from './support.js';

const packed = (sizes: number[], maxItems = 10_000) =>
  collect(pack([sizes], (size) => size, maxItems)).then((frames) => frames.map(({ items }) => items));

describe('packing an answer', () => {
  it('puts many small items in frames of some 64 KiB, each for one message of Noise', async () => {
    const frames = await packed(Array<number>(1000).fill(250));
    expect(frames.flat()).toHaveLength(1000);
    expect(frames.map((frame) => frame.length)).toEqual([257, 257, 257, 229]);
  });

  it('puts an item larger than that alone in its frame', async () => {
    expect(await packed([100, 100_000, 100])).toEqual([[100], [100_000], [100]]);
  });

  it('ends an answer before 1 MiB is exceeded, but never without its first item', async () => {
    expect(await packed([MAX_ITEM_BYTES, 1])).toEqual([[MAX_ITEM_BYTES]]);
    expect((await packed(Array<number>(100).fill(60_000))).flat()).toHaveLength(17);
  });

  it('fetches no item beyond the number asked for, and stops its source', async () => {
    let fetched = 0;
    let stopped = false;
    async function* source() {
      try {
        for (;;) yield [++fetched];
      } finally {
        stopped = true;
      }
    }
    expect(await collect(pack(source(), () => 1, 3))).toEqual([{ items: [1, 2, 3], last: true }]);
    expect([fetched, stopped]).toEqual([3, true]);
  });

  it('marks the last frame and no other, also where there is nothing', async () => {
    expect(await collect(pack([], () => 1, 3))).toEqual([{ items: [], last: true }]);
    const frames = await collect(pack([[70_000], [70_000]], (size) => size, 3));
    expect(frames.map(({ last }) => last)).toEqual([false, true]);
  });

  it('refuses an item that the protocol cannot carry', async () => {
    await expect(packed([MAX_ITEM_BYTES + 1])).rejects.toThrow(RangeError);
  });
});
