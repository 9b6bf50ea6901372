/** Mines by itself, at random intervals, so that the blocks of several nodes interleave as on a real network. */
import type { Logger } from '../log.js';

export class AutoMiner {
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  /**
   * @param meanSeconds of the exponential waiting times between two searches
   * @param forge forges one block
   * @param random uniform in [0, 1)
   */
  constructor(
    private readonly meanSeconds: number,
    private readonly forge: () => Promise<unknown>,
    private readonly log: Logger,
    private readonly random: () => number = Math.random,
  ) {}

  start(): void {
    const waitMs = -Math.log(1 - this.random()) * this.meanSeconds * 1000;
    this.#timer = setTimeout(() => void this.#mine(), Math.min(waitMs, 2 ** 31 - 1));
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #mine(): Promise<void> {
    try {
      await this.forge();
    } catch (error) {
      if (!this.#stopped) this.log.debug({ error: String(error) }, 'mining-failed');
    }
    if (!this.#stopped) this.start();
  }
}
