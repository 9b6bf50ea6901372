/** One seed, from its beginning to the rest at its end, and what must hold there. */
import '../../src/network/with-resolvers.js';
import assert from 'node:assert/strict';
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys';
import type { PeerId } from '@libp2p/interface';
import { peerIdFromPrivateKey } from '@libp2p/peer-id';
import { createNetwork, MEMPOOL_LIMITS } from '../../src/chain/index.js';
import { LevelBlockStore } from '../../src/storage/level-block-store.js';
import { Dice } from '../helpers/dice.js';
import { storedBlocks } from '../helpers/stored-chain.js';
import { checkDisk, hasBranches, PAGE_BLOCKS, type Shown } from './at-rest.js';
import { SimulatedDisk } from './disk.js';
import { SimulatedNetwork } from './network.js';
import { SimulatedNode } from './node.js';
import { NAMES, type Scenario, type Step, scenarioOf } from './scenario.js';
import { Trace } from './trace.js';
import { VirtualTime } from './virtual-time.js';
import { CALM } from './weather.js';
import type { World } from './world.js';

const SPEC = createNetwork({ name: 'simulation', difficulty: 1 });

/**
 * Once the network is whole all are at rest within so many ms: a request that is stuck takes 10 s to fail, and is made again
 * after 16 s at most.
 */
const REST_MS = 30_000;
/** From one rest to the next, all have a new block in so many ms. */
const BLOCK_MS = 5_000;
/** An orderly end takes no longer, in ms, where the disk is quick. */
const STOP_MS = 2_000;
/** Blocks that are mined at the end, at most, until nothing is pending. */
const LAST_BLOCKS = 60;

export interface Outcome {
  readonly seed: number;
  readonly steps: readonly Step[];
  /** What did not hold; undefined where all did. */
  readonly failure: string | undefined;
  readonly trace: string;
}

const PEERS: readonly PeerId[] = await Promise.all(NAMES.map((_, at) => peerIdOf(at)));

/** @param only the numbers of the steps that are taken; all where it is not given */
export async function simulate(seed: number, only?: ReadonlySet<number>): Promise<Outcome> {
  const scenario = scenarioOf(seed);
  const steps = scenario.steps.filter(({ number }) => only?.has(number) ?? true);
  return await enact({ ...scenario, steps }, seed);
}

/** @param seed of all that the steps leave open */
export async function enact(scenario: Scenario, seed: number): Promise<Outcome> {
  const run = new Simulation(seed, scenario);
  await run.run();
  const { steps, failure, trace } = run;
  return { seed, steps, failure, trace: trace.toString() };
}

class Simulation {
  failure: string | undefined;
  readonly steps: readonly Step[];
  readonly trace: Trace;
  readonly #time = new VirtualTime();
  readonly #network: SimulatedNetwork;
  readonly #nodes: readonly SimulatedNode[];
  readonly #isRoomy: boolean;

