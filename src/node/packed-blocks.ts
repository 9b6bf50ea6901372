/** Blocks that wait to be decoded, in one piece of memory: an object for each would outlive V8's young generation, and weigh. */
export class PackedBlocks implements Iterable<Uint8Array> {
  readonly #bytes: Buffer;
  /** Where each block begins, and where it ends. */
  readonly #places: Uint32Array;

  /** @param blocks of one message: parts of its memory, which is kept; others are copied */
  constructor(blocks: readonly Uint8Array[]) {
    const parts = areOfOne(blocks) ? blocks : copied(blocks);
    const [first] = parts;
    const begin = first?.byteOffset ?? 0;
    const last = parts.at(-1);
    const end = last === undefined ? begin : last.byteOffset + last.byteLength;
    this.#bytes = Buffer.from(first?.buffer ?? new ArrayBuffer(0), begin, end - begin);
    this.#places = new Uint32Array(2 * parts.length);
    parts.forEach(({ byteOffset, byteLength }, at) => {
      this.#places[2 * at] = byteOffset - begin;
      this.#places[2 * at + 1] = byteOffset - begin + byteLength;
    });
  }

  get last(): Uint8Array | undefined {
    const [begin, end] = this.#places.subarray(-2);
    return begin === undefined ? undefined : this.#bytes.subarray(begin, end);
  }

  *[Symbol.iterator](): Generator<Uint8Array> {
    for (let at = 0; at < this.#places.length; at += 2)
      yield this.#bytes.subarray(this.#places[at], this.#places[at + 1]);
  }
}

/** Whether they are parts of the same memory, one after the other. */
function areOfOne(blocks: readonly Uint8Array[]): boolean {
  return blocks.every((block, at) => {
    const before = blocks[at - 1];
    return (
      before === undefined ||
      (block.buffer === before.buffer && block.byteOffset >= before.byteOffset + before.byteLength)
    );
  });
}

function copied(blocks: readonly Uint8Array[]): Uint8Array[] {
  const bytes = Buffer.concat(blocks);
  let end = 0;
  return blocks.map(({ length }) => {
    end += length;
    return bytes.subarray(end - length, end);
  });
}
