/**
 * All that makes a node follow its network, between its disk and its host: made and wired in one place, for a node and for
 * the simulation of many.
 */
import type { PeerId } from '@libp2p/interface';
import {
  ChainClient,
  ChainServer,
  type StreamOpener,
  type StreamRegistrar,
  TIMEOUTS,
} from '../../protocols/chain/index.js';
import { Gossip, type Pubsub } from '../../protocols/gossip/index.js';
import type { Bounds } from '../bounds.js';
import { type Mempool, type NetworkSpec, networkId, rulesOf, type Transaction } from '../chain/index.js';
import type { Logger } from '../log.js';
import type { BlockStore } from '../storage/index.js';
import type { Bouncer } from './bouncer.js';
import type { Emit } from './events.js';
import { ChainFollower } from './follower.js';
import { Forge, type ProofSearch } from './forge.js';
import { gossipJudge } from './gossip-judge.js';
import { Growth, ON_DISK, type Pace } from './growth.js';
import { Herald } from './herald.js';
import { PendingExchange } from './pending-exchange.js';
import { ownHead, servedChain } from './served-chain.js';
import { ChainSync, type HeadClient } from './sync.js';
import type { Verdicts } from './verdicts.js';

/** What is used of the host. */
export interface CoreHost extends StreamOpener, StreamRegistrar {
  readonly peerId: string;
  connected(): PeerId[];
  /** Of use once the host has started. */
  readonly pubsub: Pubsub;
}

export interface CoreInit {
  readonly spec: NetworkSpec;
  readonly store: BlockStore;
  readonly mempool: Mempool;
  readonly host: CoreHost;
  readonly miner: ProofSearch;
  /** Neither gossips nor follows by itself: the chain changes only when it is told to. */
  readonly manual: boolean;
  readonly bouncer: Pick<Bouncer, 'drop'>;
  readonly bounds: Bounds;
  readonly verdicts: Pick<Verdicts, 'note'>;
  readonly log: Logger;
  readonly tell: Emit;
  /** How fast others may make the chain longer. @default ON_DISK */
  readonly pace?: Pace;
  /** Stands between us and the client that asks for heads and blocks. */
  watching(client: ChainClient): HeadClient;
}

export class Core {
  readonly follower: ChainFollower;
  readonly sync: ChainSync;
  readonly forge: Forge;
  readonly server: ChainServer;
  readonly herald: Herald;
  readonly #growth: Growth;
  #gossip: Gossip | undefined;

  constructor(private readonly init: CoreInit) {
    const { spec, store, mempool, host, bouncer, bounds, log, manual } = init;
    const rules = rulesOf(spec);
    const client = new ChainClient(host, spec);
    this.#growth = new Growth(bounds, init.pace ?? ON_DISK);
    this.follower = new ChainFollower(store, rules, mempool, this.#emit, Date.now, bounds, (bytes) =>
      this.#growth.grown(bytes),
    );
    this.sync = new ChainSync(
      this.#growth.pacing(init.watching(client)),
      {
        connected: () => host.connected(),
        drop: (peer, why) => bouncer.drop(peer.toString(), why),
      },
      this.follower,
      new PendingExchange(client, this.follower, mempool, rules, bounds),
      () => ownHead(store, mempool),
      log,
      bounds,
      init.verdicts,
    );
    const served = servedChain(spec, store, mempool, (peer, head) =>
      manual ? this.sync.heads.note(peer, head) : this.sync.heard(peer, head),
    );
    this.server = new ChainServer(host, served, log, TIMEOUTS, bounds);
    this.herald = new Herald(
      async (block) => (await this.#gossip?.publishBlock(block)) ?? [],
      () => host.connected().map(String),
      () => this.sync.announce(),
    );
    this.forge = new Forge(
      spec,
      this.follower,
      mempool,
      init.miner,
      host.peerId,
      async (block) => (manual ? undefined : this.herald.tell(block)),
      this.#emit,
    );
  }

  /** Takes up what was pending, and answers whoever asks. To be called before the host meets anyone. */
  async open(): Promise<void> {
    await this.follower.start();
    await this.server.start();
  }

  /** Begins to gossip and to follow, where it is to do so by itself. To be called once the host has started. */
  follow(): void {
    const { spec, host, bounds, verdicts, log, manual } = this.init;
    if (manual) return;
    const judge = gossipJudge(this.follower, rulesOf(spec), this.sync, bounds, this.#growth, verdicts);
    this.#gossip = new Gossip(host.pubsub, networkId(spec), judge, log, bounds);
    this.#gossip.start();
    this.sync.start();
  }

  /** The host has met a peer. */
  met(peer: PeerId): void {
    if (!this.init.manual) void this.sync.exchange(peer);
  }

  /** The host has lost a peer. */
  lost(peerId: string): void {
    this.sync.forget(peerId);
  }

  /** Tells the network of a transaction of ours; does nothing in manual mode. */
  async publish(transaction: Transaction): Promise<void> {
    await this.#gossip?.publishTransaction(transaction);
  }

  /** Begins nothing more, and ends what is under way. To be called before the host stops. */
  async rest(): Promise<void> {
    await this.forge.stop();
    this.#gossip?.stop();
    this.herald.stop();
    await this.sync.stop();
  }

  /** Resolves when nothing needs the store any more. To be called once the host has stopped. */
  async close(): Promise<void> {
    await this.server.stop();
    await this.follower.stop();
  }

  readonly #emit: Emit = (name, event) => {
    if (name === 'block' || name === 'reorg') {
      // Gossip tells our peers: of what came by it, and of what we mined.
      const gossiped = name === 'block' && 'source' in event && event.source !== 'sync';
      this.forge.headChanged();
      if (!gossiped && !this.init.manual) this.sync.announce();
    }
    if (name === 'block' && 'source' in event && event.source === 'gossip') this.herald.followed();
    this.init.tell(name, event);
  };
}
