import type { Multiaddr } from '@multiformats/multiaddr';
import { MAX_KNOWN_PEERS } from './constants.js';
import { type KnownPeer, newlyKnown } from './known-peer.js';

/** What the table asks of its host. */
export interface KnownPeersHost {
  isConnected(peerId: string): boolean;
  /** A peer that is not connected is dialled no more: nothing of it needs to be kept. */
  forgotten?(peerId: string): void;
}

/** All who are to be connected to, by their keys: no more than so many. */
export class KnownPeers {
  readonly #host: KnownPeersHost;
  readonly #known = new Map<string, KnownPeer>();

  constructor(host: KnownPeersHost) {
    this.#host = host;
  }

  [Symbol.iterator](): IterableIterator<KnownPeer> {
    return this.#known.values();
  }

  get(key: string): KnownPeer | undefined {
    return this.#known.get(key);
  }

  /** Whether it was neither dropped nor replaced. */
  has(known: KnownPeer): boolean {
    return this.#known.get(known.key) === known;
  }

  /** All entries of a peer: itself, and the addresses at which it was found. */
  of(peerId: string): KnownPeer[] {
    return [...this].filter((known) => known.peerId === peerId);
  }

  isConnected({ peerId }: KnownPeer): boolean {
    return peerId !== undefined && this.#host.isConnected(peerId);
  }

  /** @returns undefined when the table is full of better ones */
  add(key: string, peerId: string | undefined, address?: Multiaddr): KnownPeer | undefined {
    if (this.#known.size >= MAX_KNOWN_PEERS && !this.#dropWorst()) return undefined;
    const known = newlyKnown(key, peerId, address);
    this.#known.set(key, known);
    return known;
  }

  /** It is dialled and waited for no more, and forgotten. */
  drop(known: KnownPeer): void {
    clearTimeout(known.timer);
    known.timer = undefined;
    known.dial?.abort();
    this.#known.delete(known.key);
    if (known.peerId !== undefined && !this.isConnected(known)) this.#host.forgotten?.(known.peerId);
  }

  /** Forgets all, of which nobody is told. */
  clear(): void {
    for (const known of this) clearTimeout(known.timer);
    this.#known.clear();
  }

  /** Makes room: whoever failed most often, if anybody failed at all. */
  #dropWorst(): boolean {
    const [worst] = [...this]
      .filter((known) => known.failures > 0 && known.fixed.length === 0 && !this.isConnected(known))
      .sort((a, b) => b.failures - a.failures);
    if (worst !== undefined) this.drop(worst);
    return worst !== undefined;
  }
}
