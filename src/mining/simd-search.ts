/** The proof-of-work search, four proofs at a time: prepares what the WebAssembly of `assembly/search.ts` works on. */

import { validProof } from '../chain/proof.js';
import { startWebAssembly, type WithMemory } from '../chain/web-assembly.js';
import { KERNEL_MODULE } from './kernel-module.js';
import { assertPuzzle, assertRange, type Search, search } from './search.js';

/** What the module exports; described where it is written, in `assembly/search.ts`. */
interface Kernel extends WithMemory {
  search(length: number, skip: number, count: number, mask: number): number;
}

const BLOCK_BYTES = 64;
/** Shorter messages are left to the plain search: there are fewer than 10,000 of them after any last proof. */
const MIN_DIGITS = 6;
/** So many zeros are the first word of the hash, all that the kernel computes. */
const MAX_ZEROS = 8;
/** Proofs that the kernel is given at a time: its numbers have 31 bits. */
const MAX_COUNT = 1_000_000_000;

/** The fastest search that this machine can run. */
export function fastestSearch(): Search {
  return simdSearch() ?? search;
}

/** A search some five times as fast as the plain one; undefined where WebAssembly has no vectors, or cannot be run. */
export function simdSearch(): Search | undefined {
  const kernel = startWebAssembly<Kernel>(KERNEL_MODULE);
  if (kernel === undefined) return undefined;
  return (lastProof, difficulty, from, to) => {
    assertPuzzle(lastProof, difficulty);
    assertRange(from, to);
    const zeros = Math.min(difficulty, MAX_ZEROS);
    for (let start = from; start < to; ) {
      const digits = `${lastProof}${start}`;
      // One length of message at a time: its layout is the same throughout.
      const end = Math.min(to, 10 ** String(start).length, start + MAX_COUNT);
      const plain = start < 10 || digits.length < MIN_DIGITS;
      const hit = plain
        ? search(lastProof, difficulty, start, end)
        : searchDigits(kernel, digits, zeros, start, end);
      if (hit === undefined) start = end;
      // The kernel sees the first word of the hash alone; what it finds is checked as any block's proof is.
      else if (validProof(lastProof, hit, difficulty)) return hit;
      else start = hit + 1;
    }
    return undefined;
  };
}

/** The smallest proof in [start, end), all of the same length; `digits` are those of the message of `start`. */
function searchDigits(
  kernel: Kernel,
  digits: string,
  zeros: number,
  start: number,
  end: number,
): number | undefined {
  writeBlock(new Uint8Array(kernel.memory.buffer, 0, BLOCK_BYTES), digits);
  const skip = start % 100;
  const mask = -(2 ** (32 - 4 * zeros));
  const offset = kernel.search(digits.length, skip, end - start + skip, mask);
  return offset < 0 ? undefined : start - skip + offset;
}

/** The one block that SHA-256 makes of a short message, its last two digits left out. */
function writeBlock(block: Uint8Array, digits: string): void {
  const { length } = digits;
  block.fill(0);
  for (let i = 0; i < length - 2; i++) block[i] = digits.charCodeAt(i);
  block[length] = 0x80;
  // The length in bits, big-endian: 256 at most.
  block[BLOCK_BYTES - 2] = length >> 5;
  block[BLOCK_BYTES - 1] = (length << 3) & 0xff;
}
