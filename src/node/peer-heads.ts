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
  /** Up to which block each peer's chain has come to us, and how many of them in its last turn. */
  readonly #brought = new Map<string, { reached: number; stored: number }>();

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

  /**
   * A peer has had its turn.
   *
   * @param stored how many blocks it sent that were new to us
   * @param reached the index of the last of them
   */
  brought(peer: PeerId, stored: number, reached: number): void {
    if (stored > 0) this.#brought.set(peer.toString(), { stored, reached });
  }

  /**
   * Whose chain has come furthest, of those of these that sent half as much in their last turn as the fastest, or more:
   * where blocks cost nothing, one that trickles may be ahead of all others. Undefined where none has sent anything.
   */
  furthest(peers: Iterable<string>): string | undefined {
    const runners = [...peers].flatMap((peer) => {
      const brought = this.#brought.get(peer);
      return brought === undefined ? [] : [{ peer, ...brought }];
    });
    const most = Math.max(...runners.map(({ stored }) => stored));
    const fast = runners.filter(({ stored }) => 2 * stored >= most);
    return fast.sort((a, b) => b.reached - a.reached)[0]?.peer;
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
