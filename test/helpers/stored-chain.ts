/** A chain as it lies on the disk, read without the code that reads it for a node. */
import { crc32 } from 'node:zlib';
import { type Block, decodeBlock, sha256 } from '../../src/chain/index.js';

const CHECKSUM_BYTES = 4;
const LENGTH_BYTES = 4;
const HASH_BYTES = 32;

/**
 * The blocks under `block/`, whose records hide what older ones have from their index on.
 *
 * @param entries all of the database, in the order of the keys
 * @throws Error where a block is not under its hash, or a record not what its checksum says
 */
export function storedBlocks(entries: Iterable<readonly [string, Buffer]>): Block[] {
  const blocks: Block[] = [];
  for (const [key, record] of entries) {
    if (!key.startsWith('block/')) continue;
    const first = Number.parseInt(key.slice('block/'.length), 16);
    if (first < 1 || first > blocks.length + 1) throw new Error(`${key} follows block ${blocks.length}`);
    blocks.length = first - 1;
    if (record.readUInt32BE() !== crc32(record.subarray(CHECKSUM_BYTES)))
      throw new Error(`the checksum of ${key} is wrong`);
    for (let at = CHECKSUM_BYTES; at < record.length; ) {
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

/**
 * What the indexes of a chain must be, and no more.
 *
 * @param pageBlocks blocks of a page of hashes
 * @returns values in hex
 */
export function indexesOf(blocks: readonly Block[], pageBlocks: number): Map<string, string> {
  const indexes = new Map<string, string>();
  const add = (key: string, value: string) => indexes.set(key, (indexes.get(key) ?? '') + value);
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
  for (const { index, hash, transactions } of blocks) {
    const page = Math.floor((index - 1) / pageBlocks);
    if ((page + 1) * pageBlocks <= blocks.length)
      add(`hash/${hash.slice(0, 2)}/${hex(page, 14)}`, hash.slice(2, 14) + hex((index - 1) % pageBlocks, 4));
    for (const { id, nonce } of transactions)
      if (nonce !== undefined)
        indexes.set(`tx/${id.slice(0, 32)}`, Buffer.from(String(index)).toString('hex'));
  }
  return indexes;
}
