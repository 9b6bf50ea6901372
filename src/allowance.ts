/** How much of something may be used in a time: a bucket of tokens, filled at a steady rate, that may go into debt. */
export class Allowance {
  #tokens: number;
  #at: number;

  /**
   * @param perSecond tokens a second
   * @param burst tokens of a full bucket
   * @param now a clock in milliseconds that never goes back
   */
  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#tokens = burst;
    this.#at = now();
  }

  /** Takes so many tokens where there is no debt; there may be one then. @returns whether it did */
  take(tokens: number): boolean {
    if (this.spend(0) > 0) return false;
    this.spend(tokens);
    return true;
  }

  /**
   * Takes so many tokens, whether they are there or not.
   *
   * @returns milliseconds until the debt is paid; 0 where there is none
   */
  spend(tokens: number): number {
    const at = this.now();
    const filled = this.#tokens + ((at - this.#at) * this.perSecond) / 1000;
    this.#tokens = Math.min(this.burst, filled) - tokens;
    this.#at = at;
    return this.#tokens >= 0 ? 0 : (-this.#tokens * 1000) / this.perSecond;
  }
}
