/** Consecutive blocks in one record: with a record for each block, records are what a long sync spends its time on. */
import type { Block } from '../chain/index.js';
import { CHECKSUM_BYTES, isSealed, seal } from './checksum.js';
import { HASH_BYTES } from './records.js';

/** A run takes no more blocks once it has so many bytes: whoever reads one block reads its run. */
const RUN_BYTES = 64 << 10;
const NUMBER_BYTES = 8;
const HEADER_BYTES = CHECKSUM_BYTES + 2 * NUMBER_BYTES;
const LENGTH_BYTES = 4;

/** Of the chain before a run. */
export interface Before {
  /** Its canonical bytes. */
  readonly bytes: number;
  /** Index of the last block that a page in the store has; 0 where there is none. */
  readonly paged: number;
}

/** Before the first block. */
export const NOTHING: Before = { bytes: 0, paged: 0 };

export interface Run {
  /** Index of its first block. */
  readonly first: number;
  /** A checksum, what is {@link Before} it, and its blocks' records, each after its length. */
  readonly record: Buffer;
}

/** Blocks as they stand in one record each. */
export function* runsOf(blocks: readonly Block[]): Generator<readonly Block[]> {
  let begin = 0;
  let bytes = 0;
  for (let at = 0; at < blocks.length; at++) {
    bytes += sizeOf(blocks[at] as Block);
    if (bytes < RUN_BYTES && at + 1 < blocks.length) continue;
    yield blocks.slice(begin, at + 1);
    begin = at + 1;
    bytes = 0;
  }
}

export function runRecord(blocks: readonly Block[], before: Before): Buffer {
  const record = Buffer.allocUnsafe(blocks.reduce((sum, block) => sum + sizeOf(block), HEADER_BYTES));
  record.writeDoubleBE(before.bytes, CHECKSUM_BYTES);
  record.writeDoubleBE(before.paged, CHECKSUM_BYTES + NUMBER_BYTES);
  let at = HEADER_BYTES;
  for (const { hash, bytes } of blocks) {
    at = record.writeUInt32BE(HASH_BYTES + bytes.length, at);
    at += record.write(hash, at, 'hex');
    record.set(bytes, at);
    at += bytes.length;
  }
  return seal(record);
}

function sizeOf({ bytes }: Block): number {
  return LENGTH_BYTES + HASH_BYTES + bytes.length;
}

/** To be asked of one that is whole. */
export function beforeRun({ record }: Run): Before {
  return {
    bytes: record.readDoubleBE(CHECKSUM_BYTES),
    paged: record.readDoubleBE(CHECKSUM_BYTES + NUMBER_BYTES),
  };
}

/** Whether it is what was stored. */
export function isWhole({ record }: Run): boolean {
  return record.length >= HEADER_BYTES && isSealed(record);
}

/** The records of its blocks from one index to another, as far as they are there; they share its memory. */
export function* recordsIn({ first, record }: Run, from = first, to = Infinity): Generator<Buffer> {
  let at = HEADER_BYTES;
  for (let index = first; index <= to && at + LENGTH_BYTES <= record.length; index++) {
    const begin = at + LENGTH_BYTES;
    at = begin + record.readUInt32BE(at);
    if (index >= from && at <= record.length) yield record.subarray(begin, at);
  }
}

/** The record of the block of this index; undefined where the run ends before it. */
export function recordIn(run: Run, index: number): Buffer | undefined {
  const [record] = recordsIn(run, index, index);
  return record;
}
