import type { Multiaddr } from '@multiformats/multiaddr';
import type { Logger } from '../log.js';
import { peerIdIn } from './address.js';
import * as limits from './constants.js';
import { DialError } from './errors.js';

/** What the dialler asks of the host. */
export interface DialTarget {
  readonly self: string;
  isConnected(peerId: string): boolean;
  /** @throws {DialError} */
  dialPeer(peerId: string, addresses: readonly Multiaddr[], signal: AbortSignal): Promise<string>;
  /** @throws {DialError} */
  dialAddress(address: Multiaddr, signal: AbortSignal): Promise<string>;
}

/** Somebody to be connected to: a peer, or whoever is at an address. */
interface Known {
  readonly key: string;
  /** Unknown until an address without peer id was reached. */
  peerId: string | undefined;
  /** Set where we dial an address and not a peer. */
  readonly address: Multiaddr | undefined;
  /** Given by the user: dialled without yielding, never forgotten for others. */
  fixed: Multiaddr[];
  /** As last heard by mDNS. */
  sighted: readonly Multiaddr[];
  failures: number;
  connectedAt: number | undefined;
  timer: NodeJS.Timeout | undefined;
  dueAt: number;
  dialling: boolean;
}

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
  readonly #random: () => number;
  readonly #known = new Map<string, Known>();
  readonly #queue: Known[] = [];
  readonly #stopped = new AbortController();
  #running = 0;
  #doubtful = 0;

  /** @param random 0 <= x < 1, as Math.random */
  constructor(host: DialTarget, log: Logger, random: () => number = Math.random) {
    this.#host = host;
    this.#log = log;
    this.#random = random;
  }

  /** Ends all dials and waiting; for good. */
  stop(): void {
    this.#stopped.abort();
    for (const known of this.#known.values()) clearTimeout(known.timer);
    this.#known.clear();
    this.#queue.length = 0;
  }

  /** A peer was heard of by mDNS. */
  sight(peerId: string, addresses: readonly Multiaddr[]): void {
    if (this.#stopped.signal.aborted || peerId === this.#host.self) return;
    let known = this.#known.get(peerId);
    if (known === undefined) {
      known = this.#add(peerId, peerId, undefined);
      if (known === undefined) return;
      known.sighted = addresses.slice(0, limits.MAX_ADDRESSES_PER_PEER);
      if (!this.#host.isConnected(peerId)) this.#schedule(known, this.#yieldMs(peerId));
      return;
    }
    known.sighted = addresses.slice(0, limits.MAX_ADDRESSES_PER_PEER);
    const soon = this.#jittered(limits.SIGHTED_MS);
    if (known.timer !== undefined && known.dueAt > Date.now() + soon) this.#schedule(known, soon);
  }

  /** A peer of earlier times, that may be gone. */
  remember(peerId: string): void {
    if (this.#stopped.signal.aborted || peerId === this.#host.self || this.#known.has(peerId)) return;
    const known = this.#add(peerId, peerId, undefined);
    if (known === undefined) return;
    known.failures = 1;
    if (!this.#host.isConnected(peerId)) this.#schedule(known, this.#yieldMs(peerId));
  }

  /** An address the user gave, with or without peer id: dialled now, and again as long as we run. */
  keep(address: Multiaddr): void {
    const peerId = peerIdIn(address);
    if (this.#stopped.signal.aborted || peerId === this.#host.self) return;
    const key = peerId ?? address.toString();
    const known = this.#known.get(key) ?? this.#add(key, peerId, peerId === undefined ? address : undefined);
    if (known === undefined) return;
    if (!known.fixed.some((other) => other.equals(address))) known.fixed.push(address);
    if (!this.#isConnected(known)) this.#schedule(known, 0);
  }

  /** Dials the peer no more, until it is heard of again or kept. */
  forget(peerId: string): void {
    for (const known of this.#entriesOf(peerId)) this.#drop(known);
  }

  connected(peerId: string): void {
    if (this.#stopped.signal.aborted) return;
    if (!this.#known.has(peerId)) this.#add(peerId, peerId, undefined);
    for (const known of this.#entriesOf(peerId)) {
      known.connectedAt = Date.now();
      this.#unschedule(known);
    }
  }

  disconnected(peerId: string): void {
    for (const known of this.#entriesOf(peerId)) {
      // A peer that lets us in only to hang up must not be dialled without pause.
      const lasted = Date.now() - (known.connectedAt ?? Date.now());
      known.failures = lasted >= limits.STABLE_MS ? 0 : known.failures + 1;
      known.connectedAt = undefined;
      const yields = known.address !== undefined || known.fixed.length === 0 ? this.#yieldMs(peerId) : 0;
      if (!known.dialling) this.#schedule(known, this.#backOff(known) + yields);
    }
  }

  #entriesOf(peerId: string): Known[] {
    return [...this.#known.values()].filter((known) => known.peerId === peerId);
  }

  #isConnected({ peerId }: Known): boolean {
    return peerId !== undefined && this.#host.isConnected(peerId);
  }

  /** @returns undefined when the table is full of better ones */
  #add(key: string, peerId: string | undefined, address: Multiaddr | undefined): Known | undefined {
    if (this.#known.size >= limits.MAX_KNOWN_PEERS && !this.#dropWorst()) return undefined;
    const known: Known = {
      key,
      peerId,
      address,
      fixed: [],
      sighted: [],
      failures: 0,
      connectedAt: undefined,
      timer: undefined,
      dueAt: 0,
      dialling: false,
    };
    this.#known.set(key, known);
    return known;
  }

  /** Makes room: whoever failed most often, if anybody failed at all. */
  #dropWorst(): boolean {
    const [worst] = [...this.#known.values()]
      .filter((known) => known.failures > 0 && known.fixed.length === 0 && !this.#isConnected(known))
      .sort((a, b) => b.failures - a.failures);
    if (worst !== undefined) this.#drop(worst);
    return worst !== undefined;
  }

  #drop(known: Known): void {
    this.#unschedule(known);
    this.#known.delete(known.key);
  }

  #schedule(known: Known, ms: number): void {
    this.#unschedule(known);
    known.dueAt = Date.now() + ms;
    known.timer = setTimeout(() => this.#due(known), ms);
  }

  #unschedule(known: Known): void {
    clearTimeout(known.timer);
    known.timer = undefined;
  }

  #due(known: Known): void {
    known.timer = undefined;
    if (known.dialling || this.#isConnected(known) || this.#queue.includes(known)) return;
    if (known.peerId !== undefined && this.#entriesOf(known.peerId).some(({ dialling }) => dialling)) {
      this.#schedule(known, this.#jittered(limits.YIELD_MS));
      return;
    }
    this.#queue.push(known);
    this.#next();
  }

  #next(): void {
    while (this.#running < limits.MAX_PARALLEL_DIALS) {
      const full = this.#doubtful >= limits.MAX_DOUBTFUL_DIALS;
      const at = this.#queue.findIndex((known) => !full || known.failures === 0);
      const [known] = at < 0 ? [] : this.#queue.splice(at, 1);
      if (known === undefined) return;
      if (this.#known.get(known.key) !== known || this.#isConnected(known)) continue;
      const doubtful = known.failures > 0 ? 1 : 0;
      this.#running += 1;
      this.#doubtful += doubtful;
      known.dialling = true;
      void this.#dial(known).finally(() => {
        this.#running -= 1;
        this.#doubtful -= doubtful;
        this.#next();
      });
    }
  }

  async #dial(known: Known): Promise<void> {
    const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(limits.DIAL_TIMEOUT_MS)]);
    try {
      known.peerId =
        known.address === undefined && known.peerId !== undefined
          ? await this.#host.dialPeer(known.peerId, [...known.fixed, ...known.sighted], signal)
          : await this.#host.dialAddress(known.address as Multiaddr, signal);
      known.connectedAt ??= Date.now();
    } catch (error) {
      this.#failed(known, error);
    } finally {
      known.dialling = false;
    }
    const stillWanted = !this.#stopped.signal.aborted && this.#known.get(known.key) === known;
    if (stillWanted && !this.#isConnected(known)) this.#schedule(known, this.#backOff(known));
  }

  #failed(known: Known, error: unknown): void {
    if (this.#stopped.signal.aborted) return;
    known.failures += 1;
    const code = error instanceof DialError ? error.code : undefined;
    if (code === 'ourselves') {
      this.#log.warn({ address: known.key }, 'address-is-our-own');
      this.#drop(known);
    } else if (code === 'no-address' && known.fixed.length === 0) {
      this.#drop(known); // it only dials: it will come by itself
    } else {
      this.#log.debug({ peer: known.key, failures: known.failures, code, error }, 'dial-failed');
    }
  }

  #backOff({ failures }: Known): number {
    const ms = limits.REDIAL_FIRST_MS * limits.REDIAL_FACTOR ** Math.max(0, failures);
    return this.#jittered(Math.min(ms, limits.REDIAL_LONGEST_MS));
  }

  #yieldMs(peerId: string): number {
    return this.#host.self < peerId ? 0 : this.#jittered(limits.YIELD_MS);
  }

  #jittered(ms: number): number {
    return ms * (1 + limits.REDIAL_JITTER * (2 * this.#random() - 1));
  }
}