  constructor(seed: number, { nodes, steps, mempoolLimits, pieceBlocks }: Scenario) {
    const ids = PEERS.slice(0, nodes);
    this.steps = steps;
    this.#isRoomy = mempoolLimits === MEMPOOL_LIMITS;
    // Each has dice of its own, so that a step less changes as little as possible of all else.
    const dice = (salt: number) => new Dice((seed * 31 + salt) | 0);
    this.#network = new SimulatedNetwork(this.#time, dice(1));
    this.trace = new Trace(this.#time, new Map(ids.map((id, at) => [id.toString(), NAMES[at]!])));
    const world: World = {
      spec: SPEC,
      network: this.#network,
      dice: dice(2),
      trace: this.trace,
      mempoolLimits,
      pieceBlocks,
      fail: (what) => this.#fail(what),
    };
    this.#nodes = ids.map(
      (id, at) => new SimulatedNode(NAMES[at]!, id, new SimulatedDisk(this.#time, dice(3 + at)), world),
    );
  }

  async run(): Promise<void> {
    const restoreTime = this.#time.install();
    const rejected = (reason: unknown) => this.#fail(`nobody heard of ${describe(reason)}`);
    const warned = (warning: Error) => this.#fail(`the process warns: ${describe(warning)}`);
    process.on('unhandledRejection', rejected);
    process.on('warning', warned);
    try {
      await this.#play();
      await this.#comeToRest();
      await this.#mineWhatIsPending();
      await this.#endAndBeginAgain();
    } catch (error) {
      if (error !== this.#ended) this.#fail(describe(error));
    } finally {
      process.off('unhandledRejection', rejected);
      process.off('warning', warned);
      restoreTime();
    }
  }

  async #play(): Promise<void> {
    for (const node of this.#nodes) void node.start();
    for (const step of this.steps) {
      await this.#pass(Math.max(0, step.at - this.#time.now));
      this.trace.add(`${step.number}. ${step.what}`);
      step.act({ time: this.#time, network: this.#network, nodes: this.#nodes });
    }
    await this.#pass(1_000);
  }

  async #comeToRest(): Promise<void> {
    this.trace.add('all is well again');
    this.#network.weather = CALM;
    this.#network.heal();
    for (const node of this.#nodes) {
      node.disk.slowestWriteMs = 1;
      node.disk.removeTrap();
    }
    await this.#untilAtRest(REST_MS);
    for (const node of this.#nodes) await checkDisk(node.disk, shown(node), SPEC);
  }

  async #mineWhatIsPending(): Promise<void> {
    for (let mined = 0; mined < LAST_BLOCKS; mined++) {
      const [fullest] = [...this.#nodes].sort((a, b) => b.mempool.size - a.mempool.size);
      if (mined > 0 && fullest!.mempool.size === 0) break;
      await this.#done(fullest!.mine(), REST_MS);
      await this.#untilAtRest(BLOCK_MS);
    }
    const { hash } = this.#nodes[0]!.head;
    for (const node of this.#nodes) {
      assert.equal(node.head.hash, hash, `the head of ${node.name} after the last block`);
      const inChain = await idsInChain(node);
      for (const id of this.#acknowledged())
        assert.ok(inChain.has(id), `${node.name} has ${id.slice(0, 6)} in its chain`);
    }
  }

  async #endAndBeginAgain(): Promise<void> {
    const before = this.#nodes.map(shown);
    for (const node of this.#nodes) await this.#done(node.stop(), STOP_MS);
    for (const [at, node] of this.#nodes.entries()) {
      const store = new LevelBlockStore(node.disk, SPEC, undefined, PAGE_BLOCKS);
      await this.#done(store.open(), REST_MS);
      await checkDisk(node.disk, before[at]!, SPEC);
      assert.ok(!(await hasBranches(node.disk)), `${node.name} has a branch left on its disk`);
      await this.#done(store.close(), REST_MS);
    }
  }

  async #untilAtRest(ms: number): Promise<void> {
    const end = this.#time.now + ms;
    let unrest = await this.#unrest();
    while (unrest !== undefined) {
      if (this.#time.now > end) throw new Error(`after ${ms / 1_000} quiet seconds ${unrest}`);
      await this.#pass(500);
      unrest = await this.#unrest();
    }
    await this.#pass(1_000);
    await this.#pass(REST_MS, () => this.#nodes.every(({ isIdle }) => isIdle));
    unrest = await this.#unrest();
    if (unrest !== undefined) throw new Error(`no longer at rest: ${unrest}`);
    this.trace.add('all agree');
  }

  /** What is still to come before all is at rest. */
  async #unrest(): Promise<string | undefined> {
    for (const node of this.#nodes) {
      if (node.isDown) void node.start();
      if (!node.isUp) return `${node.name} is not up`;
      if (!node.isIdle) return `${node.name} has not done all that it was asked`;
    }
    if (this.#network.isStuck) return 'a request is stuck';
    const lengths = this.#nodes.map((node) => node.head.length);
    if (lengths.some((length) => length !== lengths[0])) return `the lengths are ${lengths.join(', ')}`;
    const inChains = await Promise.all(this.#nodes.map(idsInChain));
    for (const id of this.#acknowledged()) {
      const without = this.#nodes.filter((node, at) => !node.mempool.has(id) && !inChains[at]!.has(id));
      if (without.length === this.#nodes.length) return `nobody has got ${id.slice(0, 6)}`;
      // While chains tie, what one of them holds need not be known to who follows the other; what is pending is told.
      const isTold = this.#isRoomy && this.#nodes.some(({ mempool }) => mempool.has(id));
      if (isTold && without.length > 0)
        return `${without.map(({ name }) => name).join('')} have not got ${id.slice(0, 6)}`;
    }
    return undefined;
  }

  #acknowledged(): Set<string> {
    return new Set(this.#nodes.flatMap(({ acknowledged }) => [...acknowledged]));
  }

  async #done(promise: Promise<void>, ms: number): Promise<void> {
    let isDone = false;
    const ended = promise.finally(() => {
      isDone = true;
    });
    await this.#pass(ms, () => isDone);
    if (!isDone) throw new Error(`not done within ${ms} ms`);
    await ended;
  }

  async #pass(ms: number, until: () => boolean = () => false): Promise<void> {
    await this.#time.pass(ms, () => this.failure !== undefined || until());
    if (this.failure !== undefined) throw this.#ended;
  }

  readonly #ended = new Error('the run has failed');

  #fail(what: string): void {
    this.failure ??= what;
    this.trace.add(`FAILED: ${what}`);
  }
}

function shown({ head: { length, hash }, mempool }: SimulatedNode): Shown {
  return { length, hash, pending: mempool.entries().map(({ transaction }) => transaction.id) };
}

async function idsInChain({ disk }: SimulatedNode): Promise<Set<string>> {
  return new Set(storedBlocks(await disk.contents()).flatMap(({ ids }) => ids));
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** The same for every run. */
async function peerIdOf(number: number): Promise<PeerId> {
  const seed = new Uint8Array(32).fill(number + 1);
  return peerIdFromPrivateKey(await generateKeyPairFromSeed('Ed25519', seed));
}
