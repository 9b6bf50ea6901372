/** So that a piece of one block does not take what a whole answer would. */
const FIRST_BYTES = 4 << 10;

/**
 * Blocks that wait to be decoded, in memory that is used again and again. In memory of their own they would outlive V8's young
 * generation as they wait, and weigh until all of the old one is collected.
 */
export class Piece {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  /** Where each block ends, and the next one begins. */
  readonly #ends: number[] = [];

  get isEmpty(): boolean {
    return this.#ends.length === 0;
  }

  clear(): void {
    this.#ends.length = 0;
  }

  add(blocks: readonly Uint8Array[]): void {
    for (const block of blocks) {
      const begin = this.#end;
      const end = begin + block.length;
      if (end > this.#bytes.length) this.#grow(end);
      this.#bytes.set(block, begin);
      this.#ends.push(end);
    }
  }

  /** To be used before anything is added, or it is cleared. */
  get last(): Uint8Array | undefined {
    return this.isEmpty ? undefined : this.#bytes.subarray(this.#beginOf(this.#ends.length - 1), this.#end);
  }

  /**
   * The blocks, so many bytes of them at a time, or one that is larger; those of each batch in memory of their own. To be used
   * before anything is added, or it is cleared.
   */
  *batches(maxBytes: number): Generator<Uint8Array[]> {
    for (let from = 0; from < this.#ends.length; ) {
      const begin = this.#beginOf(from);
      let to = from + 1;
      while (to < this.#ends.length && (this.#ends[to] as number) - begin <= maxBytes) to++;
      yield this.#copied(from, to);
      from = to;
    }
  }

  #copied(from: number, to: number): Uint8Array[] {
    const begin = this.#beginOf(from);
    const bytes = Buffer.from(this.#bytes.subarray(begin, this.#beginOf(to)));
    const blocks: Uint8Array[] = [];
    for (let at = from; at < to; at++)
      blocks.push(bytes.subarray(this.#beginOf(at) - begin, this.#beginOf(at + 1) - begin));
    return blocks;
  }

  #beginOf(at: number): number {
    return at === 0 ? 0 : (this.#ends[at - 1] as number);
  }

  get #end(): number {
    return this.#beginOf(this.#ends.length);
  }

  #grow(least: number): void {
    const more = Buffer.allocUnsafe(Math.max(least, 2 * this.#bytes.length));
    this.#bytes.copy(more, 0, 0, this.#end);
    this.#bytes = more;
  }
}
