/** Gives a parser many spoilt inputs, and counts what becomes of them. */
import { Inputs } from './inputs.js';
import { keepBroken } from './regression.js';
import type { Reader, Target } from './target.js';
import { attempt, BrokenPromise } from './trial.js';

/** A failing input is made smaller for no longer than this, in ms. */
const REDUCING_MS = 10_000;

export interface Drive {
  /** The same seed makes the same inputs, as long as the corpus is the same. */
  readonly seed: number;
  readonly count: number;
  /** Told the number of each input before it is tried. */
  readonly trying?: (number: number) => void;
}

export interface Tally {
  readonly inputs: number;
  readonly seconds: number;
  readonly slowestMsPer100KB: number;
  /** How many were taken, under `taken`, and how many refused, under their codes. */
  readonly outcomes: Readonly<Record<string, number>>;
}

/** @throws BrokenPromise of the first input that breaks one, which is then kept; its message says how to replay it */
export async function drive(target: Target, { seed, count, trying }: Drive): Promise<Tally> {
  const inputs = new Inputs(target, seed);
  const reader = await target.open();
  const outcomes = new Map<string, number>();
  let slowestMsPer100KB = 0;
  const start = performance.now();
  try {
    for (let number = 0; number < count; number++) {
      trying?.(number);
      const input = inputs.at(number);
      const { refused, msPer100KB } = await tried(target, reader, input, `seed ${seed}, input ${number}`);
      slowestMsPer100KB = Math.max(slowestMsPer100KB, msPer100KB);
      const outcome = refused ?? 'taken';
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
  } finally {
    await reader.close?.();
  }
  const seconds = (performance.now() - start) / 1000;
  return { inputs: count, seconds, slowestMsPer100KB, outcomes: Object.fromEntries(outcomes) };
}

async function tried(target: Target, reader: Reader, input: Uint8Array, origin: string) {
  try {
    return await attempt(target, reader, input);
  } catch (error) {
    if (!(error instanceof BrokenPromise)) throw error;
    throw keepBroken(target, await reduced(target, reader, input), `${error.message}\n${origin}`);
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
