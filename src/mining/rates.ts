/** Tries a second: of this node's search, and of the obvious ways to do it. */

import { createHash } from 'node:crypto';
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { MAX_DIFFICULTY } from '../chain/proof.js';
import { Miner } from './miner.js';
import { pythonRate } from './python-loop.js';
import { PROOF_END, type Search, search } from './search.js';
import { fastestSearch } from './simd-search.js';

/** Tries a second. */
export interface SearchRates {
  /** The search this node mines with, on one thread. */
  oneThread: number;
  /** The same on all threads that were asked for. */
  allThreads: number;
  /** Baseline, one thread: a loop over Node's `createHash`. */
  createHash: number;
  /** Baseline, one thread: a loop over Node's `crypto.hash`, which is the plain search. */
  cryptoHash: number;
  /** Baseline, one thread: the tutorial's own loop; null where there is no Python. */
  python: number | null;
}

export interface RatesInit {
  /** How many threads `allThreads` is. */
  threads: number;
  /** How often each is measured. */
  repetitions: number;
  /** About how long to measure, in ms, all in all. */
  ms: number;
  /** Gives up within milliseconds. */
  signal?: AbortSignal;
}

const WAYS = 5;
/** Before the first repetition each search of this process runs this long, in ms: V8 then has its best code of it. */
const WARM_UP_MS = 100;
/** How long the main thread is kept at a time, in ms. */
const SLICE_MS = 10;
/** Tries between two looks at the clock. */
const SLICE_TRIES = 10_000;
/** Where the measured ranges begin: beyond the first few digits, so that every try hashes about as much. */
const SCAN_FROM = 1_000_000;

/**
 * Measures the search and its baselines in turns, so that what else the machine does falls on all alike.
 *
 * One thread is measured on the thread that calls, in slices of some 10 ms: what else it does goes on, slowly.
 *
 * @returns the rates of each repetition; those of one belong together
 * @throws signal.reason when aborted
 * @throws MiningError when a mining thread fails
 */
export async function measureRates(init: RatesInit): Promise<SearchRates[]> {
  const { threads, repetitions, ms, signal } = init;
  signal?.throwIfAborted();
  const fastest = fastestSearch();
  const miner = new Miner({ threads });
  const share = ms / (WAYS * repetitions);
  const samples: SearchRates[] = [];
  try {
    const warmUp = Math.min(WARM_UP_MS, share);
    for (const scan of [createHashSearch, search, fastest]) await scanRate(scan, warmUp, signal);
    await threadsRate(miner, warmUp, signal);
    for (let i = 0; i < repetitions; i++) {
      samples.push({
        python: i > 0 && samples[0]?.python === null ? null : await pythonRate(share / 1000, signal),
        createHash: await scanRate(createHashSearch, share, signal),
        cryptoHash: await scanRate(search, share, signal),
        oneThread: await scanRate(fastest, share, signal),
        allThreads: await threadsRate(miner, share, signal),
      });
    }
    return samples;
  } catch (error) {
    signal?.throwIfAborted(); // its reason, whatever it was that noticed
    throw error;
  } finally {
    await miner.stop();
  }
}

/** Tries a second of a search over a range without a hit, on this thread. */
async function scanRate(scan: Search, ms: number, signal?: AbortSignal): Promise<number> {
  const lastProof = randomProof();
  let from = SCAN_FROM;
  let busyMs = 0;
  do {
    const start = performance.now();
    do {
      scan(lastProof, MAX_DIFFICULTY, from, from + SLICE_TRIES);
      from += SLICE_TRIES;
    } while (performance.now() - start < Math.min(SLICE_MS, ms - busyMs));
    busyMs += performance.now() - start;
    await turn();
    signal?.throwIfAborted();
  } while (busyMs < ms);
  return ((from - SCAN_FROM) / busyMs) * 1000;
}

/** Tries a second of all threads of the miner, from the moment that they are at work. */
async function threadsRate(miner: Miner, ms: number, signal?: AbortSignal): Promise<number> {
  const end = new AbortController();
  // With 16 zeros to find, it goes on until it is ended.
  const endless = miner.search(randomProof(), MAX_DIFFICULTY, end.signal);
  const measured = progressRate(miner, ms, signal);
  try {
    await Promise.race([endless, measured]); // a thread that dies is heard of here
    return await measured;
  } finally {
    end.abort();
    await Promise.allSettled([endless]);
  }
}

async function progressRate(miner: Miner, ms: number, signal?: AbortSignal): Promise<number> {
  const tried = () => miner.progress?.tried ?? 0;
  while (miner.progress?.tried === 0) await delay(1, undefined, { signal });
  const [before, start] = [tried(), performance.now()];
  await delay(ms, undefined, { signal });
  return ((tried() - before) / (performance.now() - start)) * 1000;
}

/** The last proof of some block: any is as likely, since from one genesis the smallest proofs soon repeat. */
export function randomProof(): number {
  return Math.floor(Math.random() * PROOF_END);
}

const createHashSearch: Search = (lastProof, difficulty, from, to) => {
  const zeros = '0'.repeat(difficulty);
  for (let proof = from; proof < to; proof++) {
    if (createHash('sha256').update(`${lastProof}${proof}`).digest('hex').startsWith(zeros)) return proof;
  }
  return undefined;
};
