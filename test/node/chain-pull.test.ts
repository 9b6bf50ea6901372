import '../../src/network/with-resolvers.js';
import { expect, it, vi } from 'vitest';
import { ChainProtocolError } from '../../protocols/chain/index.js';
import type { Block } from '../../src/chain/index.js';
import { ChainPull } from '../../src/node/chain-pull.js';
import { SYNC_BATCH_BYTES } from '../../src/node/constants.js';
import type { ChainFollower } from '../../src/node/follower.js';
import type { Extension } from '../../src/node/outcome.js';
import { Retries } from '../../src/node/retries.js';
import { chainOf, testNetwork } from '../helpers/chains.js';
import { newPeerId } from '../protocols/chain/support.js';

const CHAIN = chainOf(testNetwork(), 1_500, { transactions: [] });
const peer = await newPeerId();
/** A turn for which nobody else waits. */
const endless = () => ({ isOver: false, signal: new AbortController().signal });

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
  const pull = new ChainPull({ blocks }, follower, new Retries(() => {}), peer, CHAIN.length, endless());
  await pull.run(new AbortController().signal).catch((error) => expect(error.code).toBe('unreachable'));
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
  const pull = new ChainPull({ blocks }, follower, new Retries(() => {}), peer, CHAIN.length, endless());
  const ended = vi.fn();
  const run = pull.run(new AbortController().signal).finally(ended);
  const failed = expect(run).rejects.toThrow('the first');
  await vi.waitFor(() => expect(extend).toHaveBeenCalledTimes(2));
  first.reject(new Error('the first'));
  await new Promise(setImmediate);
  expect(ended).not.toHaveBeenCalled();
  second.resolve('unconnected');
  await failed;
});

/** A follower that takes everything, and a peer that sends so many blocks a request and then breaks off so. */
function brokenOff(blocksBefore: number, error: () => Error, turn = endless()) {
  const taken: number[] = [];
  const blocks = async function* (_: unknown, [after]: string[]) {
    const first = CHAIN.findIndex(({ hash }) => hash === after) + 1;
    const frame = CHAIN.slice(first, first + blocksBefore).map(({ bytes }) => bytes);
    if (frame.length > 0) yield frame;
    throw error();
  };
  const follower = {
    locator: async () => [CHAIN[0]!.hash],
    extend: async (batch: Block[]) => {
      taken.push(...batch.map(({ index }) => index));
      return 'extended';
    },
  } as unknown as ChainFollower;
  return {
    pull: new ChainPull({ blocks }, follower, new Retries(() => {}), peer, CHAIN.length, turn),
    taken,
  };
}

it.each(['timeout', 'unreachable'] as const)(
  'keeps what came of an answer that broke off by %s, and goes on after it: a slow line gets there too',
  async (code) => {
    const { pull, taken } = brokenOff(100, () => new ChainProtocolError(code, 'it broke off'));
    expect(await pull.run(new AbortController().signal)).toBe('complete');
    expect(taken).toEqual(CHAIN.slice(1).map(({ index }) => index));
    expect([pull.stored, pull.reached]).toEqual([CHAIN.length - 1, CHAIN.length]);
  },
);

it('fails where nothing came of an answer', async () => {
  const { pull } = brokenOff(0, () => new ChainProtocolError('timeout', 'it broke off'));
  await expect(pull.run(new AbortController().signal)).rejects.toThrow('it broke off');
});

it('keeps nothing of an answer that breaks the protocol', async () => {
  const { pull, taken } = brokenOff(100, () => new ChainProtocolError('malformed', 'no blocks'));
  await expect(pull.run(new AbortController().signal)).rejects.toThrow('no blocks');
  expect(taken).toEqual([]);
});

it('keeps what came in its turn, and then it is the next one’s', async () => {
  const over = new AbortController();
  const turn = { isOver: false, signal: over.signal };
  const { pull, taken } = brokenOff(
    10,
    () => {
      turn.isOver = true;
      over.abort(new Error('it is the next one’s turn'));
      return over.signal.reason;
    },
    turn,
  );
  expect(await pull.run(new AbortController().signal)).toBe('interrupted');
  expect(taken).toEqual(CHAIN.slice(1, 11).map(({ index }) => index));
});

it('ends where its turn is over while nothing has come', async () => {
  const over = new AbortController();
  const { pull } = brokenOff(
    0,
    () => {
      over.abort(new Error('it is the next one’s turn'));
      return over.signal.reason;
    },
    { isOver: true, signal: over.signal },
  );
  expect(await pull.run(new AbortController().signal)).toBe('interrupted');
  expect(pull.stored).toBe(0);
});
