/** How fast this machine searches, beside the obvious ways to do it, and what each zero more costs. */

import { createHash, hash } from 'node:crypto';
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { MAX_DIFFICULTY } from '../chain/proof.js';
import { Miner } from './miner.js';
import { PROOF_END, search } from './search.js';

/** Tries a second: medians over the repetitions. */
export interface SearchRates {
  /** The search this node mines with, on one thread. */
  oneThread: number;
  /** The same on all threads that were asked for. */
  allThreads: number;
  /** Baseline, one thread: a loop over Node's `createHash`. */
  createHash: number;
  /** Baseline, one thread: a loop over Node's `crypto.hash`. */
  cryptoHash: number;
}

/** What a proof of this difficulty costs, on all threads. */
export interface DifficultyCost {
  difficulty: number;
  /** 16^difficulty: the tries a proof takes on average. */
  expectedTries: number;
  /** That many tries at the measured rate of all threads. */
  expectedSeconds: number;
  /** Proofs found while this difficulty was measured, each after a random last proof. */
  found: number;
  /** Tries a proof, those of the search that time ran out on included; null when none was found. */
  meanTries: number | null;
  /** Seconds a proof, likewise. */
  meanSeconds: number | null;
}

export interface SpeedReport {
  threads: number;
  repetitions: number;
  rates: SearchRates;
  costs: DifficultyCost[];
}

export interface SpeedInit {
  /** About how long to measure, in seconds; half goes to the rates, half to the difficulties. */
  seconds: number;
  /** How many threads `allThreads` is. */
  threads: number;
  /** @default [1, 2, 3, 4, 5, 6] */
  difficulties?: readonly number[];
  /** Gives up within milliseconds. */
  signal?: AbortSignal;
}

type Scan = (lastProof: number, from: number, to: number) => unknown;

const REPETITIONS = 5;
/** How long the main thread is kept at a time, in ms. */
const SLICE_MS = 10;
/** Tries between two looks at the clock. */
const SLICE_TRIES = 1000;
/** Where the measured ranges begin: beyond the first few digits, so that every try hashes about as much. */
const SCAN_FROM = 1_000_000;

/**
 * Measures the search and its baselines, interleaved, and then how long proofs really take.
 *
 * One thread is measured on the thread that calls, in slices of some 10 ms: what else it does goes on, slowly.
 *
 * @throws signal.reason when aborted
 * @throws MiningError when a mining thread fails
 */
export async function measureSpeed(init: SpeedInit): Promise<SpeedReport> {
  const { seconds, threads, difficulties = [1, 2, 3, 4, 5, 6], signal } = init;
  signal?.throwIfAborted();
  const miner = new Miner({ threads });
  try {
    const rates = await measureRates(miner, (seconds * 1000) / 2, signal);
    const costs: DifficultyCost[] = [];
    // Each difficulty gets twice the time of the one before: the high ones need it, the low ones have enough.
    const shares = difficulties.reduce((sum, difficulty) => sum + 2 ** difficulty, 0);
    for (const difficulty of difficulties) {
      const ms = ((seconds * 1000) / 2) * (2 ** difficulty / shares);
      costs.push(await measureCost(miner, difficulty, rates.allThreads, ms, signal));
    }
    return { threads, repetitions: REPETITIONS, rates, costs };
  } catch (error) {
    signal?.throwIfAborted(); // its reason, whatever it was that noticed
    throw error;
  } finally {
    await miner.stop();
  }
}

async function measureRates(miner: Miner, ms: number, signal?: AbortSignal): Promise<SearchRates> {
  const share = ms / (4 * REPETITIONS);
  const samples: SearchRates[] = [];
  await threadsRate(miner, 0, signal); // starts the threads
  for (let i = 0; i < REPETITIONS; i++) {
    samples.push({
      createHash: await scanRate(scanByCreateHash, share, signal),
      cryptoHash: await scanRate(scanByHash, share, signal),
      oneThread: await scanRate(scanBySearch, share, signal),
      allThreads: await threadsRate(miner, share, signal),
    });
  }
  const medianOf = (name: keyof SearchRates) => median(samples.map((sample) => sample[name]));
  return {
    oneThread: medianOf('oneThread'),
    allThreads: medianOf('allThreads'),
    createHash: medianOf('createHash'),
    cryptoHash: medianOf('cryptoHash'),
  };
}

/** Tries a second of a scan over a range without a hit, on this thread. */
async function scanRate(scan: Scan, ms: number, signal?: AbortSignal): Promise<number> {
  const lastProof = randomProof();
  let from = SCAN_FROM;
  let busyMs = 0;
  do {
    const start = performance.now();
    do {
      scan(lastProof, from, from + SLICE_TRIES);
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

/**
 * Proofs after random last proofs, one after the other until the time is up. The search that is then cut off counts
 * with its tries and its time, but not as found: left out, the lucky short searches would make the mean too small.
 */
async function measureCost(
  miner: Miner,
  difficulty: number,
  rate: number,
  ms: number,
  signal?: AbortSignal,
): Promise<DifficultyCost> {
  const end = new AbortController();
  const endNow = () => end.abort();
  const timer = setTimeout(endNow, ms);
  signal?.addEventListener('abort', endNow, { once: true });
  let found = 0;
  let tried = 0;
  // Heard before the miner hears it: its progress is still that of the search cut off.
  end.signal.addEventListener('abort', () => {
    tried += miner.progress?.tried ?? 0;
  });
  const start = performance.now();
  try {
    while (!end.signal.aborted) {
      tried += (await miner.search(randomProof(), difficulty, end.signal)) + 1;
      found++;
    }
  } catch (error) {
    if (!end.signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', endNow);
  }
  signal?.throwIfAborted();
  const expectedTries = 16 ** difficulty;
  return {
    difficulty,
    expectedTries,
    expectedSeconds: expectedTries / rate,
    found,
    meanTries: found > 0 ? tried / found : null,
    meanSeconds: found > 0 ? (performance.now() - start) / 1000 / found : null,
  };
}

/** The last proof of some block: any is as likely, since from one genesis the smallest proofs soon repeat. */
function randomProof(): number {
  return Math.floor(Math.random() * PROOF_END);
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

const ZEROS = '0'.repeat(MAX_DIFFICULTY);

const scanBySearch: Scan = (lastProof, from, to) => search(lastProof, MAX_DIFFICULTY, from, to);

const scanByHash: Scan = (lastProof, from, to) => {
  for (let proof = from; proof < to; proof++) {
    if (hash('sha256', `${lastProof}${proof}`).startsWith(ZEROS)) return proof;
  }
  return undefined;
};

const scanByCreateHash: Scan = (lastProof, from, to) => {
  for (let proof = from; proof < to; proof++) {
    if (createHash('sha256').update(`${lastProof}${proof}`).digest('hex').startsWith(ZEROS)) return proof;
  }
  return undefined;
};
