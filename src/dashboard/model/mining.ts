/** The miner as the page sees it: our own request, and what the node searches for at the moment. */
import type { MiningPace, Search } from '../node/answers.js';
import { api, Refusal } from '../node/api.js';
import { numeric } from './block.js';

export class Mining {
  #asked: AbortController | undefined;
  /** Counts the times when a pace began to be set, or was. */
  #settings = 0;
  /** Index of the block that the last request forged. */
  forged: number | undefined;
  /** Why the last request failed. */
  problem: string | undefined;
  /** Seconds between blocks that the node mines by itself; null for not at all, undefined while that is not known. */
  everySeconds: number | null | undefined;
  /** The search that is running, whoever asked for it. */
  search: Search | null = null;
  /** When our request began, in ms since the epoch. */
  startedAt = 0;

  constructor(private readonly changed: () => void) {}

  /** Whether this page waits for a block. */
  get isAsking(): boolean {
    return this.#asked !== undefined;
  }

  async mine(): Promise<void> {
    if (this.#asked !== undefined) return;
    const asked = new AbortController();
    this.#asked = asked;
    this.startedAt = Date.now();
    this.problem = undefined;
    this.forged = undefined;
    this.changed();
    try {
      this.forged = (await api.mine(asked.signal)).index;
    } catch (error) {
      if (!asked.signal.aborted) this.problem = describe(error);
    } finally {
      this.#asked = undefined;
      this.changed();
    }
  }

  /** The node gives up a search whose client goes away. */
  stop(): void {
    this.#asked?.abort();
  }

  /** Asks the node how often it mines by itself: another page may have set it. */
  async fetchPace(): Promise<void> {
    const settings = this.#settings;
    const pace = await api.pace();
    // What was set while this answer was on its way is newer than the answer.
    if (settings === this.#settings) this.#paced(pace);
  }

  async setPace(everySeconds: number | null): Promise<void> {
    this.#settings++;
    this.problem = undefined;
    const before = this.everySeconds;
    // What was asked for is shown at once, and taken back where it is refused.
    this.everySeconds = everySeconds;
    this.changed();
    try {
      this.#paced(await api.setPace(everySeconds));
    } catch (error) {
      this.everySeconds = before;
      this.problem = describe(error);
    }
    this.#settings++;
    this.changed();
  }

  #paced({ every_seconds }: MiningPace): void {
    this.everySeconds = every_seconds === null ? null : numeric(every_seconds);
  }
}

/** The node's own words; undefined text where it did not answer, which the page says elsewhere. */
export function describe(error: unknown): string {
  return error instanceof Refusal ? error.message : '';
}
