/** Makes our blocks: one caller after the other, always on the head as it is. */
import { Block, MAX_BLOCK_BYTES, type Mempool, type NetworkSpec, rewardFor } from '../chain/index.js';
import type { MiningProgress } from '../mining/miner.js';
import { Serial } from '../serial.js';
import type { Head } from '../storage/index.js';
import { withAny } from '../with-any.js';
import { abortable } from './abortable.js';
import { BLOCK_OVERHEAD_BYTES, MAX_WAITING_MINERS } from './constants.js';
import { NodeError } from './errors.js';
import type { Emit } from './events.js';
import type { ChainFollower } from './follower.js';

/** The part of the miner that is used. */
export interface ProofSearch {
  search(lastProof: number, difficulty: number, signal?: AbortSignal): Promise<number>;
  readonly progress: MiningProgress | null;
}

/** The block that is searched for, and how far the search has come. */
export interface MiningStatus extends MiningProgress {
  readonly index: number;
}

/** Why a search ends that nobody wanted to end. */
const HEAD_CHANGED = new DOMException('the head of the chain has changed', 'AbortError');

export class Forge {
  readonly #turns = new Serial();
  readonly #stopping = new AbortController();
  #callers = 0;
  #searchedFor: number | undefined;
  /** Ends the search that is running. */
  #headChanged: AbortController | undefined;

  /**
   * @param address the peer id that our rewards go to
   * @param announce tells the network of a block, once it is stored
   */
  constructor(
    private readonly spec: NetworkSpec,
    private readonly follower: ChainFollower,
    private readonly mempool: Mempool,
    private readonly miner: ProofSearch,
    private readonly address: string,
    private readonly announce: (block: Block) => Promise<void>,
    private readonly emit: Emit,
  ) {}

  /** What is searched for at the moment; null while nothing is. */
  get status(): MiningStatus | null {
    const { progress } = this.miner;
    return progress === null || this.#searchedFor === undefined
      ? null
      : { index: this.#searchedFor, ...progress };
  }

  /**
   * Forges one block, after those who asked before.
   *
   * @param signal aborted when the caller goes away
   * @returns the block that this call forged; it is stored and announced
   * @throws NodeError `mining-busy` when four are waiting already; the signal's reason when it is aborted
   */
  async forge(signal: AbortSignal): Promise<Block> {
    if (this.#callers > MAX_WAITING_MINERS) {
      throw new NodeError(
        'mining-busy',
        `${MAX_WAITING_MINERS} are waiting for the miner already: try again in a while`,
      );
    }
    this.#callers++;
    try {
      // One that goes away gives up its place at once, not when its turn comes.
      return await withAny([signal, this.#stopping.signal], (either) =>
        abortable(
          this.#turns.run(() => this.#forge(either)),
          either,
        ),
      );
    } finally {
      this.#callers--;
    }
  }

  /** The search that is running starts again on the new head. */
  headChanged(): void {
    this.#headChanged?.abort(HEAD_CHANGED);
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new NodeError('not-running', 'the node is stopping'));
    await this.#turns.idle();
  }

  async #forge(signal: AbortSignal): Promise<Block> {
    signal.throwIfAborted();
    this.#tell('started');
    try {
      for (;;) {
        const block = await this.#attempt(signal);
        if (block !== undefined) {
          this.#tell('found');
          await this.announce(block);
          return block;
        }
        this.#tell('restarted');
      }
    } catch (error) {
      this.#tell('cancelled');
      throw error;
    } finally {
      this.#searchedFor = undefined;
    }
  }

  /** @returns undefined when the head changed before the block was ours */
  async #attempt(signal: AbortSignal): Promise<Block | undefined> {
    const { head } = this.follower;
    this.#headChanged = new AbortController();
    this.#searchedFor = head.length + 1;
    try {
      const proof = await withAny([signal, this.#headChanged.signal], (either) =>
        this.miner.search(head.proof, this.spec.difficulty, either),
      );
      const block = this.#assemble(head, proof);
      return (await this.follower.offer(block, null)) === 'appended' ? block : undefined;
    } catch (error) {
      if (error === HEAD_CHANGED) return undefined;
      throw error;
    } finally {
      this.#headChanged = undefined;
    }
  }

  /** What was pending when the proof was found, as much as fits, and the reward. */
  #assemble(head: Head, proof: number): Block {
    const payments = this.mempool.select(MAX_BLOCK_BYTES - BLOCK_OVERHEAD_BYTES);
    return new Block({
      index: head.length + 1,
      // A clock that stands before 1970 would make a block that breaks the rules.
      timestamp: Math.max(0, Date.now()) / 1000,
      transactions: [...payments, rewardFor(this.address)],
      proof,
      previous_hash: head.hash,
    });
  }

  #tell(state: 'started' | 'restarted' | 'found' | 'cancelled'): void {
    const index = this.#searchedFor ?? this.follower.head.length + 1;
    this.emit('mining', { state, index, at: Date.now() });
  }
}
