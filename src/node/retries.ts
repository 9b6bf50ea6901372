/** When peers that failed us are asked again: soon, and later each time, whoever waits for it. */
import type { PeerId } from '@libp2p/interface';
import { RETRY_FIRST_MS, RETRY_LONGEST_MS } from './constants.js';

export class Retries {
  /** How often each failed lately, and when last, in ms of a clock that never goes back. */
  readonly #failures = new Map<string, { count: number; at: number }>();
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(private readonly again: (peer: PeerId) => void) {}

  /** Sees to it that the peer is asked again, once, however much of it failed at the same time. */
  failed(peer: PeerId): void {
    const key = peer.toString();
    if (this.#timers.has(key)) return;
    const ask = () => {
      this.#timers.delete(key);
      this.again(peer);
    };
    this.#timers.set(key, setTimeout(ask, this.#pauseAfterFailure(key)));
  }

  /**
   * Waits in the middle of a request, where the peer may soon be able to go on.
   *
   * @returns whether to ask again; no pause as long as the longest is waited for
   * @throws the signal's reason
   */
  async pause(peer: PeerId, signal: AbortSignal): Promise<boolean> {
    const ms = this.#pauseAfterFailure(peer.toString());
    if (ms >= RETRY_LONGEST_MS) return false;
    signal.throwIfAborted();
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done);
    });
    signal.throwIfAborted();
    return true;
  }

  /** The peer does what it is asked for: what failed before does not count. */
  succeeded(peer: PeerId): void {
    this.#failures.delete(peer.toString());
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

  /** @returns ms to wait after one failure more */
  #pauseAfterFailure(key: string): number {
    const before = this.#failures.get(key);
    const isLately = before !== undefined && performance.now() - before.at < 2 * RETRY_LONGEST_MS;
    const count = isLately ? before.count + 1 : 1;
    this.#failures.set(key, { count, at: performance.now() });
    return Math.min(RETRY_FIRST_MS * 2 ** (count - 1), RETRY_LONGEST_MS);
  }
}
