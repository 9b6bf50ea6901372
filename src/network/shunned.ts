import type { Multiaddr } from '@multiformats/multiaddr';
import { keepLatest } from '../keep-latest.js';
import { withoutPeerId } from './address.js';
import { MAX_SHUNNED, SHUN_MS } from './constants.js';

/** Peers that were dropped and are not to come back for a minute. */
export class Shunned {
  /** In ms of a clock that never goes back. */
  readonly #until = new Map<string, number>();
  /** Where somebody asks for whoever is there. */
  readonly #asked = new Set<Multiaddr>();

  add(peerId: string): void {
    keepLatest(this.#until, peerId, performance.now() + SHUN_MS, MAX_SHUNNED);
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

  /** While the dial goes on, whoever is found at the address is pardoned: a person asks for it, and may not know who it is. */
  async pardoning<T>(address: Multiaddr, dial: () => Promise<T>): Promise<T> {
    const asked = withoutPeerId(address);
    this.#asked.add(asked);
    try {
      return await dial();
    } finally {
      this.#asked.delete(asked);
    }
  }

  /** Who is at this address turned out: pardoned, where somebody asks for whoever is there. */
  found(peerId: string, address: Multiaddr): void {
    const found = withoutPeerId(address);
    if ([...this.#asked].some((asked) => asked.equals(found))) this.pardon(peerId);
  }
}
