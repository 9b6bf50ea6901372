import type { Multiaddr } from '@multiformats/multiaddr';
import type { DialError } from './errors.js';
import { Hearsay } from './hearsay.js';

/** Somebody to be connected to: a peer, or whoever is at an address. */
export interface KnownPeer {
  readonly key: string;
  /** Unknown until an address without peer id was reached. */
  peerId: string | undefined;
  /** Set where we dial an address and not a peer. */
  readonly address: Multiaddr | undefined;
  /** Given by the user: dialled without yielding, never forgotten for others. */
  fixed: Multiaddr[];
  /** As heard by mDNS, the last first: each interface tells its own. */
  sighted: readonly Multiaddr[];
  /** What announcements said: dialled in turns of its own, and never kept. */
  readonly hearsay: Hearsay;
  /** Nothing but announcements told of it, and it was never reached. */
  isHearsay: boolean;
  /** From an earlier run, and not heard of since. */
  isRemembered: boolean;
  /** Heard of since it was last connected: it is there, and a failure to reach it is a hindrance. */
  present: boolean;
  failures: number;
  /** The failures that were told since it was last connected: each once. */
  readonly told: Set<DialError['code'] | undefined>;
  connectedAt: number | undefined;
  /** When a connection that was a good one ended. */
  partedAt: number | undefined;
  timer: NodeJS.Timeout | undefined;
  dueAt: number;
  /** It was dropped, and is not dialled before. */
  restsUntil: number;
  /** Ends the dial that is under way. */
  dial: AbortController | undefined;
}

/** Somebody nothing was tried with yet. */
export function newlyKnown(
  key: string,
  peerId: string | undefined,
  address: Multiaddr | undefined,
): KnownPeer {
  return {
    key,
    peerId,
    address,
    fixed: [],
    sighted: [],
    hearsay: new Hearsay(),
    isHearsay: false,
    isRemembered: false,
    present: false,
    failures: 0,
    told: new Set(),
    connectedAt: undefined,
    partedAt: undefined,
    timer: undefined,
    dueAt: 0,
    restsUntil: 0,
    dial: undefined,
  };
}

/** Whether a dial may well block: of whom nobody but strangers told; who failed before, unless it was a good peer and is heard of again. */
export function isDoubtful({ failures, present, partedAt, isHearsay }: KnownPeer): boolean {
  return isHearsay || (failures > 0 && !(present && partedAt !== undefined));
}

/**
 * Where it ought to be. They are dialled one after the other: after each failure another comes first, so that all have their
 * turn within the time.
 */
export function addressesInTurn({ fixed, sighted, failures }: KnownPeer): Multiaddr[] {
  const all = [...fixed, ...sighted];
  const first = all.length === 0 ? 0 : failures % all.length;
  return [...all.slice(first), ...all.slice(0, first)];
}
