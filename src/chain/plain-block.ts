/**
 * Nearly every block's canonical JSON is plain: names in ASCII without escapes, numbers of at most 15 digits before the
 * point. Such bytes are canonical if they have that form, so they are read in one pass, and never written again to
 * compare. All others go the long way of `decodeBlock`, which alone says what is wrong with a block.
 */
import { sha256 } from './hash.js';
import { PLAIN_BLOCK_MODULE } from './plain-block-module.js';
import { startWebAssembly, type WithMemory } from './web-assembly.js';

/** What `assembly/plain-block.ts` exports; described there. */
interface Exports extends WithMemory {
  readonly text: { readonly value: number };
  readonly found: { readonly value: number };
  readonly places: { readonly value: number };
  read(length: number): number;
}

/** As much as the module has room for; no block is longer. */
const MAX_BYTES = 1 << 20;
const HASH_DIGITS = 64;

const NO_IDS: readonly string[] = [];

/** The fields of a block that checks of a chain need, as they stand in its bytes. */
export class PlainBlock {
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

  constructor({ memory: { buffer }, text, found, places, read }: Exports) {
    this.#read = read;
    this.#text = Buffer.from(buffer, text.value, MAX_BYTES);
    this.#numbers = new Float64Array(buffer, found.value, 2);
    this.#integers = new Uint32Array(buffer, found.value + this.#numbers.byteLength, 6);
    this.#places = new Uint32Array(buffer, places.value);
  }

  read(bytes: Uint8Array): PlainBlock | undefined {
    if (bytes.length > MAX_BYTES) return undefined;
    this.#text.set(bytes);
    if (this.#read(bytes.length) === 0) return undefined;
    const numbers = this.#numbers;
    const integers = this.#integers;
    const index = numbers[0] as number;
    const proof = numbers[1] as number;
    const hashAt = integers[0] as number;
    const isTimestampUnsure = integers[3] === 1;
    if (isTimestampUnsure && !isShortest(this.#textIn(integers[1] as number, integers[2] as number)))
      return undefined;
    const previousHash = this.#textIn(hashAt, hashAt + HASH_DIGITS);
    const isRewarded = integers[4] === 1;
    const identified = integers[5] as number;
    const ids = identified === 0 ? NO_IDS : this.#idsIn(identified);
    return new PlainBlock(index, previousHash, proof, isRewarded, ids);
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
