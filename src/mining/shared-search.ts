/** One search that several threads share: chunks dealt by one counter, the smallest hit kept. */

import { assertPuzzle, PROOF_END, type Search } from './search.js';

/** What a thread needs to take part in a search. Survives `postMessage`; the state is shared, not copied. */
export interface SearchJob {
  readonly lastProof: number;
  readonly difficulty: number;
  /** Proofs in a chunk: what a thread tries before it looks at the state again. */
  readonly chunk: number;
  readonly state: SharedArrayBuffer;
}

/** What a mining thread is sent; it answers with the id once it has left the search. */
export interface WorkOrder {
  readonly id: number;
  readonly job: SearchJob;
}

/** Where each number stands in the state: 64-bit, since proofs need 53. */
const NEXT = 0; // the first proof not yet dealt
const BEST = 1; // the smallest hit so far; PROOF_END while there is none
const TRIED = 2; // proofs tried, a chunk at a time
const SLOTS = 3;

export class SharedSearch {
  readonly #state: BigInt64Array;

  /** Takes part in the search that `job` describes: from another thread, with the job of {@link over}. */
  constructor(readonly job: SearchJob) {
    this.#state = new BigInt64Array(job.state);
  }

  /**
   * A new search over all proofs, 0 to 2^53 - 1.
   *
   * @throws RangeError when an argument is not an integer in its range
   */
  static over(lastProof: number, difficulty: number): SharedSearch {
    assertPuzzle(lastProof, difficulty);
    const state = new SharedArrayBuffer(SLOTS * BigInt64Array.BYTES_PER_ELEMENT);
    const shared = new SharedSearch({ lastProof, difficulty, chunk: chunkSize(difficulty), state });
    shared.#state[BEST] = BigInt(PROOF_END);
    return shared;
  }

  /**
   * Tries chunk after chunk, on the thread that calls it, until the next one starts at or above the best hit. Once
   * every thread has returned, every proof below `best` has been tried: it is the smallest, whoever found it.
   *
   * @param search - tries a chunk
   */
  work(search: Search): void {
    const { lastProof, difficulty, chunk } = this.job;
    for (;;) {
      const from = Number(Atomics.add(this.#state, NEXT, BigInt(chunk)));
      if (from >= Number(Atomics.load(this.#state, BEST))) return;
      const to = Math.min(from + chunk, PROOF_END);
      const hit = search(lastProof, difficulty, from, to);
      Atomics.add(this.#state, TRIED, BigInt((hit === undefined ? to : hit + 1) - from));
      if (hit !== undefined) this.#lowerBest(BigInt(hit));
    }
  }

  /** Leaves nothing to deal: every thread stops after the chunk it is on. */
  cancel(): void {
    Atomics.store(this.#state, NEXT, BigInt(PROOF_END));
  }

  /** The smallest hit so far. */
  get best(): number | undefined {
    const best = Number(Atomics.load(this.#state, BEST));
    return best === PROOF_END ? undefined : best;
  }

  /** How many proofs were tried so far, by all threads; those of a chunk count when it is done. */
  get tried(): number {
    return Number(Atomics.load(this.#state, TRIED));
  }

  #lowerBest(hit: bigint): void {
    let best = Atomics.load(this.#state, BEST);
    while (hit < best) {
      const seen = Atomics.compareExchange(this.#state, BEST, best, hit);
      if (seen === best) return;
      best = seen;
    }
  }
}

/**
 * A part of the tries that a proof takes on average, so that threads finish together: what they try beyond the smallest
 * proof is about half a chunk each. Never so few that dealing them costs more than trying them, never so many that
 * cancelling takes 20 ms, slow searches included. Whole hundreds, as the fast search takes them.
 */
function chunkSize(difficulty: number): number {
  const share = 16 ** difficulty / CHUNKS_A_PROOF;
  return Math.min(Math.max(Math.round(share / 100) * 100, MIN_CHUNK), MAX_CHUNK);
}

const CHUNKS_A_PROOF = 32;
const MIN_CHUNK = 400;
/** 2 ms at 16 million tries a second, 12 ms at the plain search's 2.7 million. */
const MAX_CHUNK = 32_000;
