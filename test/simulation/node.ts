/**
 * A node of the simulation: the real store, follower, sync, gossip, protocol and forge, wired as `src/node/parts.ts`
 * wires them, on a disk and in a network that are not real. What it has told anyone must hold for ever.
 */
import type { PeerId } from '@libp2p/interface';
import { ChainClient, ChainServer } from '../../protocols/chain/index.js';
import { Gossip } from '../../protocols/gossip/index.js';
import {
  Mempool,
  type MempoolLimits,
  type NetworkSpec,
  networkId,
  rulesOf,
  type Transaction,
} from '../../src/chain/index.js';
import type { Logger } from '../../src/log.js';
import { PROOF_END, search } from '../../src/mining/search.js';
import type { Emit } from '../../src/node/events.js';
import { ChainFollower } from '../../src/node/follower.js';
import { Forge, type ProofSearch } from '../../src/node/forge.js';
import { gossipJudge } from '../../src/node/gossip-judge.js';
import { PendingExchange } from '../../src/node/pending-exchange.js';
import { ownHead, servedChain } from '../../src/node/served-chain.js';
import { ChainSync, type HeadClient } from '../../src/node/sync.js';
import type { Head } from '../../src/storage/index.js';
import { LevelBlockStore } from '../../src/storage/level-block-store.js';
import type { Dice } from '../helpers/dice.js';
import type { SimulatedDisk } from './disk.js';
import { SimulatedHost } from './host.js';
import type { SimulatedNetwork } from './network.js';
import type { Trace } from './trace.js';

/** What all nodes of a run have in common. */
export interface World {
  readonly spec: NetworkSpec;
  readonly network: SimulatedNetwork;
  readonly dice: Dice;
  readonly trace: Trace;
  readonly mempoolLimits: MempoolLimits;
  /** Blocks asked for at once: few, so that a short chain, too, comes in many pieces. */
  readonly pieceBlocks: number;
  /** What must never happen has happened. */
  fail(what: string): void;
}

/** The longest search, in ms. */
const SLOWEST_SEARCH_MS = 400;

/** A node from one start to its end. */
interface Life {
  isOver: boolean;
  readonly host: SimulatedHost;
  readonly store: LevelBlockStore;
  readonly mempool: Mempool;
  readonly follower: ChainFollower;
  readonly sync: ChainSync;
  readonly server: ChainServer;
  readonly gossip: Gossip;
  readonly forge: Forge;
}

export class SimulatedNode {
  /** Ids of the transactions that this node has acknowledged, in whatever life. */
  readonly acknowledged = new Set<string>();
  #life: Life | undefined;
  #state: 'down' | 'starting' | 'up' | 'stopping' = 'down';
  /** The head it last told of. */
  #told: Pick<Head, 'length' | 'hash'>;

  constructor(
    readonly name: string,
    private readonly id: PeerId,
    readonly disk: SimulatedDisk,
    private readonly world: World,
  ) {
    const { genesis } = world.spec;
    this.#told = { length: genesis.index, hash: genesis.hash };
  }

  get isUp(): boolean {
    return this.#state === 'up';
  }

  get isDown(): boolean {
    return this.#state === 'down';
  }

  get head(): Head {
    return this.#now.follower.head;
  }

  get mempool(): Mempool {
    return this.#now.mempool;
  }

  /** Does nothing where it runs. */
  async start(): Promise<void> {
    if (!this.isDown) return;
    this.#state = 'starting';
    const life = this.#assemble();
    this.#life = life;
    await life.store.open();
    if (life.isOver) return;
    await this.#remembers(life);
    await life.follower.start();
    await life.server.start();
    if (life.isOver) return;
    life.gossip.start();
    life.sync.start();
    this.#state = 'up';
    this.#tell(`is up at ${short(life.follower.head)}, ${life.mempool.size} pending`);
    this.world.network.join(life.host);
  }

