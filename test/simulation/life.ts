/** A node from one start to its end: its real core, between a simulated disk and a simulated host. */
import type { PeerId } from '@libp2p/interface';
import type { ChainClient } from '../../protocols/chain/index.js';
import { BoundCounts } from '../../src/bounds.js';
import { Mempool } from '../../src/chain/index.js';
import type { Logger } from '../../src/log.js';
import { PROOF_END, search } from '../../src/mining/search.js';
import { Bouncer } from '../../src/node/bouncer.js';
import { Core } from '../../src/node/core.js';
import type { Emit } from '../../src/node/events.js';
import type { ProofSearch } from '../../src/node/forge.js';
import type { HeadClient } from '../../src/node/sync.js';
import { Verdicts } from '../../src/node/verdicts.js';
import type { BlockStore } from '../../src/storage/index.js';
import { LevelBlockStore } from '../../src/storage/level-block-store.js';
import { PAGE_BLOCKS } from './at-rest.js';
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
  readonly core: Core;

  constructor(
    private readonly name: string,
    id: PeerId,
    disk: SimulatedDisk,
    private readonly world: World,
    hears: Emit,
  ) {
    const { spec, network, mempoolLimits } = world;
    const log = this.#log();
    this.store = new LevelBlockStore(disk, spec, undefined, PAGE_BLOCKS);
    this.mempool = new Mempool(mempoolLimits);
    this.host = new SimulatedHost(id, name, network, {
      connected: (peer) => this.core.met(peer),
      disconnected: (peer) => this.core.lost(peer),
      blamed: (peer, why) => this.#fail(`blames ${world.trace.nameOf(peer)}: ${why}`),
    });
    const bouncer = new Bouncer(this.host, log);
    this.core = new Core({
      spec,
      store: this.store,
      mempool: this.mempool,
      host: this.host,
      miner: this.#miner(),
      manual: false,
      bouncer,
      bounds: new BoundCounts((bound, peer) => bouncer.hit(bound, peer)),
      verdicts: new Verdicts(),
      log,
      tell: (event, about) => {
        if (!this.isOver) hears(event, about);
      },
      watching: (client) => this.#piecemeal(client),
    });
  }

  #piecemeal(client: ChainClient): HeadClient {
    return {
      head: (...args) => client.head(...args),
      blocks: (peer, locator, { signal }) =>
        client.blocks(peer, locator, { signal, limit: this.world.pieceBlocks }),
    };
  }

  /** The pure search, which takes its time. */
  #miner(): ProofSearch {
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
