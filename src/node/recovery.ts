/** A node whose disk has refused a write goes on by itself once it may write again. */
import type { Logger } from '../log.js';
import { ROOM_BYTES, ROOM_LOOK_MS } from './constants.js';
import { storageState } from './diagnosis/index.js';

export class Recovery {
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param restart opens what is kept anew, which tells what of the write that failed is there
   * @param directory where it is kept
   */
  constructor(
    private readonly directory: string,
    private readonly restart: () => Promise<void>,
    private readonly log: Logger,
  ) {}

  /** Looks from now on whether there is room. */
  begin(): void {
    this.#timer ??= setTimeout(() => void this.#look(), ROOM_LOOK_MS);
  }

  /** The node is stopped: there is nothing to be gone on with. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #look(): Promise<void> {
    const looking = this.#timer;
    const { writable, freeBytes = Number.POSITIVE_INFINITY } = await storageState(this.directory);
    // It was stopped meanwhile.
    if (looking === undefined || this.#timer !== looking) return;
    this.#timer = undefined;
    if (!writable || freeBytes < ROOM_BYTES) return this.begin();
    try {
      await this.restart();
      this.log.info({ directory: this.directory }, 'writing-again');
    } catch (error) {
      this.log.warn({ reason: error instanceof Error ? error.message : String(error) }, 'still-not-writable');
      this.begin();
    }
  }
}
