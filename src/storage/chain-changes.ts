/** What changes in the database when a block comes to our chain or leaves it. */
import type { Block } from '../chain/index.js';
import type { Change } from './database.js';
import { misuse } from './errors.js';
import { pageKey } from './hash-pages.js';
import { layout } from './layout.js';
import { type Tip, textRecord } from './records.js';
import { runsOf } from './run.js';

/** Consecutive blocks and what finds their transactions. They hide those of older records that reach as far. */
export function blocksIn(blocks: readonly Block[]): Change[] {
  const changes: Change[] = [];
  for (const { first, record } of runsOf(blocks))
    changes.push({ type: 'put', key: layout.block(first), value: record });
  for (const { index, ids } of blocks) {
    if (ids.length === 0) continue;
    const value = textRecord(index);
    for (const id of ids) changes.push({ type: 'put', key: layout.transaction(id), value });
  }
  return changes;
}

/** What finds it and its transactions alone: another block takes its place, and the page of its hash is written anew then. */
export function blockOut({ index, hash, ids }: Block, pageBlocks: number): Change[] {
  return [
    { type: 'del', key: pageKey(index, hash, pageBlocks) },
    ...ids.map((id): Change => ({ type: 'del', key: layout.transaction(id) })),
  ];
}

/**
 * The tip after one block more.
 *
 * @throws StorageError `misuse` if the block does not follow
 */
export function tipAfter(tip: Tip, { index, hash, proof, previous_hash, bytes }: Block): Tip {
  if (index !== tip.length + 1 || previous_hash !== tip.hash)
    throw misuse(`block ${index} (${hash}) does not follow block ${tip.length} (${tip.hash})`);
  return { length: index, hash, proof, bytes: tip.bytes + bytes.length };
}
