/** Consecutive blocks in one record: with a record for each block, records are what a long sync spends its time on. */
import { crc32 } from 'node:zlib';
import type { Block } from '../chain/index.js';
import { HASH_BYTES } from './records.js';

/** A run takes no more blocks once it has so many bytes: whoever reads one block reads its run. */
const RUN_BYTES = 64 << 10;
const CHECKSUM_BYTES = 4;
const LENGTH_BYTES = 4;

export interface Run {
  /** Index of its first block. */
  readonly first: number;
  /** A checksum, and its blocks' records, each after its length. */
  readonly record: Buffer;
}

export function* runsOf(blocks: readonly Block[]): Generator<Run> {
  let begin = 0;
  let bytes = CHECKSUM_BYTES;
  for (let at = 0; at < blocks.length; at++) {
    bytes += LENGTH_BYTES + HASH_BYTES + (blocks[at] as Block).bytes.length;
    if (bytes < RUN_BYTES && at + 1 < blocks.length) continue;
    yield { first: (blocks[begin] as Block).index, record: written(blocks.slice(begin, at + 1), bytes) };
    begin = at + 1;
    bytes = CHECKSUM_BYTES;
  }
}

function written(blocks: readonly Block[], bytes: number): Buffer {
  const record = Buffer.allocUnsafe(bytes);
  let at = CHECKSUM_BYTES;
  for (const { hash, bytes } of blocks) {
    at = record.writeUInt32BE(HASH_BYTES + bytes.length, at);
    at += record.write(hash, at, 'hex');
    record.set(bytes, at);
    at += bytes.length;
  }
  record.writeUInt32BE(checksumOf(record));
  return record;
}

/** Whether it is what was stored: a tenth of the time that the hashes of its blocks take. */
export function isWhole({ record }: Run): boolean {
  return record.length >= CHECKSUM_BYTES && record.readUInt32BE() === checksumOf(record);
}

function checksumOf(record: Buffer): number {
  return crc32(record.subarray(CHECKSUM_BYTES));
}

/** The records of its blocks from one index to another, as far as they are there; they share its memory. */
export function* recordsIn({ first, record }: Run, from = first, to = Infinity): Generator<Buffer> {
  let at = CHECKSUM_BYTES;
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
