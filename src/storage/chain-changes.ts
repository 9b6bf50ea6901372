/** What changes in the database when a block comes to our chain or leaves it. */
import { type Block, identified } from '../chain/index.js';
import type { Change } from './database.js';
import { misuse } from './errors.js';
import { layout } from './layout.js';
import { type Tip, textRecord } from './records.js';

/** The block and its indexes. */
export function blockIn(block: Block, record: Buffer): Change[] {
  const index = textRecord(block.index);
  return [
    { type: 'put', key: layout.block(block.index), value: record },
    { type: 'put', key: layout.hash(block.hash), value: index },
    ...identified(block.transactions).map(
      ({ id }): Change => ({ type: 'put', key: layout.transaction(id), value: index }),
    ),
  ];
}

/** The indexes alone: another block takes its place. */
export function blockOut(block: Block): Change[] {
  return [
    { type: 'del', key: layout.hash(block.hash) },
    ...identified(block.transactions).map(({ id }): Change => ({ type: 'del', key: layout.transaction(id) })),
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

/** The ids of the blocks' transactions that have one of their own. */
export function idsIn(block: Block): string[] {
  return identified(block.transactions).map(({ id }) => id);
}
