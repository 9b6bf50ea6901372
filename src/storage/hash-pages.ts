/**
 * Finds blocks by their hashes. A record for each block's hash would be what a long sync spends its time on, and hashes are
 * looked for seldom: by whoever asks for blocks or for one block. So the hashes after the last full page stand in memory,
 * and each page is written once, as short records that are read through, some hundreds in a chain of a million blocks.
 */
import type { Change } from './database.js';
import { layout } from './layout.js';
import { HASH_BYTES } from './records.js';

/** Blocks of a page: their hashes take 128 KiB in memory, and in the store 256 records with some 16 of them. */
export const PAGE_BLOCKS = 4_096;

/** Of a hash, after the byte that stands in the key: enough that others seldom begin alike. */
const KEPT_BYTES = 6;
const PLACE_BYTES = 2;
const ENTRY_BYTES = KEPT_BYTES + PLACE_BYTES;
const GROUPS = 256;
const HASH_WORDS = HASH_BYTES / Int32Array.BYTES_PER_ELEMENT;

/** The hashes of the blocks after the last full page. Unchanging: what is added to it makes another. */
export class RecentHashes {
  private constructor(
    readonly pageBlocks: number,
    /** Full pages before. */
    private readonly pages: number,
    /** Shared with those that it was made from: they do not look beyond what is theirs. */
    private readonly hashes: Buffer,
    private readonly count: number,
  ) {}

  /** Of a chain of this length, none of them known yet: they begin with the block of index {@link next}. */
  static of(length: number, pageBlocks = PAGE_BLOCKS): RecentHashes {
    const pages = Math.floor(length / pageBlocks);
    return new RecentHashes(pageBlocks, pages, Buffer.alloc(pageBlocks * HASH_BYTES), 0);
  }

  /** Index of the next block to be added. */
  get next(): number {
    return this.pages * this.pageBlocks + this.count + 1;
  }

  /** With the hashes of the blocks that follow, and what is to be written of pages that are full now. */
  with(hashes: Iterable<string>): { recent: RecentHashes; changes: Change[] } {
    const changes: Change[] = [];
    let { pages, hashes: bytes, count } = this;
    for (const hash of hashes) {
      bytes.write(hash, count * HASH_BYTES, 'hex');
      count++;
      if (count < this.pageBlocks) continue;
      changes.push(...pageOf(pages, bytes));
      pages++;
      bytes = Buffer.alloc(this.pageBlocks * HASH_BYTES);
      count = 0;
    }
    return { recent: new RecentHashes(this.pageBlocks, pages, bytes, count), changes };
  }

  /** Of the chain up to this length; undefined where that ends in a full page, whose hashes are no longer here. */
  upTo(length: number): RecentHashes | undefined {
    const count = length - this.pages * this.pageBlocks;
    if (count < 0 || count > this.count) return undefined;
    // A copy: what is added to each stays apart.
    return new RecentHashes(this.pageBlocks, this.pages, Buffer.from(this.hashes), count);
  }

  /** Index of the block with this hash, if it is one of these. */
  indexOf(hash: string): number | undefined {
    const wanted = Buffer.alloc(HASH_BYTES);
    if (wanted.write(hash, 'hex') < HASH_BYTES || hash.length > 2 * HASH_BYTES) return undefined;
    // A peer may ask for thousands a second that nobody has: a word is compared in a hundredth of the time that a hash takes.
    const [first] = wordsOf(wanted);
    const words = wordsOf(this.hashes);
    for (let place = 0; place < this.count; place++) {
      if (words[place * HASH_WORDS] !== first) continue;
      const at = place * HASH_BYTES;
      if (wanted.compare(this.hashes, at, at + HASH_BYTES) === 0)
        return this.pages * this.pageBlocks + place + 1;
    }
    return undefined;
  }
}

/** Bytes that begin where a word may. */
function wordsOf({ buffer, byteOffset, length }: Buffer): Int32Array {
  return new Int32Array(buffer, byteOffset, length / Int32Array.BYTES_PER_ELEMENT);
}

/** The records of a full page: hashes that begin with the same byte stand together. */
function pageOf(page: number, hashes: Buffer): Change[] {
  const groups: number[][] = Array.from({ length: GROUPS }, () => []);
  for (let at = 0; at < hashes.length; at += HASH_BYTES) groups[hashes[at] as number]?.push(at);
  return groups.flatMap((places, first): Change[] => {
    if (places.length === 0) return [];
    const value = Buffer.allocUnsafe(places.length * ENTRY_BYTES);
    places.forEach((at, position) => {
      hashes.copy(value, position * ENTRY_BYTES, at + 1, at + 1 + KEPT_BYTES);
      value.writeUInt16BE(at / HASH_BYTES, position * ENTRY_BYTES + KEPT_BYTES);
    });
    return [{ type: 'put', key: layout.hashes(firstByte(first), page), value }];
  });
}

/** The record that has the hash of the block of this index, once its page is full. */
export function pageKey(index: number, hash: string, pageBlocks: number): string {
  return layout.hashes(hash.slice(0, 2), Math.floor((index - 1) / pageBlocks));
}

/** Where to look for a hash among the pages. */
export function pagesWith(hash: string) {
  return layout.hashesWith(hash.slice(0, 2));
}

/** Indexes of the blocks whose hash may be this one, by one record of a page. */
export function* candidatesIn(
  [key, record]: readonly [string, Buffer],
  hash: string,
  pageBlocks: number,
): Generator<number> {
  const wanted = Number.parseInt(hash.slice(2, 2 + 2 * KEPT_BYTES), 16);
  for (let at = 0; at + ENTRY_BYTES <= record.length; at += ENTRY_BYTES)
    if (record.readUIntBE(at, KEPT_BYTES) === wanted)
      yield layout.numberIn(key) * pageBlocks + record.readUInt16BE(at + KEPT_BYTES) + 1;
}

function firstByte(value: number): string {
  return value.toString(16).padStart(2, '0');
}
