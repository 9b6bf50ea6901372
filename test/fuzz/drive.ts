/** Gives a parser many spoilt inputs, and counts what becomes of them. */
import fc from 'fast-check';
import { Dice } from '../helpers/dice.js';
import { keep, keptInputs } from './corpus.js';
import { mutate } from './mutate.js';
import type { Reader, Target } from './target.js';
import { attempt, BrokenPromise, shown } from './trial.js';

/** Inputs made by the structured generator, to be spoilt beside the kept ones. */
const GENERATED = 400;
/** Between two reports of where it is, in inputs. */
const PROGRESS_EVERY = 1_000;
/** A failing input is made smaller for no longer than this, in ms. */
const REDUCING_MS = 10_000;

export interface Drive {
  /** The same seed makes the same inputs, as long as the corpus is the same. */
  readonly seed: number;
  /** Number of the first input. */
  readonly from: number;
  readonly count: number;
  /** Told the number of the next input, now and then. */
  readonly progress?: (at: number) => void;
}

export interface Tally {
  readonly inputs: number;
  readonly seconds: number;
  readonly slowestMsPer100KB: number;
  /** How many were taken, under `taken`, and how many refused, under their codes. */
  readonly outcomes: ReadonlyMap<string, number>;
}

/**
 * Each input has a number, and is made from the seed and that number alone: a kept or generated one, spoilt.
 *
 * @throws BrokenPromise of the first that breaks one, which is then kept; its message says how to replay it
 */
export async function drive(target: Target, { seed, from, count, progress }: Drive): Promise<Tally> {
  const pool = [...keptInputs(target.name).map(({ bytes }) => bytes), ...generated(target, seed)];
  const reader = await target.open();
  const outcomes = new Map<string, number>();
  let slowestMsPer100KB = 0;
  const start = performance.now();
  try {
    for (let number = from; number < from + count; number++) {
      if (number % PROGRESS_EVERY === 0) progress?.(number);
      const dice = new Dice(seed + number);
      const input = mutate(dice.of(pool), pool, dice);
      const { refused, msPer100KB } = await tried(target, reader, input, { seed, number });
      slowestMsPer100KB = Math.max(slowestMsPer100KB, msPer100KB);
      const outcome = refused ?? 'taken';
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
  } finally {
    await reader.close?.();
  }
  return { inputs: count, seconds: (performance.now() - start) / 1000, slowestMsPer100KB, outcomes };
}

function generated({ valid }: Target, seed: number): Uint8Array[] {
  return fc.sample(valid, { seed, numRuns: GENERATED });
}

async function tried(
  target: Target,
  reader: Reader,
  input: Uint8Array,
  at: { seed: number; number: number },
) {
  try {
    return await attempt(target, reader, input);
  } catch (error) {
    if (!(error instanceof BrokenPromise)) throw error;
    const smallest = await reduced(target, reader, input);
    const file = keep(target.name, smallest);
    const replay = `npm run fuzz -- ${target.name} --seed ${at.seed} --from ${at.number} --inputs 1`;
    throw new BrokenPromise(
      `${target.name}: ${error.message}\ninput: ${shown(smallest)}\nkept as ${file}; replay with: ${replay}`,
    );
  }
}

/** Cuts pieces out for as long as a promise stays broken: what is kept shows what is wrong, and little else. */
async function reduced(target: Target, reader: Reader, input: Uint8Array): Promise<Uint8Array> {
  const isBroken = (bytes: Uint8Array) =>
    attempt(target, reader, bytes).then(
      () => false,
      (error) => error instanceof BrokenPromise,
    );
  let smallest = input;
  const end = performance.now() + REDUCING_MS;
  for (let size = Math.ceil(input.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < smallest.length && performance.now() < end; ) {
      const shorter = Buffer.concat([smallest.subarray(0, at), smallest.subarray(at + size)]);
      if (await isBroken(shorter)) smallest = shorter;
      else at += size;
    }
  }
  return smallest;
}
