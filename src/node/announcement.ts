/** When peers are told that something has changed here: once it has rested, and at the latest after a while. */
import { ANNOUNCE_DELAY_MS, ANNOUNCE_LONGEST_MS } from './constants.js';

export class Announcement {
  #timer: NodeJS.Timeout | undefined;
  /** When something changed last, and first since peers were told, in ms of a clock that never goes back. */
  #changedAt = 0;
  #untoldSince = 0;
  #isStopped = false;

  constructor(private readonly tell: () => void) {}

  /** Called for every block of a sync: one timer looks whether it has been quiet, instead of a new one each time. */
  changed(): void {
    if (this.#isStopped) return;
    this.#changedAt = performance.now();
    if (this.#timer === undefined) this.#untoldSince = this.#changedAt;
    this.#timer ??= setTimeout(this.#look, ANNOUNCE_DELAY_MS);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  readonly #look = () => {
    const rested = this.#changedAt + ANNOUNCE_DELAY_MS;
    const restMs = Math.min(rested, this.#untoldSince + ANNOUNCE_LONGEST_MS) - performance.now();
    this.#timer = restMs > 0 ? setTimeout(this.#look, restMs) : undefined;
    if (restMs <= 0) this.tell();
  };
}
