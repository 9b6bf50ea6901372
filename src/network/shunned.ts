import { MAX_SHUNNED, SHUN_MS } from './constants.js';

/** Peers that were dropped and are not to come back for a minute. */
export class Shunned {
  /** In ms of a clock that never goes back. */
  readonly #until = new Map<string, number>();

  add(peerId: string): void {
    this.#until.delete(peerId);
    this.#until.set(peerId, performance.now() + SHUN_MS);
    const oldest = this.#until.keys().next();
    if (this.#until.size > MAX_SHUNNED && !oldest.done) this.#until.delete(oldest.value);
  }

  pardon(peerId: string): void {
    this.#until.delete(peerId);
  }

  has(peerId: string): boolean {
    const until = this.#until.get(peerId);
    if (until === undefined) return false;
    if (performance.now() < until) return true;
    this.#until.delete(peerId);
    return false;
  }
}
