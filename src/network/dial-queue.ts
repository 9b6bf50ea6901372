import { forgetOldest } from '../keep-latest.js';
import { MAX_CONNECTIONS, MAX_DOUBTFUL_DIALS, MAX_PARALLEL_DIALS } from './constants.js';
import { isDoubtful, type KnownPeer } from './known-peer.js';

/** Dials that are due: so many at once, of which only some may well block. */
export class DialQueue {
  #waiting: KnownPeer[] = [];
  readonly #isWanted: (known: KnownPeer) => boolean;
  readonly #dial: (known: KnownPeer) => Promise<void>;
  /** Who told of strangers that were dialled, the longest ago first. */
  readonly #tellers = new Set<string>();
  #running = 0;
  #doubtful = 0;
  /** Of those, the ones of whom more is known than what strangers said. */
  #doubtfulKnown = 0;

  /**
   * @param isWanted whether a dial that was due is so still, when its turn comes
   * @param dial never rejects
   */
  constructor(isWanted: (known: KnownPeer) => boolean, dial: (known: KnownPeer) => Promise<void>) {
    this.#isWanted = isWanted;
    this.#dial = dial;
  }

  /** Where it waits already it keeps its place. */
  push(known: KnownPeer): void {
    if (!this.#waiting.includes(known)) this.#waiting.push(known);
    this.look();
  }

  clear(): void {
    this.#waiting = [];
  }

  /** One that waits may no longer be in doubt. */
  look(): void {
    // Who was dropped meanwhile, as strangers are in the end, would stay here for as long as others are before it.
    this.#waiting = this.#waiting.filter(this.#isWanted);
    while (this.#running < MAX_PARALLEL_DIALS) {
      const known = this.#first();
      if (known === undefined) return;
      this.#waiting.splice(this.#waiting.indexOf(known), 1);
      void this.#run(known);
    }
  }

  /**
   * Who waits longest; strangers after others, and those of the tellers in turn. But one of the places for doubtful dials is
   * the strangers': where seven that are gone are dialled again and again, they would have none for good.
   */
  #first(): KnownPeer | undefined {
    const full = this.#doubtful >= MAX_DOUBTFUL_DIALS;
    const ready = this.#waiting.filter((known) => !full || !isDoubtful(known));
    const strangers = ready.filter(({ isHearsay }) => isHearsay);
    const isCrowded = strangers.length > 0 && this.#doubtfulKnown >= MAX_DOUBTFUL_DIALS - 1;
    const found = ready.find((known) => !known.isHearsay && !(isCrowded && isDoubtful(known)));
    if (found !== undefined || strangers.length === 0) return found;
    const tellers = [...this.#tellers];
    const lastTurn = (known: KnownPeer) => tellers.indexOf(known.hearsay.teller ?? '');
    const stranger = strangers.reduce((a, b) => (lastTurn(b) < lastTurn(a) ? b : a));
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
    const doubtfulKnown = known.isHearsay ? 0 : doubtful;
    this.#running += 1;
    this.#doubtful += doubtful;
    this.#doubtfulKnown += doubtfulKnown;
    await this.#dial(known);
    this.#running -= 1;
    this.#doubtful -= doubtful;
    this.#doubtfulKnown -= doubtfulKnown;
    this.look();
  }
}