  /** An orderly end, as `parts.ts` makes it. */
  async stop(): Promise<void> {
    if (!this.isUp) return;
    this.#state = 'stopping';
    const life = this.#now;
    this.#tell('stops');
    await life.forge.stop();
    life.gossip.stop();
    await life.sync.stop();
    this.world.network.leave(life.host);
    await life.server.stop();
    await life.follower.stop();
    if (life.isOver) return;
    await life.store.close();
    life.isOver = true;
    this.#life = undefined;
    this.#state = 'down';
    this.#tell('has stopped');
  }

  /** The power goes: its memory is lost, and what it was doing never ends. */
  crash(why = 'crashes'): void {
    if (this.isDown) return;
    const life = this.#now;
    this.#tell(why);
    this.disk.cutPower();
    life.isOver = true;
    this.world.network.leave(life.host);
    // What it left behind must not go on; nobody waits for it, since some of it waits for the disk for ever.
    for (const part of [life.sync, life.forge, life.server]) void part.stop();
    this.#life = undefined;
    this.#state = 'down';
  }

  /** As `Node.send` does it. */
  async send(transaction: Transaction): Promise<void> {
    if (!this.isUp) return;
    const life = this.#now;
    const entry = { transaction, receivedAt: Date.now(), from: null };
    const admission = await life.follower.admit(entry);
    if (life.isOver) return;
    this.#tell(`answers ${admission} to ${transaction.id.slice(0, 6)}`);
    if (admission === 'full') return;
    if (admission === 'pending') await life.gossip.publishTransaction(transaction);
    if (!life.isOver) this.acknowledged.add(transaction.id);
  }

  async mine(): Promise<void> {
    if (!this.isUp) return;
    const life = this.#now;
    try {
      await life.forge.forge(new AbortController().signal);
    } catch (error) {
      if (!life.isOver) this.#tell(`does not mine: ${(error as Error).message}`);
    }
  }

  async resolve(): Promise<void> {
    if (!this.isUp) return;
    const life = this.#now;
    try {
      await life.sync.resolve(new AbortController().signal);
      if (this.isUp) this.#tell(`has resolved, at ${short(life.follower.head)}`);
    } catch (error) {
      if (this.isUp) this.world.fail(`${this.name} cannot resolve: ${error}`);
    }
  }

