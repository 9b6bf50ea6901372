import { keepLatest } from '../keep-latest.js';
import * as limits from './constants.js';
import type { DialError } from './errors.js';
import type { LanInterface } from './interfaces.js';

/**
 * What is known of mDNS on an interface: our own question comes back on it (`heard`), does not, though asked
 * (`not-heard`: multicast is dropped on this machine), cannot be sent at all (`failed`), or was asked only a moment
 * ago (`asked`). `off` when this node does not use mDNS.
 */
export type MdnsState = 'off' | 'asked' | 'heard' | 'not-heard' | 'failed';

/** A network interface with an IPv4 address, and what became of mDNS on it. */
export interface InterfaceState {
  readonly name: string;
  readonly address: string;
  /** Loopback: leads to this machine only. */
  readonly internal: boolean;
  readonly mdns: MdnsState;
  /** In this state since; undefined for `off`. */
  readonly since: Date | undefined;
  /** With `failed`: the system's code, as `ENETUNREACH`. */
  readonly error: string | undefined;
}

/**
 * Who told of a peer: mDNS, the peer itself by connecting, another peer, the user, or the peer store of an earlier run.
 */
export type SightedBy = 'mdns' | 'peer' | 'exchange' | 'fixed' | 'remembered';

/** A peer that was heard of; the last time only. */
export interface Sighting {
  readonly peerId: string;
  readonly addresses: readonly string[];
  readonly at: Date;
  readonly by: SightedBy;
}

/** `connected`; why a dial failed; or why we hung up on a peer that we had reached. */
export type DialOutcome = 'connected' | DialError['code'] | 'wrong-network' | 'dropped';

/** Why a peer that was reached is hung up on. */
export interface DropReason {
  readonly outcome: 'wrong-network' | 'dropped';
  /** One line for a person. */
  readonly message: string;
}

/** How the last dial to a peer, or to an address whose peer is not known, ended. Who came by itself is `connected` too. */
export interface DialRecord {
  /** Undefined for an address at which nobody was reached yet. */
  readonly peerId: string | undefined;
  /** The address that was dialled, or undefined where a peer was dialled at all of its addresses. */
  readonly address: string | undefined;
  readonly outcome: DialOutcome;
  /** One line for a person; empty for `connected`. */
  readonly message: string;
  readonly at: Date;
  /** In a row, up to now; 0 for `connected`. */
  readonly failures: number;
}

/** Nodes of another network that were heard asking on this LAN. */
export interface OtherNetwork {
  /** The first digits of its network id, as its mDNS service tag shows them. */
  readonly networkDigits: string;
  /** The IP address that asked last. */
  readonly from: string;
  readonly at: Date;
}

/** What a network knows of its surroundings and its hindrances; every list bounded, the latest last. */
export interface Diagnosis {
  /** As they are now; empty when the network does not run. */
  readonly interfaces: readonly InterfaceState[];
  readonly sightings: readonly Sighting[];
  readonly dials: readonly DialRecord[];
  readonly otherNetworks: readonly OtherNetwork[];
}

/** Keeps what a {@link Diagnosis} shows: of each peer, address and network the latest. */
export class DiagnosisBook {
  readonly #sightings = new Map<string, Sighting>();
  readonly #dials = new Map<string, DialRecord>();
  readonly #others = new Map<string, OtherNetwork>();

  sighted(peerId: string, addresses: readonly { toString(): string }[], by: SightedBy): void {
    const shown = addresses.slice(0, limits.MAX_ADDRESSES_PER_PEER).map(String);
    const sighting = { peerId, addresses: shown, at: new Date(), by };
    keepLatest(this.#sightings, peerId, sighting, limits.MAX_DIAGNOSIS_ENTRIES);
  }

  /** As {@link sighted}, unless the peer was heard of before. */
  sightedFirst(peerId: string, addresses: readonly { toString(): string }[], by: SightedBy): void {
    if (!this.#sightings.has(peerId)) this.sighted(peerId, addresses, by);
  }

  /** @param target the peer, or the address where no peer is known */
  dialled(target: { peerId?: string | undefined; address?: string | undefined }, failure?: DialError): void {
    this.#ended(target, failure?.code ?? 'connected', failure?.message ?? '');
  }

  /** A peer was reached and hung up on. */
  dropped(peerId: string, { outcome, message }: DropReason): void {
    this.#ended({ peerId }, outcome, message);
  }

  heardOther(networkDigits: string, from: string): void {
    const other = { networkDigits, from, at: new Date() };
    keepLatest(this.#others, networkDigits, other, limits.MAX_DIAGNOSIS_ENTRIES);
  }

  show(interfaces: readonly InterfaceState[]): Diagnosis {
    return {
      interfaces,
      sightings: [...this.#sightings.values()],
      dials: [...this.#dials.values()],
      otherNetworks: [...this.#others.values()],
    };
  }

  #ended(
    { peerId, address }: { peerId?: string | undefined; address?: string | undefined },
    outcome: DialOutcome,
    message: string,
  ): void {
    const key = peerId ?? address;
    if (key === undefined) return;
    const failures = outcome === 'connected' ? 0 : (this.#dials.get(key)?.failures ?? 0) + 1;
    if (peerId !== undefined && address !== undefined) this.#dials.delete(address);
    const dial = { peerId, address, outcome, message, at: new Date(), failures };
    keepLatest(this.#dials, key, dial, limits.MAX_DIAGNOSIS_ENTRIES);
  }
}

/** The state of an interface where mDNS is off. */
export function withoutMdns({ name, address, internal }: LanInterface): InterfaceState {
  return { name, address, internal, mdns: 'off', since: undefined, error: undefined };
}
