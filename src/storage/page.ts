/**
 * What finds the blocks of a part of our chain by their hashes, and their transactions by their ids: the mark of each, and
 * the place of its block. A page grows in memory and is written once: with the blocks that follow when it is full. What is found
 * by a mark is a candidate only: whoever looks for it sees whether it is the right one.
 */
import { CHECKSUM_BYTES, isSealed, seal } from './checksum.js';
import { addTo } from './groups.js';
import { type Marked, markOf, UNREADABLE } from './mark.js';

/** A page is full when it has so many blocks... */
export const PAGE_BLOCKS = 4_096;
/** ...or so many marks, of which 64 KiB are. */
const PAGE_MARKS = 8_192;

const PLACES = 2 ** 16;
const ENTRY_BYTES = 8;

/** The index of a block that may have this hash, or a transaction of this id. */
export interface Candidate {
  readonly digest: string;
  readonly index: number;
}

/** The page that grows. Unchanging: what is added to it makes another, and can be added only once. */
export class OpenPage {
  private constructor(
    readonly first: number,
    private readonly blocks: number,
    /** Each with its place. Shared with those that it was made from: they do not look beyond what is theirs. */
    private readonly marks: Float64Array,
    private readonly count: number,
  ) {}

  /** @param first index of the block that comes first */
  static at(first: number): OpenPage {
    return new OpenPage(first, 0, new Float64Array(PAGE_MARKS), 0);
  }

  /** Index of its last block; where it has none, of the one before. */
  get last(): number {
    return this.first + this.blocks - 1;
  }

  isFull(pageBlocks: number): boolean {
    return this.blocks >= pageBlocks || this.count >= PAGE_MARKS;
  }

  /** With the blocks that follow. */
  with(blocks: readonly Marked[]): OpenPage {
    let { marks, count } = this;
    let place = this.blocks;
    for (const block of blocks) {
      const { ids } = block;
      if (count + 1 + ids.length > marks.length) marks = grown(marks, count + 1 + ids.length);
      if (block !== UNREADABLE) marks[count++] = entryOf(markOf(block.hash), place);
      for (const id of ids) marks[count++] = entryOf(markOf(id), place);
      place++;
    }
    return new OpenPage(this.first, place, marks, count);
  }

  /** The marks that came after those of the page that it was made from. */
  since({ count }: OpenPage): Float64Array {
    return this.marks.subarray(count, this.count).map(markIn);
  }

  /** Up to the block of this index, and apart from this one; undefined where that is before its first. */
  upTo(index: number): OpenPage | undefined {
    const blocks = index - this.first + 1;
    if (blocks < 0 || blocks > this.blocks) return undefined;
    const marks = this.#entries().filter((entry) => placeIn(entry) < blocks);
    return new OpenPage(this.first, blocks, marks, marks.length);
  }

  /** For what is looked for in it; all at once, since its marks are in no order. */
  *candidates(digests: readonly string[]): Generator<Candidate> {
    const wanted = new Map<number, string[]>();
    for (const digest of digests) addTo(wanted, markOf(digest), digest);
    for (const entry of this.#entries())
      for (const digest of wanted.get(markIn(entry)) ?? [])
        yield { digest, index: this.first + placeIn(entry) };
  }

  /** As it is stored. */
  get record(): Buffer {
    return recordOf(this.first, this.#entries().slice().sort());
  }

  #entries(): Float64Array {
    return this.marks.subarray(0, this.count);
  }
}

/** @returns index of its first block; undefined where it is not what was stored */
export function firstIn(record: Buffer): number | undefined {
  return isWhole(record) ? record.readDoubleBE(CHECKSUM_BYTES) : undefined;
}

/** To be asked of one that is what was stored. */
export function marksIn(record: Buffer): Float64Array {
  const marks = new Float64Array(countIn(record));
  for (let at = 0; at < marks.length; at++) marks[at] = markIn(entryAt(record, at));
  return marks;
}

/** @returns undefined where the record is not what was stored */
export function candidatesIn(record: Buffer, digests: readonly string[]): Candidate[] | undefined {
  const first = firstIn(record);
  if (first === undefined) return undefined;
  const found: Candidate[] = [];
  for (const digest of digests) {
    const mark = markOf(digest);
    for (let at = firstFrom(record, entryOf(mark, 0)); at < countIn(record); at++) {
      const entry = entryAt(record, at);
      if (markIn(entry) !== mark) break;
      found.push({ digest, index: first + placeIn(entry) });
    }
  }
  return found;
}

function recordOf(first: number, entries: Float64Array): Buffer {
  const record = Buffer.allocUnsafe(CHECKSUM_BYTES + ENTRY_BYTES * (1 + entries.length));
  record.writeDoubleBE(first, CHECKSUM_BYTES);
  entries.forEach((entry, at) => {
    record.writeDoubleBE(entry, offsetOf(at));
  });
  return seal(record);
}

function isWhole(record: Buffer): boolean {
  return record.length >= offsetOf(0) && Number.isInteger(countIn(record)) && isSealed(record);
}

/** Place of the first entry that is this or greater. */
function firstFrom(record: Buffer, wanted: number): number {
  let low = 0;
  let high = countIn(record);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entryAt(record, middle) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

function countIn(record: Buffer): number {
  return (record.length - offsetOf(0)) / ENTRY_BYTES;
}

function entryAt(record: Buffer, at: number): number {
  return record.readDoubleBE(offsetOf(at));
}

/** The index of the first block comes before them. */
function offsetOf(at: number): number {
  return CHECKSUM_BYTES + ENTRY_BYTES * (1 + at);
}

/** A mark, and the place of its block, in one number: they sort by their marks. */
function entryOf(mark: number, place: number): number {
  return mark * PLACES + place;
}

function markIn(entry: number): number {
  return Math.floor(entry / PLACES);
}

function placeIn(entry: number): number {
  return entry % PLACES;
}

function grown(marks: Float64Array, least: number): Float64Array {
  const more = new Float64Array(Math.max(least, 2 * marks.length));
  more.set(marks);
  return more;
}
