/** What a node is asked for when it is scraped. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Node, VerdictCount } from '../../node/index.js';

/** The part of a node that is asked. */
export type StateSource = Pick<Node, 'status' | 'peers' | 'figures' | 'boundsHit'>;

/** Takes the node's own numbers as they are: it counts, and here they are only told. */
export class StateMetrics {
  readonly #registry: Registry;
  readonly #gauges = new Map<string, Gauge>();
  readonly #counters = new Map<string, Counter>();

  constructor(
    private readonly source: StateSource,
    registry: Registry,
  ) {
    this.#registry = registry;
  }

  /** @throws NodeError `not-running` */
  update(): void {
    this.#chain();
    this.#peers();
    this.#mining();
    this.#bounds();
  }

  #chain(): void {
    const { head, pending, tiedHeads, version, network, networkId } = this.source.status();
    const { chainBytes, mempoolBytes, writes, syncing, verdicts } = this.source.figures();
    this.#gauge('info', 'Which node this is; always 1.', 1, {
      version,
      network: network.name,
      network_id: networkId,
      difficulty: String(network.difficulty),
    });
    this.#gauge('chain_length_blocks', 'Blocks of our chain.', head.length);
    this.#gauge('chain_size_bytes', 'Canonical JSON of our chain.', chainBytes);
    this.#gauge('tied_heads', 'Other heads as long as ours that we know of.', tiedHeads.length);
    this.#gauge('mempool_transactions', 'Transactions that wait for a block.', pending);
    this.#gauge(
      'mempool_size_bytes',
      'Canonical JSON of the transactions that wait for a block.',
      mempoolBytes,
    );
    this.#gauge('sync_active', 'Whether the chain of a peer is being fetched: 1 or 0.', Number(syncing));
    this.#counter(
      'store_writes_total',
      'Batches written to the store, each of them synced to disk.',
      writes.count,
    );
    this.#counter('store_write_seconds_total', 'How long the store took to write them.', writes.seconds);
    this.#verdicts(verdicts);
  }

  /** Series are there before anything has come, so that their first increase is seen as one. */
  #verdicts(verdicts: readonly VerdictCount[]): void {
    const tell = ({ count, ...labels }: VerdictCount) =>
      this.#counter(
        'verdicts_total',
        'Blocks and transactions that peers sent, by how they were judged; code says why one was rejected. What a sync takes over is in blocks_total.',
        count,
        labels,
      );
    for (const kind of ['block', 'transaction'] as const)
      for (const verdict of ['accept', 'ignore'] as const)
        tell({ source: 'gossip', kind, verdict, code: '', count: 0 });
    verdicts.forEach(tell);
  }

  #peers(): void {
    const peers = this.source.peers();
    for (const direction of ['inbound', 'outbound'] as const) {
      const count = peers.filter((peer) => peer.direction === direction).length;
      this.#gauge('peers', 'Connected peers, by who dialled.', count, { direction });
    }
    const longest = Math.max(0, ...peers.map(({ length }) => length ?? 0));
    this.#gauge('longest_peer_length_blocks', 'The longest chain that a connected peer told of.', longest);
  }

  #mining(): void {
    const { tried, threads } = this.source.figures();
    const { mining } = this.source.status();
    this.#counter('mining_tries_total', 'Proofs tried: its rate is the hash rate.', tried);
    this.#gauge('mining_threads', 'Threads that search for proofs.', threads);
    this.#gauge('mining_active', 'Whether a proof is searched for: 1 or 0.', Number(mining !== null));
  }

  /** All there are, those that were never hit included. */
  #bounds(): void {
    for (const [bound, count] of this.source.boundsHit())
      this.#counter('bounds_hit_total', 'How often somebody ran into a limit.', count, { bound });
  }

  #gauge(name: string, help: string, value: number, labels: Record<string, string> = {}): void {
    let gauge = this.#gauges.get(name);
    if (gauge === undefined) {
      gauge = new Gauge(this.#described(name, help, labels));
      this.#gauges.set(name, gauge);
    }
    gauge.set(labels, value);
  }

  /** The node counts: what it says is what is told. After a restart of the node it is less, as Prometheus expects. */
  #counter(name: string, help: string, value: number, labels: Record<string, string> = {}): void {
    let counter = this.#counters.get(name);
    if (counter === undefined) {
      counter = new Counter(this.#described(name, help, labels));
      this.#counters.set(name, counter);
    }
    counter.remove(labels);
    counter.inc(labels, value);
  }

  #described(name: string, help: string, labels: Record<string, string>) {
    return {
      name: `gossipchain_${name}`,
      help,
      labelNames: Object.keys(labels),
      registers: [this.#registry],
    };
  }
}
