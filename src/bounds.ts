/** Which limits are counted when something runs into them, and who is told. */

/** Every limit that a stranger can run into. Stable, and safe as a metric's label; the READMEs say what each bounds. */
export const BOUNDS = [
  // src/network
  'inbound-rate',
  'inbound-pending',
  'handshake-bytes',
  'inbound-per-address',
  'connections-per-peer',
  'connection-traffic',
  'connection-backlog',
  'muxer-frame-size',
  'announcement-rate',
  'announcement-size',
  'announced-strangers',
  // protocols/chain
  'chain-request-rate',
  'chain-request-malformed',
  'chain-served-per-peer',
  'chain-served-at-once',
  // protocols/gossip
  'gossip-rate',
  'gossip-rpc-size',
  'gossip-rpc-flood',
  'gossip-rpc-malformed',
  'gossip-unfinished',
  'gossip-passed-on',
  'gossip-rejected',
  'gossip-in-flight',
  // src/node
  'exchange-rate',
  'chain-growth',
  'branches',
  'branch-bytes',
  'broken-promises',
  'pending-ids',
  'mempool',
] as const;

export type Bound = (typeof BOUNDS)[number];

/** Told of every limit that is hit. */
export interface Bounds {
  /** @param peer the id of who ran into it, where it is known */
  hit(bound: Bound, peer?: string): void;
}

/** For whom nobody counts. */
export const UNCOUNTED: Bounds = { hit() {} };

/** How often each limit was hit since the start. */
export class BoundCounts implements Bounds {
  readonly #counts = new Map<Bound, number>(BOUNDS.map((bound) => [bound, 0]));
  readonly #listener: ((bound: Bound, peer: string) => void) | undefined;

  /** @param listener hears of each hit of a known peer's */
  constructor(listener?: (bound: Bound, peer: string) => void) {
    this.#listener = listener;
  }

  hit(bound: Bound, peer?: string): void {
    this.#counts.set(bound, (this.#counts.get(bound) ?? 0) + 1);
    if (peer !== undefined) this.#listener?.(bound, peer);
  }

  /** All of them, those that were never hit included. */
  get counts(): ReadonlyMap<Bound, number> {
    return this.#counts;
  }
}
