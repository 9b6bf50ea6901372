/** A chain as it lies on the disk, read without the code that reads it for a node. */
import { type Block, decodeBlock, sha256 } from '../../src/chain/index.js';

const LENGTH_BYTES = 4;
const HASH_BYTES = 32;

/**
 * The blocks under `block/`, whose records hide what older ones have from their index on.
 *
 * @param entries all of the database, in the order of the keys
 * @throws Error where a block is not under its hash
 */
export function storedBlocks(entries: Iterable<readonly [string, Buffer]>): Block[] {
  const blocks: Block[] = [];
  for (const [key, record] of entries) {
    if (!key.startsWith('block/')) continue;
    const first = Number.parseInt(key.slice('block/'.length), 16);
    if (first < 1 || first > blocks.length + 1) throw new Error(`${key} follows block ${blocks.length}`);
    blocks.length = first - 1;
    for (let at = 0; at < record.length; ) {
      const begin = at + LENGTH_BYTES;
      at = begin + record.readUInt32BE(at);
      const bytes = record.subarray(begin + HASH_BYTES, at);
      const hash = record.toString('hex', begin, begin + HASH_BYTES);
      if (hash !== sha256(bytes)) throw new Error(`a block in ${key} is not under its hash`);
      blocks.push(decodeBlock(bytes));
    }
  }
  return blocks;
}

/** What the indexes of a chain must be, and no more. */
export function indexesOf(blocks: readonly Block[]): Map<string, string> {
  const indexes = new Map<string, string>();
  for (const { index, hash, transactions } of blocks) {
    indexes.set(`hash/${hash}`, String(index));
    for (const { id, nonce } of transactions) if (nonce !== undefined) indexes.set(`tx/${id}`, String(index));
  }
  return indexes;
}
