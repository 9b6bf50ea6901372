/**
 * Counts requests a peer: each has a bucket of tokens, filled at a steady rate, and a request takes one.
 * A bucket is forgotten once it would be full again, since it then says no more than a new one.
 */
export class TokenBuckets {
  /** In the order of their last use, so that the idle ones come first. */
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  /**
   * @param perSecond tokens a second
   * @param burst tokens of a full bucket
   * @param maxKeys buckets kept at once; beyond it the one longest unused is forgotten
   * @param now a clock in milliseconds that never goes back
   */
  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
    private readonly maxKeys: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Buckets held in memory. */
  get size(): number {
    return this.#buckets.size;
  }

  /** @returns whether there was a token left for this key, now taken */
  take(key: string): boolean {
    const at = this.now();
    const held = this.#buckets.get(key);
    const filled = held
      ? Math.min(this.burst, held.tokens + ((at - held.at) * this.perSecond) / 1000)
      : this.burst;
    const granted = filled >= 1;
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens: granted ? filled - 1 : filled, at });
    this.#forget(at);
    return granted;
  }

  #forget(at: number): void {
    const refillMs = (this.burst / this.perSecond) * 1000;
    for (const [key, bucket] of this.#buckets) {
      if (at - bucket.at < refillMs && this.#buckets.size <= this.maxKeys) return;
      this.#buckets.delete(key);
    }
  }
}
