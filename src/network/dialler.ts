import type { Multiaddr } from '@multiformats/multiaddr';
import { Allowance } from '../allowance.js';
import type { Logger } from '../log.js';
import { withAny } from '../with-any.js';
import { peerIdIn } from './address.js';
import * as limits from './constants.js';
import { DialPauses } from './dial-pauses.js';
import { DialQueue } from './dial-queue.js';
import { DialError } from './errors.js';
import { addressesInTurn, type KnownPeer } from './known-peer.js';
import { KnownPeers, type KnownPeersHost } from './known-peers.js';

/** What the dialler asks of the host. */
export interface DialTarget extends KnownPeersHost {
  readonly self: string;
  /** @throws {DialError} */
  dialPeer(peerId: string, addresses: readonly Multiaddr[], signal: AbortSignal): Promise<string>;
  /** Only at these addresses, of which nothing is kept unless it is there. @throws {DialError} */
  dialHearsay(peerId: string, addresses: readonly Multiaddr[], signal: AbortSignal): Promise<string>;
  /** @throws {DialError} */
  dialAddress(address: Multiaddr, signal: AbortSignal): Promise<string>;
}

/** Hears how each dial ended. */
export type DialEnded = (
  target: { peerId?: string | undefined; address?: string | undefined },
  failure?: DialError,
) => void;

/**
 * Keeps us connected to all known peers: found by mDNS, given by the user, remembered, or come by themselves.
 *
 * - Of two that find each other the lower peer id dials at once, the other two seconds later if it still must: one
 *   connection a pair. An address the user gave is dialled at once.
 * - A failed dial is tried again with growing, jittered waiting times as long as the peer is known; so is a peer
 *   whose connection ended.
 * - No more than so many dials at once, no more than so many known peers.
 */
export class Dialler {
  readonly #host: DialTarget;
  readonly #log: Logger;
  readonly #pauses: DialPauses;
  readonly #ended: DialEnded;
  readonly #known: KnownPeers;
  readonly #queue: DialQueue;
  readonly #stopped = new AbortController();
  readonly #lines = new Allowance(limits.FAILURE_LINES_PER_SECOND, limits.FAILURE_LINES_BURST);

