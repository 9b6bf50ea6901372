/** Blocks as they are read back: LevelDB does not check what it reads, so that a bit may have flipped on the disk. */
import { type Block, sha256 } from '../chain/index.js';
import { blockOf, bytesOf, hashOf } from './records.js';

/** The canonical bytes, if they are still those that were stored for the block of this index. */
export function wholeBytes(record: Buffer, index: number): Buffer | undefined {
  const bytes = bytesOf(record);
  // Canonical JSON begins with the index: no other key comes before it.
  const begins = `{"index": ${index},`;
  if (bytes.toString('latin1', 0, begins.length) !== begins) return undefined;
  return sha256(bytes) === hashOf(record) ? bytes : undefined;
}

/** The same, decoded. */
export function wholeBlock(record: Buffer, index: number): Block | undefined {
  return wholeBytes(record, index) && blockOf(record);
}
