/** What our peers last said of their chains. It is what they claim, no more. */
import type { PeerId } from '@libp2p/interface';
import type { HeadInfo } from '../../protocols/chain/index.js';
import type { Block } from '../chain/index.js';
import type { Head } from '../storage/index.js';
import { MAX_PEER_HEADS } from './constants.js';

export interface PeerHead {
  readonly peer: PeerId;
  readonly head: HeadInfo;
  /** When it said so, in ms since the epoch. */
  readonly at: number;
}

const NOTHING_PENDING = { pending: 0, digest: '0'.repeat(64) };

export class PeerHeads {
  readonly #heads = new Map<string, PeerHead>();
  /** When each peer was asked last, in ms of a clock that never goes back. */
  readonly #askedAt = new Map<string, number>();

  /** How often in a row each peer has sent less than it promised. */
  readonly #broken = new Map<string, number>();
  /** Up to which block each peer's chain has come to us. */
  readonly #brought = new Map<string, number>();

  of(peerId: string): PeerHead | undefined {
    return this.#heads.get(peerId);
  }

  note(peer: PeerId, head: HeadInfo): void {
    const key = peer.toString();
    const [oldest] = this.#heads.keys();
    // Only a peer that spoke in the moment of its leaving can be left over: the bound is for many of them.
    if (oldest !== undefined && this.#heads.size >= MAX_PEER_HEADS && !this.#heads.has(key))
      this.forget(oldest);
    this.#heads.set(key, { peer, head, at: Date.now() });
  }

  /** A peer passed this block on: it is on its chain, or its chain is longer still. */
  passedOn(peer: PeerId, { index, hash }: Block): void {
    const known = this.of(peer.toString())?.head;
    if (known === undefined || index > known.length) {
      this.note(peer, { ...NOTHING_PENDING, ...known, length: index, hash });
    }
  }

  asked(peer: PeerId, at: number): void {
    this.#askedAt.set(peer.toString(), at);
  }

  /** Of these peers the one that was asked longest ago, or never. */
  longestUnasked(peers: readonly PeerId[]): PeerId | undefined {
    const askedAt = (peer: PeerId) => this.#askedAt.get(peer.toString()) ?? 0;
    return [...peers].sort((a, b) => askedAt(a) - askedAt(b))[0];
  }

  /** A peer has sent its chain up to this block. @param index 0 where it has sent none */
  brought(peer: PeerId, index: number): void {
    if (index > 0) this.#brought.set(peer.toString(), index);
  }

  /** Whose chain has come furthest of these; undefined where none has sent any of it. */
  furthest(peers: Iterable<string>): string | undefined {
    const far = (peer: string) => this.#brought.get(peer) ?? 0;
    const [furthest] = [...peers].sort((a, b) => far(b) - far(a));
    return furthest !== undefined && far(furthest) > 0 ? furthest : undefined;
  }

  /** A peer sent less than it promised. @returns how often it did so in a row */
  broken(peer: PeerId): number {
    const times = (this.#broken.get(peer.toString()) ?? 0) + 1;
    this.#broken.set(peer.toString(), times);
    return times;
  }

  /** A peer sent what it promised, or took it back. */
  kept(peer: PeerId): void {
    this.#broken.delete(peer.toString());
  }

  forget(peerId: string): void {
    this.#heads.delete(peerId);
    this.#askedAt.delete(peerId);
    this.#broken.delete(peerId);
    this.#brought.delete(peerId);
  }

  /** Heads of the same length as this one, and other than it. */
  tiedWith({ length, hash }: Head): string[] {
    return [...this.#heads.values()]
      .map(({ head }) => head)
      .filter((head) => head.length === length && head.hash !== hash)
      .map((head) => head.hash);
  }
}
