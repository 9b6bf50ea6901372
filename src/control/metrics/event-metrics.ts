/** What a node tells in its events, counted. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { Float } from '../../chain/index.js';
import type { BlockEvent, Node, NodeEvents, ReorgEvent } from '../../node/index.js';

/** The part of a node that is listened to. */
export type EventSource = Pick<Node, 'on' | 'off'>;

/** A LAN takes milliseconds; what takes more than seconds is a clock. */
const PROPAGATION_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const SOURCES = ['own', 'gossip', 'sync'] as const;
const DEPTH_BLOCKS = [1, 2, 3, 5, 10, 20, 50, 100, 1000];

export class EventMetrics {
  /** Blocks that have come since their counter was read last: in a long sync, counting them one by one would weigh. */
  readonly #uncounted = { own: 0, gossip: 0, sync: 0 };
  /** Milliseconds since the epoch; 0 before the first time. */
  #headChangedAt = 0;
  readonly #propagation;
  readonly #ahead;
  readonly #depth;
  readonly #added;
  readonly #returned;
  readonly #forks;
  readonly #transactions;
  readonly #searches;
  readonly #peerChanges;
  readonly #stopListening: (() => void)[] = [];

  /** Listens from now on. */
  constructor(
    private readonly source: EventSource,
    registry: Registry,
  ) {
    const registers = [registry];
    const counter = <Label extends string = never>(name: string, help: string, ...labelNames: Label[]) =>
      new Counter({ name: `gossipchain_${name}`, help, labelNames, registers });
    const histogram = (name: string, help: string, buckets: number[]) =>
      new Histogram({ name: `gossipchain_${name}`, help, buckets, registers });
    this.#countBlocks(registers);
    const headChanged: Gauge = new Gauge({
      name: 'gossipchain_head_changed_timestamp_seconds',
      help: 'When the head changed last, in seconds since the epoch by the clock of this machine; 0 before the first time.',
      registers,
      collect: () => headChanged.set(this.#headChangedAt / 1000),
    });
    this.#propagation = histogram(
      'block_propagation_seconds',
      'From the timestamp of a block that came by gossip to its arrival here: by two clocks, the one of its miner and ours. One that came before its own timestamp counts as 0.',
      PROPAGATION_SECONDS,
    );
    this.#ahead = counter(
      'blocks_ahead_of_clock_total',
      'Blocks by gossip whose timestamp was yet to come: the clock of their miner is ahead of ours.',
    );
    this.#depth = histogram(
      'reorganisation_depth_blocks',
      'Reorganisations, by how many blocks fell out of our chain.',
      DEPTH_BLOCKS,
    );
    this.#added = counter(
      'reorganisation_added_blocks_total',
      'Blocks that came into our chain in the place of others.',
    );
    this.#returned = counter(
      'reorganisation_returned_transactions_total',
      'Transactions that fell out of our chain and wait for a block again.',
    );
    this.#forks = counter(
      'forks_total',
      'Blocks that came, or were found here too late, and lead to another chain, no longer than ours: ours stayed.',
    );
    this.#transactions = counter(
      'transactions_total',
      'Transactions that became pending, by where they came from: sent here (own), or from a peer.',
      'source',
    );
    this.#searches = counter(
      'mining_searches_total',
      'Searches for a proof, by what became of them.',
      'state',
    );
    this.#peerChanges = counter('peer_changes_total', 'Peers that came or went.', 'change');
    this.#listen();
  }

  stop(): void {
    for (const stopListening of this.#stopListening.splice(0)) stopListening();
  }

  #countBlocks(registers: Registry[]): void {
    const blocks: Counter<'source'> = new Counter({
      name: 'gossipchain_blocks_total',
      help: 'Blocks that became the head by following the one before, by how they came: mined here (own), heard by gossip, or fetched from a peer (sync).',
      labelNames: ['source'],
      registers,
      collect: () => {
        for (const source of SOURCES) {
          blocks.inc({ source }, this.#uncounted[source]);
          this.#uncounted[source] = 0;
        }
      },
    });
  }

  /** Series are there from the start, so that their first increase is seen as one. */
  #listen(): void {
    for (const source of ['own', 'peer']) this.#transactions.inc({ source }, 0);
    for (const state of ['started', 'restarted', 'found', 'cancelled']) this.#searches.inc({ state }, 0);
    for (const change of ['connected', 'disconnected']) this.#peerChanges.inc({ change }, 0);
    this.#on('block', (event) => this.#block(event));
    this.#on('reorg', (event) => this.#reorg(event));
    this.#on('fork', () => this.#forks.inc());
    this.#on('transaction', ({ from }) => this.#transactions.inc({ source: from === null ? 'own' : 'peer' }));
    this.#on('mining', ({ state }) => this.#searches.inc({ state }));
    this.#on('peer', ({ change }) => this.#peerChanges.inc({ change }));
  }

  #on<Name extends keyof NodeEvents>(name: Name, listener: (event: NodeEvents[Name][0]) => void): void {
    this.source.on(name, listener as never);
    this.#stopListening.push(() => this.source.off(name, listener as never));
  }

  #block({ block, source, at }: BlockEvent): void {
    this.#uncounted[source]++;
    this.#headChangedAt = at;
    if (source !== 'gossip') return;
    const { timestamp } = block;
    const seconds = at / 1000 - Number(timestamp instanceof Float ? timestamp.value : timestamp);
    if (seconds < 0) this.#ahead.inc();
    this.#propagation.observe(Math.max(0, seconds));
  }

  #reorg({ removed, added, returned, at }: ReorgEvent): void {
    this.#depth.observe(removed);
    this.#added.inc(added);
    this.#returned.inc(returned.length);
    this.#headChangedAt = at;
  }
}