  #assemble(): Life {
    const { spec, network, mempoolLimits } = this.world;
    const rules = rulesOf(spec);
    const log = this.#log(() => life.isOver);
    const store = new LevelBlockStore(this.disk, spec);
    const mempool = new Mempool(mempoolLimits);
    const host = new SimulatedHost(this.id, this.name, network, {
      connected: (peer) => void sync.exchange(peer),
      disconnected: (peer) => sync.forget(peer),
      blamed: (peer, why) => {
        if (!life.isOver) this.world.fail(`${this.name} blames ${this.world.trace.nameOf(peer)}: ${why}`);
      },
    });
    const emit: Emit = (name, event) => {
      if (life.isOver) return;
      if (name === 'block' || name === 'reorg') {
        forge.headChanged();
        if (!('source' in event && event.source === 'gossip')) sync.announce();
      }
      this.#heard(name, event);
    };
    const follower = new ChainFollower(store, rules, mempool, emit);
    const client = new ChainClient(host, spec);
    const exchange = new PendingExchange(client, follower, mempool, rules);
    const sync = new ChainSync(
      this.#piecemeal(client),
      host,
      follower,
      exchange,
      () => ownHead(store, mempool),
      log,
    );
    const served = servedChain(spec, store, mempool, (peer, head) => sync.heard(peer, head));
    const server = new ChainServer(host, served, log);
    const gossip = new Gossip(host.pubsub, networkId(spec), gossipJudge(follower, rules, sync), log);
    const forge: Forge = new Forge(
      spec,
      follower,
      mempool,
      this.#search(),
      this.name,
      (block) => gossip.publishBlock(block),
      emit,
    );
    const life: Life = { isOver: false, host, store, mempool, follower, sync, server, gossip, forge };
    return life;
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
        const ms = dice.next() * SLOWEST_SEARCH_MS;
        await new Promise<void>((resolve, reject) => {
          network.time.after(ms, resolve);
          signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
        });
        return search(lastProof, difficulty, 0, PROOF_END)!;
      },
    };
  }

  /** After a start: what was told or acknowledged before is there. */
  async #remembers({ store }: Life): Promise<void> {
    const { length, hash } = this.#told;
    if ((await store.hashAt(length)) !== hash && store.head.length <= length)
      this.world.fail(`${this.name} told of ${short(this.#told)}, and starts with ${short(store.head)}`);
    const held = new Set((await store.pending()).map(({ transaction }) => transaction.id));
    for (const id of (await store.locate([...this.acknowledged])).keys()) held.add(id);
    for (const id of this.acknowledged)
      if (!held.has(id)) this.world.fail(`${this.name} acknowledged ${id.slice(0, 6)}, and starts without`);
    this.#told = store.head;
  }

  readonly #heard: Emit = (name, event) => {
    const { trace } = this.world;
    if (name === 'block' && 'source' in event) {
      const { block, source, from } = event;
      if (block.previous_hash !== this.#told.hash)
        this.world.fail(`${this.name} tells of a block that does not follow its head`);
      this.#told = { length: block.index, hash: block.hash };
      const by = from === null ? '' : ` from ${trace.nameOf(from)}`;
      this.#tell(`appends ${short(this.#told)} by ${source}${by}, ${block.transactions.length - 1} payments`);
    } else if (name === 'reorg' && 'newHead' in event) {
      const { oldHead, newHead, fork, removed, returned } = event;
      if (oldHead.hash !== this.#told.hash)
        this.world.fail(`${this.name} replaces ${short(oldHead)}, and told of ${short(this.#told)}`);
      if (newHead.length <= oldHead.length)
        this.world.fail(`${this.name} replaces ${short(oldHead)} by ${short(newHead)}, which is not longer`);
      this.#told = newHead;
      this.#tell(
        `adopts ${short(newHead)}: ${removed} blocks after ${fork} fall out, ${returned.length} payments return`,
      );
    } else if (name === 'fork' && 'block' in event) {
      this.#tell(`keeps ${short({ length: event.block.index, hash: event.block.hash })} aside`);
    } else if (name === 'transaction' && 'transaction' in event) {
      const by = event.from === null ? '' : ` from ${trace.nameOf(event.from)}`;
      this.#tell(`holds ${event.transaction.id.slice(0, 6)}${by}`);
    }
  };

  /** @param isOver whether what is said is of no interest any more */
  #log(isOver: () => boolean): Logger {
    const say = (fields: object, action: string) => {
      if (isOver()) return;
      const { peer, error, reason } = fields as Record<string, unknown>;
      const of = typeof peer === 'string' ? ` ${this.world.trace.nameOf(peer)}` : '';
      const why = error ?? reason;
      this.#tell(`${action}${of}${why === undefined ? '' : `: ${String(why)}`}`);
    };
    const broken = (fields: object, action: string) => {
      if (isOver()) return;
      const { err, error } = fields as Record<string, unknown>;
      this.world.fail(`${this.name} logs ${action}: ${String(err ?? error ?? '')}`);
    };
    return { debug: say, info: say, warn: say, error: broken };
  }

  #tell(what: string): void {
    this.world.trace.add(`${this.name} ${what}`);
  }

  get #now(): Life {
    if (this.#life === undefined) throw new Error(`${this.name} does not run`);
    return this.#life;
  }
}

/** A head as the trace shows it. */
export function short({ length, hash }: Pick<Head, 'length' | 'hash'>): string {
  return `${length}:${hash.slice(0, 6)}`;
}
