/** A node whose disk has refused a write goes on by itself once it may write again. */
import type { Logger } from '../log.js';
import { reasonOf } from '../reason.js';
import { hasRoom, isDamage } from '../storage/index.js';
import { ROOM_BYTES, ROOM_LOOK_MS } from './constants.js';
import { storageState } from './diagnosis/index.js';

export class Recovery {
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param restart opens what is kept anew, which tells what of the write that failed is there
   * @param directory where it is kept
   * @param tryRoom writes so many bytes there, of which nothing stays
   */
  constructor(
    private readonly directory: string,
    private readonly restart: () => Promise<void>,
    private readonly log: Logger,
    private readonly tryRoom = hasRoom,
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
    const mayWrite = await this.#mayWrite();
    // It was stopped meanwhile.
    if (looking === undefined || this.#timer !== looking) return;
    this.#timer = undefined;
    if (!mayWrite) return this.begin();
    try {
      await this.restart();
      this.log.info({ directory: this.directory }, 'writing-again');
    } catch (error) {
      const reason = reasonOf(error);
      // No room helps there: a person is to move it away, as the line says.
      if (isDamage(error)) return this.log.error({ reason }, 'chain-damaged');
      this.log.warn({ reason }, 'still-not-writable');
      this.begin();
    }
  }

  /**
   * A node that cannot be opened anew shows nothing at all, so it is tried first. The numbers come before, since they cost
   * nothing; they know of no quota, and of no disk that fails.
   */
  async #mayWrite(): Promise<boolean> {
    const { writable, freeBytes = Number.POSITIVE_INFINITY } = await storageState(this.directory);
    return writable && freeBytes >= ROOM_BYTES && (await this.tryRoom(this.directory, ROOM_BYTES));
  }
}
