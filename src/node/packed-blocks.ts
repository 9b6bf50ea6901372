/** Blocks that wait to be decoded, in one piece of memory: an object for each would outlive V8's young generation, and weigh. */
export class PackedBlocks implements Iterable<Uint8Array> {
  readonly #bytes: Buffer;
  readonly #lengths: number[];

  constructor(blocks: readonly Uint8Array[]) {
    this.#bytes = Buffer.concat(blocks);
    this.#lengths = blocks.map(({ length }) => length);
  }

  get last(): Uint8Array | undefined {
    const length = this.#lengths.at(-1);
    return length === undefined ? undefined : this.#bytes.subarray(this.#bytes.length - length);
  }

  *[Symbol.iterator](): Generator<Uint8Array> {
    let at = 0;
    for (const length of this.#lengths) {
      yield this.#bytes.subarray(at, at + length);
      at += length;
    }
  }
}
