import type { Multiaddr } from '@multiformats/multiaddr';
import { forgetOldest } from '../keep-latest.js';
import { MAX_ANNOUNCED_ADDRESSES, MAX_TELLERS_PER_PEER } from './constants.js';

/** Where others say that a peer is: the last word of each, to be tried in turn, so that none hides another's. */
export class Hearsay {
  /** By who said it; whose turn is next comes first. */
  readonly #words = new Map<string, readonly Multiaddr[]>();

  /** Whose word is tried next; undefined where nobody has said anything. */
  get teller(): string | undefined {
    return this.#words.keys().next().value;
  }

  hear(teller: string, addresses: readonly Multiaddr[]): void {
    this.#words.set(teller, addresses.slice(0, MAX_ANNOUNCED_ADDRESSES));
    forgetOldest(this.#words, MAX_TELLERS_PER_PEER);
  }

  /**
   * The word whose turn it is, and next time it is another's, or begins with another address: addresses are dialled one after
   * the other, and one that swallows all would keep the rest from their turn. Undefined where there is none.
   */
  next(): readonly Multiaddr[] | undefined {
    const [first] = this.#words;
    if (first === undefined) return undefined;
    const [teller, addresses] = first;
    this.#words.delete(teller);
    this.#words.set(teller, [...addresses.slice(1), ...addresses.slice(0, 1)]);
    return addresses;
  }

  clear(): void {
    this.#words.clear();
  }
}
