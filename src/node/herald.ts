/** Tells our peers of the blocks we mine: by gossip at once, and by an exchange of heads in its own time. */
import type { Block } from '../chain/index.js';
import { MINED_REST_MS } from './constants.js';

export class Herald {
  #rest: NodeJS.Timeout | undefined;

  /**
   * @param publish gives a block to gossip; resolves to the ids of the peers it was sent to
   * @param connected the ids of all connected peers
   * @param exchangeHeads asks every connected peer for its head, and so tells it ours
   */
  constructor(
    private readonly publish: (block: Block) => Promise<string[]>,
    private readonly connected: () => readonly string[],
    private readonly exchangeHeads: () => void,
  ) {}

  /** Resolves when the block is on its way to whoever listens to gossip. */
  async tell(block: Block): Promise<void> {
    const reached = new Set(await this.publish(block));
    clearTimeout(this.#rest);
    if (this.connected().every((peer) => reached.has(peer))) {
      this.#rest = setTimeout(this.exchangeHeads, MINED_REST_MS);
    } else {
      this.exchangeHeads();
    }
  }

  /** A peer's block follows ours: whoever has it has ours as well, and its miner asks in our place. */
  followed(): void {
    clearTimeout(this.#rest);
  }

  stop(): void {
    clearTimeout(this.#rest);
  }
}
