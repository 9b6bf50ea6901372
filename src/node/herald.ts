/** Tells our peers of the blocks we mine: by gossip at once, and by an exchange of heads in its own time. */
import type { Block } from '../chain/index.js';
import { MINED_REST_LONGEST_MS, MINED_REST_MS } from './constants.js';

export class Herald {
  #rest: NodeJS.Timeout | undefined;
  /** When heads are exchanged at the latest, however many blocks follow. */
  #restEnds = 0;

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
    if (this.connected().every((peer) => reached.has(peer))) {
      this.#restEnds = performance.now() + MINED_REST_LONGEST_MS;
      this.#restAgain();
    } else {
      this.#tellHeads();
    }
  }

  /** A peer's block follows ours, and its miner tells of both. That it does so, we need not believe for long. */
  followed(): void {
    if (this.#rest !== undefined) this.#restAgain();
  }

  #restAgain(): void {
    clearTimeout(this.#rest);
    const ms = Math.min(MINED_REST_MS, this.#restEnds - performance.now());
    this.#rest = setTimeout(() => this.#tellHeads(), ms);
  }

  #tellHeads(): void {
    clearTimeout(this.#rest);
    this.#rest = undefined;
    this.exchangeHeads();
  }

  stop(): void {
    clearTimeout(this.#rest);
  }
}
