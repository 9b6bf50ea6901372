/**
 * A Bloom filter of the marks of a page (B. H. Bloom, Space/time trade-offs in hash coding with allowable errors, 1970): it
 * may say of a mark that it is there when it is not, which costs a look at the page; never the other way round.
 */
const BITS = 1 << 17;
/** Of some 6,000 marks, as many as a page has with a transaction in every other block, it is wrong about one in 5,000. */
const PROBES = 6;
const HALF = 2 ** 18;

export class Filter {
  readonly #bits = new Uint8Array(BITS / 8);

  add(mark: number): void {
    let at = low(mark);
    const step = stepOf(mark);
    for (let probe = 0; probe < PROBES; probe++) {
      this.#bits[at >> 3] = (this.#bits[at >> 3] as number) | (1 << (at & 7));
      at = (at + step) & (BITS - 1);
    }
  }

  mayHave(mark: number): boolean {
    let at = low(mark);
    const step = stepOf(mark);
    for (let probe = 0; probe < PROBES; probe++) {
      if (((this.#bits[at >> 3] as number) & (1 << (at & 7))) === 0) return false;
      at = (at + step) & (BITS - 1);
    }
    return true;
  }
}

/** Marks are parts of hashes: their own bits will do. */
function low(mark: number): number {
  return (mark % HALF) & (BITS - 1);
}

/** Odd, so that no two probes are the same. */
function stepOf(mark: number): number {
  return Math.floor(mark / HALF) | 1;
}
