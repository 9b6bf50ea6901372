/** A node from one start to its end: the real parts, wired as `src/node/parts.ts` wires them. */
import type { PeerId } from '@libp2p/interface';
import { ChainClient, ChainServer, TIMEOUTS } from '../../protocols/chain/index.js';
import { Gossip } from '../../protocols/gossip/index.js';
import { BoundCounts } from '../../src/bounds.js';
import { Mempool, networkId, rulesOf } from '../../src/chain/index.js';
import type { Logger } from '../../src/log.js';
import { PROOF_END, search } from '../../src/mining/search.js';
import { Bouncer } from '../../src/node/bouncer.js';
import type { Emit } from '../../src/node/events.js';
import { ChainFollower } from '../../src/node/follower.js';
import { Forge, type ProofSearch } from '../../src/node/forge.js';
import { gossipJudge } from '../../src/node/gossip-judge.js';
import { Growth } from '../../src/node/growth.js';
import { Herald } from '../../src/node/herald.js';
import { PendingExchange } from '../../src/node/pending-exchange.js';
import { ownHead, servedChain } from '../../src/node/served-chain.js';
import { ChainSync, type HeadClient } from '../../src/node/sync.js';
import type { BlockStore } from '../../src/storage/index.js';
import { LevelBlockStore } from '../../src/storage/level-block-store.js';
import type { SimulatedDisk } from './disk.js';
import { SimulatedHost } from './host.js';
import type { World } from './world.js';

/** The longest search, in ms. */
const SLOWEST_SEARCH_MS = 400;

export class Life {
  /** What it does from then on is of no interest to anyone. */
  isOver = false;
  /** How much it was asked to do and has not done yet. */
  errands = 0;
  readonly host: SimulatedHost;
  readonly store: BlockStore;
  readonly mempool: Mempool;
  readonly follower: ChainFollower;
  readonly sync: ChainSync;
  readonly server: ChainServer;
  readonly gossip: Gossip;
  readonly herald: Herald;
  readonly forge: Forge;

  constructor(
    private readonly name: string,
    id: PeerId,
    disk: SimulatedDisk,
    private readonly world: World,
    hears: Emit,
  ) {
    const { spec, network, mempoolLimits } = world;
    const log = this.#log();
    const rules = rulesOf(spec);
    this.store = new LevelBlockStore(disk, spec);
    this.mempool = new Mempool(mempoolLimits);
    this.host = new SimulatedHost(id, name, network, {
      connected: (peer) => void this.sync.exchange(peer),
      disconnected: (peer) => this.sync.forget(peer),
      blamed: (peer, why) => this.#fail(`blames ${world.trace.nameOf(peer)}: ${why}`),
    });
    const bouncer = new Bouncer(this.host, log);
    const bounds = new BoundCounts((bound, peer) => bouncer.hit(bound, peer));
    const growth = new Growth(bounds);
    const emit: Emit = (event, about) => {
      if (this.isOver) return;
      if (event === 'block' || event === 'reorg')
        this.#headChanged(event === 'block' && 'source' in about && about.source !== 'sync');
      hears(event, about);
    };
    this.follower = new ChainFollower(this.store, rules, this.mempool, emit, Date.now, bounds);
    const client = new ChainClient(this.host, spec);
    const exchange = new PendingExchange(client, this.follower, this.mempool, rules, bounds);
    const head = () => ownHead(this.store, this.mempool);
    const paced = growth.pacing(this.#piecemeal(client));
    this.sync = new ChainSync(paced, this.host, this.follower, exchange, head, log, bounds);
    const served = servedChain(spec, this.store, this.mempool, (peer, head) => this.sync.heard(peer, head));
    this.server = new ChainServer(this.host, served, log, TIMEOUTS, bounds);
    const judge = gossipJudge(this.follower, rules, this.sync, bounds, growth);
    this.gossip = new Gossip(this.host.pubsub, networkId(spec), judge, log, bounds);
    this.herald = new Herald(
      (block) => this.gossip.publishBlock(block),
      () => this.host.connected().map(String),
      () => this.sync.announce(),
    );
    this.forge = new Forge(
      spec,
      this.follower,
      this.mempool,
      this.#search(),
      name,
      (block) => this.herald.tell(block),
      emit,
    );
  }

  #headChanged(gossiped: boolean): void {
    this.forge.headChanged();
    if (!gossiped) this.sync.announce();
  }

  #piecemeal(client: ChainClient): HeadClient {
    return {
      head: (...args) => client.head(...args),
      blocks: (peer, locator, { signal }) =>
        client.blocks(peer, locator, { signal, limit: this.world.pieceBlocks }),
    };
  }

  /** The pure search, which takes its time. */
  #search(): ProofSearch {
    const { network, dice } = this.world;
    return {
      progress: null,
      search: async (lastProof, difficulty, signal) => {
        await new Promise<void>((resolve, reject) => {
          network.time.after(dice.next() * SLOWEST_SEARCH_MS, resolve);
          signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
        });
        return search(lastProof, difficulty, 0, PROOF_END)!;
      },
    };
  }

  /** What it logs is part of the trace; an error is a failure. */
  #log(): Logger {
    const text = (fields: object, action: string) => {
      const { peer, err, error, reason } = fields as Record<string, unknown>;
      const of = typeof peer === 'string' ? ` ${this.world.trace.nameOf(peer)}` : '';
      const why = err ?? error ?? reason;
      return `${action}${of}${why === undefined ? '' : `: ${String(why)}`}`;
    };
    const say = (fields: object, action: string) => {
      if (!this.isOver) this.world.trace.add(`${this.name} ${text(fields, action)}`);
    };
    const error = (fields: object, action: string) => this.#fail(`logs ${text(fields, action)}`);
    return { debug: say, info: say, warn: say, error };
  }

  #fail(what: string): void {
    if (!this.isOver) this.world.fail(`${this.name} ${what}`);
  }
}
