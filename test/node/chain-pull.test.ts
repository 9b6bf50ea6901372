import '../../src/network/with-resolvers.js';
import { expect, it, vi } from 'vitest';
import { ChainProtocolError } from '../../protocols/chain/index.js';
import type { Block } from '../../src/chain/index.js';
import { ChainPull } from '../../src/node/chain-pull.js';
import { SYNC_BATCH_BYTES } from '../../src/node/constants.js';
import type { ChainFollower, Extension } from '../../src/node/follower.js';
import { PackedBlocks } from '../../src/node/packed-blocks.js';
import { Retries } from '../../src/node/retries.js';
import { chainOf, testNetwork } from '../helpers/chains.js';
import { newPeerId } from '../protocols/chain/support.js';

const CHAIN = chainOf(testNetwork(), 1_500, { transactions: [] });
const peer = await newPeerId();

/** Pulls the chain from a peer that answers with pieces of so many blocks. @returns what was given to the follower at once */
async function pulled(pieceBlocks: number, piecesBefore = Infinity): Promise<Block[][]> {
  const batches: Block[][] = [];
  let pieces = 0;
  const blocks = async function* (_: unknown, [after]: string[]) {
    if (pieces++ === piecesBefore) throw new ChainProtocolError('unreachable', 'it is gone');
    const first = CHAIN.findIndex(({ hash }) => hash === after) + 1;
    yield CHAIN.slice(first, first + pieceBlocks).map(({ bytes }) => bytes);
  };
  const follower = {
    locator: async () => [CHAIN[0]!.hash],
    extend: async (batch: Block[]) => {
      batches.push(batch);
      return 'extended';
    },
  } as unknown as ChainFollower;
  const pull = new ChainPull({ blocks }, follower, new Retries(() => {}), peer, CHAIN.length);
  await pull
    .run(() => true, new AbortController().signal)
    .catch((error) => expect(error.code).toBe('unreachable'));
  return batches;
}

const indexes = (batches: Block[][]) => batches.flat().map(({ index }) => index);

it.each([10, 333, 1_024])(
  'brings every block once, no more at once than may be, from pieces of %i blocks',
  async (pieceBlocks) => {
    const batches = await pulled(pieceBlocks);
    expect(indexes(batches)).toEqual(CHAIN.slice(1).map(({ index }) => index));
    const sizes = batches.map((batch) => batch.reduce((sum, { bytes }) => sum + bytes.length, 0));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(SYNC_BATCH_BYTES);
  },
);

it('has a piece checked before the next one is there, though it is less than a batch', async () => {
  expect(indexes(await pulled(10, 3))).toEqual(CHAIN.slice(1, 31).map(({ index }) => index));
});

it('leaves nothing behind that is still being stored when it fails', async () => {
  const first = Promise.withResolvers<Extension>();
  const second = Promise.withResolvers<Extension>();
  const extend = vi.fn().mockReturnValueOnce(first.promise).mockReturnValueOnce(second.promise);
  const follower = { locator: async () => [CHAIN[0]!.hash], extend } as unknown as ChainFollower;
  const blocks = async function* () {
    yield CHAIN.slice(1).map(({ bytes }) => bytes);
  };
  const pull = new ChainPull({ blocks }, follower, new Retries(() => {}), peer, CHAIN.length);
  const ended = vi.fn();
  const run = pull.run(() => true, new AbortController().signal).finally(ended);
  const failed = expect(run).rejects.toThrow('the first');
  await vi.waitFor(() => expect(extend).toHaveBeenCalledTimes(2));
  first.reject(new Error('the first'));
  await new Promise(setImmediate);
  expect(ended).not.toHaveBeenCalled();
  second.resolve('unconnected');
  await failed;
});

it('packs blocks of any size, and none', () => {
  const blocks = [3, 0, 5].map((length) => new Uint8Array(length).fill(length));
  const packed = new PackedBlocks(blocks);
  expect([...packed].map((bytes) => [...bytes])).toEqual(blocks.map((bytes) => [...bytes]));
  expect([...packed.last!]).toEqual([5, 5, 5, 5, 5]);
  expect(new PackedBlocks([]).last).toBeUndefined();
});
