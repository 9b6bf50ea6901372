/** What a person asks of the ledger: our chain's blocks, and transactions wherever they are. */
import { type Block, decodeBlock } from '../chain/index.js';
import type { ChainSnapshot } from '../storage/index.js';
import type { FoundBlock, FoundTransaction } from './answers.js';
import type { Parts } from './parts.js';

/** @param limit of blocks, at most */
export async function* blocksFrom(
  snapshot: ChainSnapshot,
  from: number,
  limit: number,
): AsyncGenerator<Block> {
  const to = Math.min(snapshot.head.length, from + limit - 1);
  for await (const bytes of snapshot.bytes(from, to)) yield decodeBlock(bytes);
}

/** A block of our chain, by its index or its hash. */
export async function findBlock(
  { store, follower }: Pick<Parts, 'store' | 'follower'>,
  indexOrHash: number | string,
): Promise<FoundBlock | undefined> {
  const index = typeof indexOrHash === 'number' ? indexOrHash : await store.indexOf(indexOrHash);
  const block = index === undefined ? undefined : await store.blockAt(index);
  // A reorganisation may have put another there meanwhile.
  if (typeof indexOrHash === 'string' && block?.hash !== indexOrHash) return undefined;
  return block && { block, confirmations: follower.head.length - block.index + 1 };
}

/** A transaction that waits for a block or is in one, by its id. */
export async function findTransaction(
  parts: Pick<Parts, 'store' | 'follower' | 'mempool'>,
  id: string,
): Promise<FoundTransaction | undefined> {
  const { mempool } = parts;
  const waiting = () => {
    const transaction = mempool.get(id)?.transaction;
    return transaction && { transaction, block: null, confirmations: 0 };
  };
  const first = waiting();
  if (first !== undefined) return first;
  // A reorganisation may have taken it out of its block meanwhile, and put it into another.
  return (await inChain(parts, id)) ?? (await inChain(parts, id)) ?? waiting();
}

async function inChain(
  parts: Pick<Parts, 'store' | 'follower'>,
  id: string,
): Promise<FoundTransaction | undefined> {
  const index = (await parts.store.locate([id])).get(id);
  const found = index === undefined ? undefined : await findBlock(parts, index);
  const transaction = found?.block.transactionWith(id);
  if (found === undefined || transaction === undefined) return undefined;
  return { transaction, block: found.block.index, confirmations: found.confirmations };
}
