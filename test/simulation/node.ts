/** A node of the simulation, through all its lives: each ends in order or by a crash, and leaves its disk to the next. */
import type { PeerId } from '@libp2p/interface';
import type { Mempool, Transaction } from '../../src/chain/index.js';
import type { Head } from '../../src/storage/index.js';
import type { SimulatedDisk } from './disk.js';
import { Life } from './life.js';
import { short, Witness } from './witness.js';
import type { World } from './world.js';

export class SimulatedNode {
  readonly #witness: Witness;
  #life: Life | undefined;
  #state: 'down' | 'starting' | 'up' | 'stopping' = 'down';

  constructor(
    readonly name: string,
    private readonly id: PeerId,
    readonly disk: SimulatedDisk,
    private readonly world: World,
  ) {
    this.#witness = new Witness(name, world);
  }

  get isUp(): boolean {
    return this.#state === 'up';
  }

  get isDown(): boolean {
    return this.#state === 'down';
  }

  /** It runs, and nothing that it was asked to do, and nothing of its disk, is still to come. */
  get isIdle(): boolean {
    return this.isUp && this.#now.errands === 0 && this.disk.isIdle;
  }

  get head(): Head {
    return this.#now.core.follower.head;
  }

  get mempool(): Mempool {
    return this.#now.mempool;
  }

  /** Ids of the transactions that it has acknowledged. */
  get acknowledged(): ReadonlySet<string> {
    return this.#witness.acknowledged;
  }

  /** Does nothing where it runs. */
  async start(): Promise<void> {
    if (!this.isDown) return;
    this.#state = 'starting';
    const life = new Life(this.name, this.id, this.disk, this.world, this.#witness.hears);
    this.#life = life;
    await life.store.open();
    await this.#witness.starts(life.store);
    await life.core.open();
    if (life.isOver) return;
    life.core.follow();
    this.#state = 'up';
    this.#tell(`is up at ${short(life.core.follower.head)}, ${life.mempool.size} pending`);
    this.world.network.join(life.host);
  }

  /** An orderly end, in the order in which `src/node/parts.ts` stops a node; the power may go in the middle of it. */
  async stop(): Promise<void> {
    if (!this.isUp) return;
    this.#state = 'stopping';
    const life = this.#now;
    this.#tell('stops');
    await life.core.rest();
    this.world.network.leave(life.host);
    await life.core.close();
    await life.store.close();
    if (life.isOver) return;
    this.#end(life);
    this.#tell('has stopped');
  }

  /** The power goes: its memory is lost, and what it was doing never ends. */
  crash(how = 'crashes'): void {
    if (this.isDown) return;
    const life = this.#now;
    this.#tell(how);
    this.disk.cutPower();
    this.world.network.leave(life.host);
    this.#end(life);
    // What it left behind must not go on; nobody waits for it, since some of it waits for the disk for ever.
    const { herald, sync, forge, server, follower } = life.core;
    for (const part of [herald, sync, forge, server, follower]) void part.stop();
  }

  /** As `Node.send` does it. */
  send(transaction: Transaction): Promise<void> {
    return this.#errand(async (life) => {
      const admission = await life.core.follower.admit({ transaction, receivedAt: Date.now(), from: null });
      if (life.isOver) return;
      this.#tell(`answers ${admission} to ${transaction.id.slice(0, 6)}`);
      if (admission === 'full') return;
      if (admission === 'pending') await life.core.publish(transaction);
      if (!life.isOver) this.#witness.acknowledged.add(transaction.id);
    });
  }

  mine(): Promise<void> {
    return this.#errand(async (life) => {
      try {
        await life.core.forge.forge(new AbortController().signal);
      } catch (error) {
        if (!life.isOver) this.#tell(`does not mine: ${(error as Error).message}`);
      }
    });
  }

  resolve(): Promise<void> {
    return this.#errand(async (life) => {
      const goesOn = () => this.isUp && this.#life === life;
      try {
        await life.core.sync.resolve(new AbortController().signal);
        if (goesOn()) this.#tell(`has resolved, at ${short(this.head)}`);
      } catch (error) {
        if (goesOn()) this.world.fail(`${this.name} cannot resolve: ${error}`);
      }
    });
  }

  /** What it is asked to do is under way until it is done, or its life is over. It does nothing where it does not run. */
  async #errand(run: (life: Life) => Promise<void>): Promise<void> {
    if (!this.isUp) return;
    const life = this.#now;
    life.errands++;
    await run(life);
    life.errands--;
  }

  #end(life: Life): void {
    life.isOver = true;
    this.#life = undefined;
    this.#state = 'down';
  }

  #tell(what: string): void {
    this.world.trace.add(`${this.name} ${what}`);
  }

  get #now(): Life {
    if (this.#life === undefined) throw new Error(`${this.name} does not run`);
    return this.#life;
  }
}
