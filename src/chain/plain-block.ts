/**
 * Nearly every block is plain (see `assembly/plain-block.ts`): it is read in one pass, and never written again to compare. All
 * others go the long way of `decodeBlock`, which alone says what is wrong with a block.
 */
import { sha256 } from './hash.js';
import { PLAIN_BLOCK_MODULE } from './plain-block-module.js';
import { startWebAssembly, type WithMemory } from './web-assembly.js';

/** What `assembly/plain-block.ts` exports; described there. */
interface Exports extends WithMemory {
  readonly text: { readonly value: number };
  readonly room: { readonly value: number };
  readonly found: { readonly value: number };
  readonly places: { readonly value: number };
  read(length: number): number;
}

/** What the module finds: first the numbers, eight bytes each... */
const NUMBERS = { index: 0, proof: 1 };
/** ...then these, four each. */
const INTEGERS = {
  hashAt: 0,
  timestampAt: 1,
  timestampEnd: 2,
  isTimestampUnsure: 3,
  isRewarded: 4,
  identified: 5,
};
const HASH_DIGITS = 64;

const NO_IDS: readonly string[] = Object.freeze([]);

/** The fields of a block that checks of a chain need, as they stand in its bytes. */
export class PlainBlock {
  /** What only has the same fields is none. */
  declare private readonly brand: never;

  constructor(
    readonly index: number,
    readonly previous_hash: string,
    readonly proof: number,
    /** Whether its last transaction, and no other, is a reward, and the tutorial's. */
    readonly isRewarded: boolean,
    /** Of the transactions with a nonce; most blocks have none. */
    readonly ids: readonly string[],
  ) {}

  /** @returns undefined where the bytes are not plain, whether they are a block or not */
  static read(bytes: Uint8Array): PlainBlock | undefined {
    return READER?.read(bytes);
  }
}

/** Its memory is written anew for each block. */
class Reader {
  readonly #read: Exports['read'];
  readonly #text: Buffer;
  readonly #numbers: Float64Array;
  readonly #integers: Uint32Array;
  readonly #places: Uint32Array;

  constructor({ memory: { buffer }, text, room, found, places, read }: Exports) {
    this.#read = read;
    this.#text = Buffer.from(buffer, text.value, room.value);
    this.#numbers = new Float64Array(buffer, found.value, Object.keys(NUMBERS).length);
    const { byteOffset, byteLength } = this.#numbers;
    this.#integers = new Uint32Array(buffer, byteOffset + byteLength, Object.keys(INTEGERS).length);
    this.#places = new Uint32Array(buffer, places.value);
  }

  read(bytes: Uint8Array): PlainBlock | undefined {
    if (bytes.length > this.#text.length) return undefined;
    this.#text.set(bytes);
    if (this.#read(bytes.length) === 0) return undefined;
    const numbers = this.#numbers;
    const integers = this.#integers;
    const timestampAt = integers[INTEGERS.timestampAt] as number;
    const timestampEnd = integers[INTEGERS.timestampEnd] as number;
    const isUnsure = integers[INTEGERS.isTimestampUnsure] === 1;
    if (isUnsure && !isShortest(this.#textIn(timestampAt, timestampEnd))) return undefined;
    const hashAt = integers[INTEGERS.hashAt] as number;
    const identified = integers[INTEGERS.identified] as number;
    return new PlainBlock(
      numbers[NUMBERS.index] as number,
      this.#textIn(hashAt, hashAt + HASH_DIGITS),
      numbers[NUMBERS.proof] as number,
      integers[INTEGERS.isRewarded] === 1,
      identified === 0 ? NO_IDS : this.#idsIn(identified),
    );
  }

  #textIn(from: number, to: number): string {
    return this.#text.toString('latin1', from, to);
  }

  #idsIn(count: number): string[] {
    const ids: string[] = [];
    for (let at = 0; at < 2 * count; at += 2)
      ids.push(sha256(this.#text.subarray(this.#places[at], this.#places[at + 1])));
    return ids;
  }
}

const READER = startReader();

function startReader(): Reader | undefined {
  const exports = startWebAssembly<Exports>(PLAIN_BLOCK_MODULE);
  return exports && new Reader(exports);
}

function isShortest(text: string): boolean {
  return String(Number(text)) === text;
}
