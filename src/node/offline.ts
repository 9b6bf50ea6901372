/** The chain in a data directory that no node is using. */
import { join } from 'node:path';
import { UNCOUNTED } from '../bounds.js';
import { type Block, Mempool, type NetworkSpec, rulesOf } from '../chain/index.js';
import { type BlockStore, type ChainSnapshot, durableStore, type Head } from '../storage/index.js';
import type { Emit } from './events.js';
import { ChainFollower } from './follower.js';
import type { Extension } from './outcome.js';

/**
 * Opens the chain of a data directory, made if there is none.
 *
 * @throws StorageError `in-use` where a node uses it, `other-network`, …
 */
export async function openLedger(directory: string, spec: NetworkSpec): Promise<OfflineLedger> {
  const store = durableStore(join(directory, 'chain'), spec);
  await store.open();
  const ledger = new OfflineLedger(store, spec);
  await ledger.start();
  return ledger;
}

/** Whom blocks come from that no peer has sent. */
const SENDER = 'import';

export class OfflineLedger implements AsyncDisposable {
  readonly #follower: ChainFollower;
  #adopted = 0;

  constructor(
    private readonly store: BlockStore,
    spec: NetworkSpec,
  ) {
    const emit: Emit = (name, event) => {
      if (name === 'block') this.#adopted++;
      else if ('added' in event) this.#adopted += event.added;
    };
    // Who brings the blocks may be slow, as a pipe or a person who stops it: nobody waits for their place, and no time passes.
    const steady = () => 0;
    this.#follower = new ChainFollower(
      store,
      rulesOf(spec),
      new Mempool(),
      emit,
      Date.now,
      UNCOUNTED,
      () => {},
      steady,
    );
  }

  start(): Promise<void> {
    return this.#follower.start();
  }

  get head(): Head {
    return this.store.head;
  }

  /** Blocks that have come into our chain since it was opened. */
  get adopted(): number {
    return this.#adopted;
  }

  snapshot(): Promise<ChainSnapshot> {
    return this.store.snapshot();
  }

  /**
   * Offers a piece of a chain, in order, the first one from the block after the genesis on. It is adopted once the
   * chain is longer than ours.
   *
   * @throws InvalidBlock
   */
  extend(blocks: readonly Block[]): Promise<Extension> {
    // How long the chain is shows only at its end.
    return this.#follower.extend(blocks, SENDER, Number.MAX_SAFE_INTEGER);
  }

  /** Closes it; a directory that was made, and that no block came into, is gone again. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#follower.stop();
    if (this.#adopted === 0) await this.store.discard();
    else await this.store.close();
  }
}
