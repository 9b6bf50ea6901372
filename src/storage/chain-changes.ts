/** What changes in the database when a block comes to our chain or leaves it. */
import type { Block } from '../chain/index.js';
import type { Change } from './database.js';
import { misuse } from './errors.js';
import { layout } from './layout.js';
import { type Tip, textRecord } from './records.js';
import { runsOf } from './run.js';

/** Consecutive blocks and their indexes. They hide those of older records that reach as far. */
export function blocksIn(blocks: readonly Block[]): Change[] {
  const changes: Change[] = [];
  for (const { first, record } of runsOf(blocks))
    changes.push({ type: 'put', key: layout.block(first), value: record });
  for (const block of blocks) {
    const value = textRecord(block.index);
    changes.push({ type: 'put', key: layout.hash(block.hash), value });
    for (const id of block.ids) changes.push({ type: 'put', key: layout.transaction(id), value });
  }
  return changes;
}

/** The indexes alone: another block takes its place. */
export function blockOut(block: Block): Change[] {
  return [
    { type: 'del', key: layout.hash(block.hash) },
    ...block.ids.map((id): Change => ({ type: 'del', key: layout.transaction(id) })),
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