  /** @param random 0 <= x < 1, as Math.random */
  constructor(
    host: DialTarget,
    log: Logger,
    random: () => number = Math.random,
    ended: DialEnded = () => {},
  ) {
    this.#host = host;
    this.#log = log;
    this.#pauses = new DialPauses(host.self, random);
    this.#ended = ended;
    this.#known = new KnownPeers(host);
    this.#queue = new DialQueue(
      // Who is waited for again was dropped, or came and went, since it was due.
      (known) => this.#known.has(known) && known.timer === undefined && !this.#known.isConnected(known),
      (known) => this.#dial(known),
    );
  }

  /** Ends all dials and waiting; for good. */
  stop(): void {
    this.#stopped.abort();
    this.#known.clear();
    this.#queue.clear();
  }

  /** A peer was heard of by mDNS. */
  sight(peerId: string, addresses: readonly Multiaddr[]): void {
    if (this.#stopped.signal.aborted || peerId === this.#host.self) return;
    let known = this.#known.get(peerId);
    if (known === undefined) {
      known = this.#known.add(peerId, peerId);
      if (known === undefined) return;
      known.sighted = addresses.slice(0, limits.MAX_ADDRESSES_PER_PEER);
      known.present = true;
      if (!this.#host.isConnected(peerId)) this.#schedule(known, this.#pauses.firstTo(peerId));
      return;
    }
    const others = known.sighted.filter((old) => !addresses.some((address) => address.equals(old)));
    known.sighted = [...addresses, ...others].slice(0, limits.MAX_ADDRESSES_PER_PEER);
    // It is there: that it may be gone was all that spoke against it.
    if (known.isRemembered) known.failures = 0;
    known.isRemembered = false;
    known.present = true;
    known.isHearsay = false;
    this.#scheduleSooner(known);
    this.#queue.look();
  }

  /**
   * Somebody passes on that a peer is at these addresses. They are tried in turns of their own, so that they never take the
   * place of others that work, one teller's strangers do not keep another's waiting, and no teller's word hides another's.
   */
  hear(peerId: string, addresses: readonly Multiaddr[], teller: string): void {
    if (this.#stopped.signal.aborted || peerId === this.#host.self) return;
    const known = this.#known.get(peerId);
    const heard = known ?? this.#known.add(peerId, peerId);
    if (heard === undefined) return;
    heard.hearsay.hear(teller, addresses);
    if (known !== undefined) {
      this.#scheduleSooner(known);
      return;
    }
    heard.isHearsay = true;
    if (!this.#host.isConnected(peerId)) this.#schedule(heard, this.#pauses.firstTo(peerId));
  }

  /** A peer of earlier times, that may be gone. */
  remember(peerId: string): void {
    if (this.#stopped.signal.aborted || peerId === this.#host.self || this.#known.get(peerId) !== undefined)
      return;
    const known = this.#known.add(peerId, peerId);
    if (known === undefined) return;
    known.isRemembered = true;
    known.failures = 1;
    if (!this.#host.isConnected(peerId)) this.#schedule(known, this.#pauses.firstTo(peerId));
  }

  /** An address the user gave, with or without peer id: dialled now, and again as long as we run. */
  keep(address: Multiaddr): void {
    const peerId = peerIdIn(address);
    if (this.#stopped.signal.aborted || peerId === this.#host.self) return;
    const key = peerId ?? address.toString();
    const known =
      this.#known.get(key) ?? this.#known.add(key, peerId, peerId === undefined ? address : undefined);
    if (known === undefined) return;
    if (!known.fixed.some((other) => other.equals(address))) known.fixed.push(address);
    known.isHearsay = false;
    known.restsUntil = 0;
    if (!this.#known.isConnected(known)) this.#schedule(known, 0);
  }

  /** An address that the user gave is theirs no more: its peer is dialled only while it is heard of. */
  letGo(address: Multiaddr): void {
    const known = this.#known.get(peerIdIn(address) ?? address.toString());
    if (known === undefined) return;
    known.fixed = known.fixed.filter((other) => !other.equals(address));
    if (known.fixed.length === 0) this.#known.drop(known);
  }

  /** This machine's interfaces are others: whoever was out of reach may be reached now. */
  hurry(): void {
    for (const known of this.#known) {
      if (known.timer === undefined) continue;
      known.failures = Math.min(known.failures, 1);
      this.#schedule(known, Math.min(known.dueAt - performance.now(), this.#pauses.soon()));
    }
  }

  /** Whether the peer is dialled, or would be, were it not connected. */
  knows(peerId: string): boolean {
    return this.#known.of(peerId).length > 0;
  }

  /**
   * Dials a peer no more that is not connected, unless the user gave it.
   *
   * @returns whether it is unknown now
   */
  giveUp(peerId: string): boolean {
    const all = this.#known.of(peerId);
    if (this.#host.isConnected(peerId) || all.some(({ fixed, address }) => fixed.length > 0 || address))
      return false;
    for (const known of all) this.#known.drop(known);
    return true;
  }

  /**
   * A peer was dropped. It is dialled no more until it is heard of again or kept; at an address that the user gave, when
   * its time is over: it may have been put right since.
   */
  forget(peerId: string): void {
    for (const known of this.#known.of(peerId)) {
      if (known.fixed.length === 0) {
        this.#known.drop(known);
        continue;
      }
      known.dial?.abort();
      known.restsUntil = performance.now() + limits.SHUN_MS;
      this.#schedule(known, limits.SHUN_MS);
    }
  }

  connected(peerId: string): void {
    if (this.#stopped.signal.aborted) return;
    if (this.#known.get(peerId) === undefined) this.#known.add(peerId, peerId);
    for (const known of this.#known.of(peerId)) {
      known.connectedAt = performance.now();
      known.isHearsay = false;
      known.hearsay.clear();
      known.told.clear();
      known.partedAt = undefined;
      this.#unschedule(known);
    }
  }

  /** A peer reached us: where it has the lower id, its dial is the one that stays, and ours would be for nothing. */
  reachedBy(peerId: string): void {
    if (this.#host.self < peerId) return;
    for (const { dial } of this.#known.of(peerId)) dial?.abort();
  }

  disconnected(peerId: string): void {
    for (const known of this.#known.of(peerId)) {
      // A peer that lets us in only to hang up must not be dialled without pause.
      const lasted = performance.now() - (known.connectedAt ?? performance.now());
      known.failures = lasted >= limits.STABLE_MS ? 0 : known.failures + 1;
      if (lasted >= limits.STABLE_MS) known.partedAt = performance.now();
      known.connectedAt = undefined;
      known.present = false;
      const yields =
        known.address !== undefined || known.fixed.length === 0 ? this.#pauses.firstTo(peerId) : 0;
      if (known.dial === undefined) this.#schedule(known, this.#pauses.again(known) + yields);
    }
  }

  #schedule(known: KnownPeer, ms: number): void {
    this.#unschedule(known);
    const now = performance.now();
    known.dueAt = Math.max(now + ms, known.restsUntil);
    known.timer = setTimeout(() => this.#due(known), known.dueAt - now);
  }

  /** It was just heard of: it may well be there. */
  #scheduleSooner(known: KnownPeer): void {
    const soon = this.#pauses.soon();
    if (known.timer !== undefined && known.dueAt > performance.now() + soon) this.#schedule(known, soon);
  }

  #unschedule(known: KnownPeer): void {
    clearTimeout(known.timer);
    known.timer = undefined;
  }

  #due(known: KnownPeer): void {
    known.timer = undefined;
    if (known.dial !== undefined || this.#known.isConnected(known)) return;
    if (known.peerId !== undefined && this.#known.of(known.peerId).some(({ dial }) => dial !== undefined)) {
      this.#schedule(known, this.#pauses.whileOthersDial());
      return;
    }
    this.#queue.push(known);
  }

  async #dial(known: KnownPeer): Promise<void> {
    const dial = new AbortController();
    known.dial = dial;
    try {
      known.peerId = await this.#reach(known, dial.signal);
      known.connectedAt ??= performance.now();
      this.#ended({ peerId: known.peerId, address: known.address?.toString() });
    } catch (error) {
      this.#failed(known, error);
    } finally {
      known.dial = undefined;
    }
    const stillWanted = !this.#stopped.signal.aborted && this.#known.has(known);
    if (stillWanted && !this.#known.isConnected(known)) this.#schedule(known, this.#pauses.again(known));
  }

  /** Where it ought to be; or, if that has failed or nobody knows, where announcements say. */
  #reach(known: KnownPeer, cancelled: AbortSignal): Promise<string> {
    const { peerId, address, hearsay } = known;
    const within = (ms: number, dial: (signal: AbortSignal) => Promise<string>) =>
      withAny([this.#stopped.signal, cancelled, AbortSignal.timeout(ms)], dial);
    if (peerId === undefined || address !== undefined)
      return within(limits.DIAL_TIMEOUT_MS, (signal) => this.#host.dialAddress(address as Multiaddr, signal));
    const said = known.isHearsay || known.failures % 2 === 1 ? hearsay.next() : undefined;
    if (said !== undefined)
      return within(limits.HEARSAY_DIAL_MS, (signal) => this.#host.dialHearsay(peerId, said, signal));
    return within(limits.DIAL_TIMEOUT_MS, (signal) =>
      this.#host.dialPeer(peerId, addressesInTurn(known), signal),
    );
  }

  #failed(known: KnownPeer, error: unknown): void {
    // Who came by itself meanwhile needs no dial.
    if (this.#stopped.signal.aborted || this.#known.isConnected(known)) return;
    known.failures += 1;
    const code = error instanceof DialError ? error.code : undefined;
    if (error instanceof DialError && code !== 'cancelled') {
      this.#ended({ peerId: known.peerId, address: known.address?.toString() }, error);
    }
    if (code === 'ourselves') {
      this.#log.warn({ address: known.key }, 'address-is-our-own');
      this.#known.drop(known);
    } else if (code === 'no-address' && known.fixed.length === 0 && known.hearsay.teller === undefined) {
      this.#known.drop(known); // it only dials: it will come by itself
    } else {
      this.#tellFailure(known, error);
    }
  }

  /** One line for a hindrance: somebody who ought to be there is not reached. That others are gone is no news. */
  #tellFailure(known: KnownPeer, error: unknown): void {
    const { code, message } =
      error instanceof DialError ? error : { code: undefined, message: String(error) };
    const ought = known.present || known.fixed.length > 0;
    const isNews = ought && code !== 'cancelled' && !known.told.has(code) && this.#lines.take(1);
    if (isNews) known.told.add(code);
    const fields = { peer: known.key, failures: known.failures, code, reason: message };
    if (isNews) this.#log.warn(fields, 'dial-failed');
    else this.#log.debug({ ...fields, error }, 'dial-failed');
  }
}
