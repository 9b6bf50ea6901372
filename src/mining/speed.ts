/** How fast this machine searches, beside the obvious ways to do it, and what each zero more costs. */

import { Miner } from './miner.js';
import { measureRates, randomProof, type SearchRates } from './rates.js';

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
  /** Medians over the repetitions. */
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

const REPETITIONS = 5;

/**
 * Measures the search and its baselines, and then how long proofs really take.
 *
 * @throws signal.reason when aborted
 * @throws MiningError when a mining thread fails
 */
export async function measureSpeed(init: SpeedInit): Promise<SpeedReport> {
  const { seconds, threads, difficulties = [1, 2, 3, 4, 5, 6], signal } = init;
  const half = (seconds * 1000) / 2;
  const rates = medians(await measureRates({ threads, repetitions: REPETITIONS, ms: half, signal }));
  const miner = new Miner({ threads });
  try {
    const costs: DifficultyCost[] = [];
    // Each difficulty gets twice the time of the one before: the high ones need it, the low ones have enough.
    const shares = difficulties.reduce((sum, difficulty) => sum + 2 ** difficulty, 0);
    for (const difficulty of difficulties) {
      const ms = half * (2 ** difficulty / shares);
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

function medians(samples: readonly SearchRates[]): SearchRates {
  const of = (name: Exclude<keyof SearchRates, 'python'>) => median(samples.map((sample) => sample[name]));
  const python = samples.flatMap((sample) => sample.python ?? []);
  return {
    oneThread: of('oneThread'),
    allThreads: of('allThreads'),
    createHash: of('createHash'),
    cryptoHash: of('cryptoHash'),
    python: python.length > 0 ? median(python) : null,
  };
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
