/** Who sent us what, and after how many ms. */

export interface Arrival {
  readonly what: 'block' | 'transaction';
  /** A block's hash or a transaction's id. */
  readonly id: string;
  /** Of a block. */
  readonly index?: number;
  /** The peer it came from; null where this node made it. */
  readonly from: string | null;
  readonly source: 'own' | 'gossip' | 'sync';
  /** When it came, in ms since the epoch, by the node's clock. */
  readonly at: number;
  /** From when its block was made, by its miner's clock, to when it came; undefined where that says nothing. */
  readonly afterMs?: number;
}

const KEPT = 5_000;

export class Arrivals {
  readonly #byId = new Map<string, Arrival>();

  of(id: string): Arrival | undefined {
    return this.#byId.get(id);
  }

  /** The newest first. */
  latest(count: number): Arrival[] {
    return [...this.#byId.values()].slice(-count).reverse();
  }

  /** The newest that came from each peer. */
  latestByPeer(): Map<string, Arrival> {
    const latest = new Map<string, Arrival>();
    for (const arrival of this.#byId.values()) if (arrival.from !== null) latest.set(arrival.from, arrival);
    return latest;
  }

  add(arrival: Arrival): void {
    this.#byId.delete(arrival.id);
    this.#byId.set(arrival.id, arrival);
    if (this.#byId.size <= KEPT) return;
    const [oldest] = this.#byId.keys();
    if (oldest !== undefined) this.#byId.delete(oldest);
  }
}
