/** What holds of every node when nothing is under way. */
import assert from 'node:assert/strict';
import { type NetworkSpec, networkId } from '../../src/chain/index.js';
import { layout } from '../../src/storage/layout.js';
import { pendingOf } from '../../src/storage/records.js';
import { checkChain } from '../helpers/chains.js';
import { checkPages, storedBlocks } from '../helpers/stored-chain.js';
import type { SimulatedDisk } from './disk.js';

/** Blocks of a page: so few that pages fill up. */
export const PAGE_BLOCKS = 3;

/** What a node shows of its state. */
export interface Shown {
  readonly length: number;
  readonly hash: string;
  /** Ids, first come first. */
  readonly pending: readonly string[];
}

/**
 * The database holds a valid chain with its exact indexes, what is pending, and nothing else but branches; all of it
 * as the node shows it.
 *
 * @throws AssertionError, InvalidBlock
 */
export async function checkDisk(
  disk: Pick<SimulatedDisk, 'contents'>,
  shown: Shown,
  spec: NetworkSpec,
): Promise<void> {
  const entries = await disk.contents();
  const valuesUnder = (prefix: string) =>
    entries.filter(([key]) => key.startsWith(prefix)).map(([, value]) => value);
  const blocks = storedBlocks(entries);
  checkChain(blocks, spec);

  const head = blocks.at(-1)!;
  assert.deepEqual({ length: head.index, hash: head.hash }, { length: shown.length, hash: shown.hash });
  checkPages(entries, blocks, PAGE_BLOCKS);

  const pending = valuesUnder('pending/').map(pendingOf);
  pending.sort((a, b) => a.order - b.order);
  const ids = pending.map(({ transaction }) => transaction.id);
  assert.deepEqual(ids, shown.pending, `what is pending on disk (network ${networkId(spec)})`);
  const paid = new Set(blocks.flatMap((block) => block.ids));
  for (const id of ids) assert.ok(!paid.has(id), `${id} is pending and in the chain`);

  const meta = entries.map(([key]) => key).filter((key) => key.startsWith('meta/'));
  assert.deepEqual(meta, [layout.network, layout.version], 'an adoption is left open');
}

/** Whether a branch is left on the disk. */
export async function hasBranches(disk: SimulatedDisk): Promise<boolean> {
  return (await disk.contents()).some(([key]) => key.startsWith('branch/'));
}
