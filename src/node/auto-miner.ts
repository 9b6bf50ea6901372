/** Mines by itself, at random intervals, so that the blocks of several nodes interleave as on a real network. */
import type { Logger } from '../log.js';
import { reasonOf } from '../reason.js';
import { StorageError } from '../storage/index.js';
import { NodeError } from './errors.js';

/** The longest a timer can wait, in ms. */
const MAX_WAIT_MS = 2 ** 31 - 1;

export class AutoMiner {
  #everySeconds: number | null = null;
  /** Ends the waiting, or the search. */
  #running = new AbortController();
  /** Why searches failed at this pace, as far as it was told: each try may fail for the same reason. */
  readonly #told = new Set<string>();

  /**
   * @param forge forges one block
   * @param random uniform in [0, 1)
   */
  constructor(
    private readonly forge: (signal: AbortSignal) => Promise<unknown>,
    private readonly log: Logger,
    private readonly random: () => number = Math.random,
  ) {}

  /** Seconds between two searches, on average; null while it does nothing. */
  get everySeconds(): number | null {
    return this.#everySeconds;
  }

  /**
   * Mines at this pace from now on; a search of its own that is running is given up.
   *
   * @param everySeconds mean of the exponential waiting times between two searches, above 0; null for not at all
   */
  setPace(everySeconds: number | null): void {
    this.#running.abort(new DOMException('the pace of mining has changed', 'AbortError'));
    this.#running = new AbortController();
    this.#told.clear();
    this.#everySeconds = everySeconds;
    if (everySeconds !== null) this.#wait(everySeconds, this.#running.signal);
  }

  stop(): void {
    this.setPace(null);
  }

  #wait(everySeconds: number, signal: AbortSignal): void {
    const waitMs = Math.min(-Math.log(1 - this.random()) * everySeconds * 1000, MAX_WAIT_MS);
    const giveUp = () => clearTimeout(timer);
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', giveUp);
      void this.#mine(everySeconds, signal);
    }, waitMs);
    signal.addEventListener('abort', giveUp, { once: true });
  }

  async #mine(everySeconds: number, signal: AbortSignal): Promise<void> {
    try {
      await this.forge(signal);
    } catch (error) {
      if (!signal.aborted) this.#tell(error);
    }
    if (!signal.aborted) this.#wait(everySeconds, signal);
  }

  #tell(error: unknown): void {
    const reason = reasonOf(error);
    // A full queue and a stop pass; of a store that cannot be used the node tells itself.
    const isToldElsewhere = error instanceof NodeError || error instanceof StorageError;
    if (isToldElsewhere || this.#told.has(reason)) {
      this.log.debug({ reason }, 'mining-failed');
      return;
    }
    this.#told.add(reason);
    this.log.warn({ reason }, 'mining-failed');
  }
}
