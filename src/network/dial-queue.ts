import { MAX_DOUBTFUL_DIALS, MAX_PARALLEL_DIALS } from './constants.js';
import { isDoubtful, type KnownPeer } from './known-peer.js';

/** Dials that are due: so many at once, of which only some may well block. */
export class DialQueue {
  readonly #waiting: KnownPeer[] = [];
  readonly #isWanted: (known: KnownPeer) => boolean;
  readonly #dial: (known: KnownPeer) => Promise<void>;
  #running = 0;
  #doubtful = 0;

  /**
   * @param isWanted whether a dial that was due is so still, when its turn comes
   * @param dial never rejects
   */
  constructor(isWanted: (known: KnownPeer) => boolean, dial: (known: KnownPeer) => Promise<void>) {
    this.#isWanted = isWanted;
    this.#dial = dial;
  }

  /** Does nothing where it waits already. */
  push(known: KnownPeer): void {
    if (this.#waiting.includes(known)) return;
    this.#waiting.push(known);
    this.#next();
  }

  clear(): void {
    this.#waiting.length = 0;
  }

  #next(): void {
    while (this.#running < MAX_PARALLEL_DIALS) {
      const full = this.#doubtful >= MAX_DOUBTFUL_DIALS;
      const at = this.#waiting.findIndex((known) => !full || !isDoubtful(known));
      const [known] = at < 0 ? [] : this.#waiting.splice(at, 1);
      if (known === undefined) return;
      if (this.#isWanted(known)) void this.#run(known);
    }
  }

  async #run(known: KnownPeer): Promise<void> {
    const doubtful = isDoubtful(known) ? 1 : 0;
    this.#running += 1;
    this.#doubtful += doubtful;
    await this.#dial(known);
    this.#running -= 1;
    this.#doubtful -= doubtful;
    this.#next();
  }
}
