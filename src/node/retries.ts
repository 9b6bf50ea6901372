/** When peers that failed us are asked again: soon, and later each time. */
import type { PeerId } from '@libp2p/interface';
import { RETRY_FIRST_MS, RETRY_LONGEST_MS } from './constants.js';

export class Retries {
  /** How often each failed lately, and when last, in ms since the epoch. */
  readonly #failures = new Map<string, { count: number; at: number }>();
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(private readonly again: (peer: PeerId) => void) {}

  /** Sees to it that the peer is asked again, once, however much of it failed at the same time. */
  failed(peer: PeerId): void {
    const key = peer.toString();
    if (this.#timers.has(key)) return;
    const before = this.#failures.get(key);
    const isLately = before !== undefined && Date.now() - before.at < 2 * RETRY_LONGEST_MS;
    const count = isLately ? before.count + 1 : 1;
    this.#failures.set(key, { count, at: Date.now() });
    const ms = Math.min(RETRY_FIRST_MS * 2 ** (count - 1), RETRY_LONGEST_MS);
    const ask = () => {
      this.#timers.delete(key);
      this.again(peer);
    };
    this.#timers.set(key, setTimeout(ask, ms));
  }

  forget(peerId: string): void {
    clearTimeout(this.#timers.get(peerId));
    this.#timers.delete(peerId);
    this.#failures.delete(peerId);
  }

  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}
