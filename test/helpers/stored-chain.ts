/** A chain as it lies on the disk, read without the code that reads it for a node. */
import { crc32 } from 'node:zlib';
import { type Block, decodeBlock, sha256 } from '../../src/chain/index.js';

const CHECKSUM_BYTES = 4;
const NUMBER_BYTES = 8;
const LENGTH_BYTES = 4;
const HASH_BYTES = 32;
const MARK_DIGITS = 9;
const PLACES = 2 ** 16;

type Entries = Iterable<readonly [string, Buffer]>;

/**
 * The blocks under `run/`, whose records hide what older ones have from their index on.
 *
 * @param entries all of the database, in the order of the keys
 * @throws Error where a block is not under its hash, a record not what its checksum says, or a run says what is not so of the
 *   chain before it
 */
export function storedBlocks(entries: Entries): Block[] {
  const blocks: Block[] = [];
  let paged = 0;
  for (const [key, record] of entries) {
    const [kind, index = '', isPage] = key.split('/');
    if (kind !== 'run') continue;
    const place = Number.parseInt(index, 16);
    checkSum(key, record);
    if (isPage !== undefined) {
      paged = place;
      continue;
    }
    if (place < 1 || place > blocks.length + 1) throw new Error(`${key} follows block ${blocks.length}`);
    blocks.length = place - 1;
    const before = blocks.reduce((sum, { bytes }) => sum + bytes.length, 0);
    if (
      record.readDoubleBE(CHECKSUM_BYTES) !== before ||
      record.readDoubleBE(CHECKSUM_BYTES + NUMBER_BYTES) !== paged
    )
      throw new Error(`${key} says what is not so of the chain before it`);
    for (let at = CHECKSUM_BYTES + 2 * NUMBER_BYTES; at < record.length; ) {
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
 * Whether the pages of a chain are what they must be, and no more: one after the other from the first block on, the last of them
 * not long ago, and in each what finds its blocks and their transactions.
 *
 * @param pageBlocks blocks of a full page
 * @throws Error naming the page
 */
export function checkPages(entries: Entries, blocks: readonly Block[], pageBlocks: number): void {
  let next = 1;
  for (const [key, record] of entries) {
    if (!key.endsWith('/page')) continue;
    const last = Number.parseInt(key.slice('run/'.length), 16);
    const [first, ...marks] = numbersIn(record);
    const expected = blocks.slice(next - 1, last).flatMap(({ hash, transactions }, place) => {
      const ids = transactions.filter(({ nonce }) => nonce !== undefined).map(({ id }) => id);
      return [hash, ...ids].map(
        (digest) => Number.parseInt(digest.slice(0, MARK_DIGITS), 16) * PLACES + place,
      );
    });
    expected.sort((a, b) => a - b);
    const isWhole = first === next && last <= blocks.length && last - next + 1 >= pageBlocks;
    if (!isWhole || JSON.stringify(marks) !== JSON.stringify(expected))
      throw new Error(`${key} is not the page of the blocks from ${next} on`);
    next = last + 1;
  }
  // It is written with the next run, and a run has hundreds of blocks.
  if (blocks.length - next >= pageBlocks + 400)
    throw new Error(`there is no page of the blocks from ${next} on`);
}

function numbersIn(record: Buffer): number[] {
  const numbers: number[] = [];
  for (let at = CHECKSUM_BYTES; at < record.length; at += NUMBER_BYTES) numbers.push(record.readDoubleBE(at));
  return numbers;
}

function checkSum(key: string, record: Buffer): void {
  if (record.readUInt32BE() !== crc32(record.subarray(CHECKSUM_BYTES)))
    throw new Error(`the checksum of ${key} is wrong`);
}
