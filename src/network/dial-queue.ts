import { forgetOldest } from '../keep-latest.js';
import { MAX_CONNECTIONS, MAX_DOUBTFUL_DIALS, MAX_PARALLEL_DIALS } from './constants.js';
import { isDoubtful, type KnownPeer } from './known-peer.js';

/** Dials that are due: so many at once, of which only some may well block. */
export class DialQueue {
  readonly #waiting: KnownPeer[] = [];
  readonly #isWanted: (known: KnownPeer) => boolean;
  readonly #dial: (known: KnownPeer) => Promise<void>;
  /** Who told of strangers that were dialled, the longest ago first. */
  readonly #tellers = new Set<string>();
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
      const known = this.#first();
      if (known === undefined) return;
      this.#waiting.splice(this.#waiting.indexOf(known), 1);
      if (this.#isWanted(known)) void this.#run(known);
    }
  }

  /** Who waits longest; strangers last, and those of the tellers in turn. */
  #first(): KnownPeer | undefined {
    const full = this.#doubtful >= MAX_DOUBTFUL_DIALS;
    const ready = this.#waiting.filter((known) => !full || !isDoubtful(known));
    const found = ready.find(({ isHearsay }) => !isHearsay);
    if (found !== undefined || ready.length === 0) return found;
    const tellers = [...this.#tellers];
    const lastTurn = (known: KnownPeer) => tellers.indexOf(known.hearsay.teller ?? '');
    const stranger = ready.reduce((a, b) => (lastTurn(b) < lastTurn(a) ? b : a));
    this.#served(stranger.hearsay.teller ?? '');
    return stranger;
  }

  #served(teller: string): void {
    this.#tellers.delete(teller);
    this.#tellers.add(teller);
    forgetOldest(this.#tellers, MAX_CONNECTIONS);
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
