/** The proof search as the node knows it: one at a time, on threads of its own, always the smallest proof. */

import { availableParallelism } from 'node:os';
import { MiningError } from './errors.js';
import { SearchPool } from './pool.js';
import { SharedSearch } from './shared-search.js';

/** How far the search that is running has come. */
export interface MiningProgress {
  /** Proofs tried so far. */
  tried: number;
  /** Tries a second, on average since the search began. */
  rate: number;
  /** When the search began, in ms since the epoch. */
  since: number;
}

interface Running {
  readonly search: SharedSearch;
  readonly since: number;
  /** The same moment on the monotonic clock, in ms. */
  readonly startedAt: number;
  abort(reason: unknown): void;
}

export class Miner {
  readonly #pool: SearchPool;
  #running: Running | null = null;
  /** Proofs tried in searches that have ended. */
  #triedBefore = 0;
  #stopped = false;

  /**
   * Starts nothing yet: the threads start with the first search.
   *
   * @param init.threads - how many threads search
   * @default one less than the system offers, at least 1: the main thread has work of its own
   * @throws RangeError when threads is not an integer of at least 1
   */
  constructor(init: { threads?: number } = {}) {
    this.#pool = new SearchPool(init.threads ?? Math.max(availableParallelism() - 1, 1));
  }

  get threads(): number {
    return this.#pool.threads;
  }

  /** Proofs tried in all searches so far. */
  get tried(): number {
    return this.#triedBefore + (this.#running?.search.tried ?? 0);
  }

  /** How far the search that is running has come; null while none is. */
  get progress(): MiningProgress | null {
    if (this.#running === null) return null;
    const { search, since, startedAt } = this.#running;
    const { tried } = search;
    const seconds = (performance.now() - startedAt) / 1000;
    return { tried, rate: seconds > 0 ? tried / seconds : 0, since };
  }

  /**
   * Finds the smallest valid proof after `lastProof`, however many threads look for it. A search still running is
   * superseded.
   *
   * @param lastProof - the proof of the block before, 0 to 2^53 - 1
   * @param difficulty - leading zeros, 0 to 16
   * @param signal - gives the search up: it rejects with `signal.reason`, the threads are free within milliseconds
   * @throws RangeError when an argument is not an integer in its range
   * @throws MiningError `superseded`, `stopped`, `worker-failed` or `no-proof`; after `worker-failed` and
   * `superseded` the miner is as good as before
   */
  async search(lastProof: number, difficulty: number, signal?: AbortSignal): Promise<number> {
    signal?.throwIfAborted();
    if (this.#stopped) throw new MiningError('stopped', 'the miner is stopped: make a new one');
    const search = SharedSearch.over(lastProof, difficulty);
    this.#running?.abort(new MiningError('superseded', 'another search took this one’s place'));

    const { promise: aborted, reject: abort } = rejection();
    const running: Running = { search, since: Date.now(), startedAt: performance.now(), abort };
    const onAbort = () => abort(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#running = running;
    try {
      await Promise.race([this.#pool.run(search), aborted]);
    } finally {
      search.cancel();
      this.#triedBefore += search.tried;
      signal?.removeEventListener('abort', onAbort);
      if (this.#running === running) this.#running = null;
    }
    if (search.best === undefined) {
      throw new MiningError(
        'no-proof',
        `no proof at all is valid after ${lastProof} at difficulty ${difficulty}`,
      );
    }
    return search.best;
  }

  /** Ends the threads for good; a search still running rejects with `stopped`. Idempotent. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#running?.abort(new MiningError('stopped', 'the miner was stopped'));
    await this.#pool.stop();
  }
}

/** A promise that only ever rejects, and the function that makes it. */
function rejection(): { promise: Promise<never>; reject: (reason: unknown) => void } {
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<never>((_, fail) => {
    reject = fail;
  });
  return { promise, reject };
}
