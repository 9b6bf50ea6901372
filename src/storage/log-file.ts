/**
 * A look at LevelDB's log file, which holds what was written last. LevelDB silently leaves out what is damaged in it, and
 * with it what was acknowledged: so its checksums are checked before it is given to LevelDB.
 *
 * The format: https://github.com/google/leveldb/blob/main/doc/log_format.md
 */

/** Records never cross the border of a block. */
const BLOCK_BYTES = 32 << 10;
/** Checksum (4), length (2), type (1). */
const HEADER_BYTES = 7;
/** Full, first, middle, last: what a write has is in one, or in as many as it has blocks. */
const LAST_TYPE = 4;
/** Up to here they are of types with which a write begins. */
const LAST_BEGINNING = 2;

/**
 * Whether something in the middle cannot be read. What cannot be read at the end is a write that was cut off before it was
 * acknowledged, as by a power failure: that is no damage, though some of it came to the disk and what is before did not.
 */
export function isLogDamaged(log: Buffer): boolean {
  let at = 0;
  while (at + HEADER_BYTES <= log.length) {
    const left = BLOCK_BYTES - (at % BLOCK_BYTES);
    if (left < HEADER_BYTES) at += left;
    else {
      const end = recordEnd(log, at);
      if (end === undefined) return beginsAfter(log, afterZeros(log, at));
      at = end;
    }
  }
  return false;
}

/** Where the record ends that begins here; undefined where none does. */
function recordEnd(log: Buffer, at: number): number | undefined {
  const type = log[at + 6] as number;
  const end = at + HEADER_BYTES + log.readUInt16LE(at + 4);
  const border = at - (at % BLOCK_BYTES) + BLOCK_BYTES;
  if (type < 1 || type > LAST_TYPE || end > log.length || end > border) return undefined;
  return unmasked(log.readUInt32LE(at)) === crc32c(log, at + 6, end) ? end : undefined;
}

/** Space that was taken and not written is zeros, which LevelDB passes over; a header may begin with some itself. */
function afterZeros(log: Buffer, at: number): number {
  let next = at;
  while (log[next] === 0) next++;
  return Math.max(at + 1, next - HEADER_BYTES);
}

/** Whether a write begins anywhere from this place on: the one before was acknowledged then. */
function beginsAfter(log: Buffer, from: number): boolean {
  for (let next = from; next + HEADER_BYTES <= log.length; next++)
    if ((log[next + 6] as number) <= LAST_BEGINNING && recordEnd(log, next) !== undefined) return true;
  return false;
}

/** LevelDB's way to store the checksum of data that may have checksums in it. */
function unmasked(stored: number): number {
  const rotated = (stored - 0xa282ead8) >>> 0;
  return ((rotated >>> 17) | (rotated << 15)) >>> 0;
}

/** The Castagnoli polynomial, bits reversed. */
const POLYNOMIAL = 0x82f63b78;
const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? POLYNOMIAL : 0);
  return crc;
});

/** CRC-32C of the bytes from one place to before another (RFC 3720, appendix B.4). */
export function crc32c(bytes: Uint8Array, from: number, to: number): number {
  let crc = -1;
  for (let i = from; i < to; i++) crc = (TABLE[(crc ^ (bytes[i] as number)) & 0xff] as number) ^ (crc >>> 8);
  return (crc ^ -1) >>> 0;
}
