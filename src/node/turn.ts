/** One peer's turn to send its chain: as long as nobody else waits for one, and for a while in any case. */
import { SYNC_TURN_LOOK_MS, SYNC_TURN_MS } from './constants.js';

export class Turn {
  readonly #ends = performance.now() + SYNC_TURN_MS;
  readonly #over = new AbortController();
  readonly #looking: NodeJS.Timeout;

  /** @param isAwaited whether anybody else waits for a turn */
  constructor(private readonly isAwaited: () => boolean) {
    this.#looking = setInterval(() => {
      if (this.isOver) this.#over.abort(new DOMException('it is the next one’s turn', 'AbortError'));
    }, SYNC_TURN_LOOK_MS);
  }

  get isOver(): boolean {
    return performance.now() > this.#ends && this.isAwaited();
  }

  /** Aborted when it is over: a peer that is silent in its turn does not hold up the others. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** Needs to be called at its end. */
  [Symbol.dispose](): void {
    clearInterval(this.#looking);
  }
}
