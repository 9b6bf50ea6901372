/** Whether so much can be written to a directory. It is tried: no number tells of a quota, or of a disk that fails. */
import { randomBytes } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** In bytes, written at once. They are random: a file system that compresses takes no room for zeros. */
const PIECE_BYTES = 256 << 10;

export async function hasRoom(directory: string, bytes: number): Promise<boolean> {
  const probe = join(directory, `probe-${process.pid}`);
  try {
    const file = await open(probe, 'w');
    try {
      // Before anything is in it: nothing of it stays, however this process ends.
      await rm(probe);
      const piece = randomBytes(Math.min(bytes, PIECE_BYTES));
      for (let left = bytes; left > 0; ) {
        const { bytesWritten } = await file.write(piece, 0, Math.min(left, piece.length));
        left -= bytesWritten;
      }
      // Some find out only now that there is none.
      await file.datasync();
      return true;
    } finally {
      await file.close();
    }
  } catch {
    return false; // for whatever reason: this is the question
  }
}
