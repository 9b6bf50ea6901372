/** One input, held to what is promised of every parser. */
import { threadCpuMs } from './cpu-time.js';
import type { Outcome, Reader, Target } from './target.js';

/** What 100 KB of any input may take, in ms. */
export const MAX_MS_PER_100_KB = 50;
/** A smaller input counts as one of this size, in bytes: any call takes some time, whatever it reads. */
const LEAST_BYTES = 16 << 10;
/** From here on it is worth timing again. */
const DOUBTFUL_MS_PER_100_KB = 10;
/** A slow one is timed again so often before it is held to be slow: it may have been the first, or garbage was collected. */
const RETRIALS = 7;

export interface Trial {
  /** The code it was refused with; undefined where it was taken. */
  readonly refused: string | undefined;
  readonly msPer100KB: number;
}

/** A promise that an input has broken. */
export class BrokenPromise extends Error {
  override readonly name = 'BrokenPromise';
}

/** @throws BrokenPromise */
export async function attempt(target: Target, reader: Reader, input: Uint8Array): Promise<Trial> {
  const start = performance.now();
  const outcome = await read(reader, input);
  let least = performance.now() - start;
  const per100KB = 100_000 / Math.max(LEAST_BYTES, input.length);
  for (let i = 0; least * per100KB > DOUBTFUL_MS_PER_100_KB && i < RETRIALS; i++)
    least = Math.min(least, await cpuMs(reader, input));
  const msPer100KB = least * per100KB;
  if (msPer100KB > MAX_MS_PER_100_KB)
    throw new BrokenPromise(
      `${input.length} bytes take ${least.toFixed(1)} ms, ${msPer100KB.toFixed(0)} ms per 100 KB`,
    );
  const { refused, written } = outcome;
  if (written !== undefined) await checkWritten(target, reader, input, written);
  return { refused, msPer100KB };
}

async function read(reader: Reader, input: Uint8Array): Promise<Outcome> {
  try {
    const pending = reader.read(input);
    // Most readers answer at once: waiting for them would take longer than they do.
    return pending instanceof Promise ? await pending : pending;
  } catch (error) {
    throw new BrokenPromise(
      `throws what is not its own error: ${error instanceof Error ? error.stack : error}`,
    );
  }
}

async function cpuMs(reader: Reader, input: Uint8Array): Promise<number> {
  const start = threadCpuMs();
  await read(reader, input);
  return threadCpuMs() - start;
}

async function checkWritten(target: Target, reader: Reader, input: Uint8Array, written: Uint8Array) {
  if (Buffer.compare(written, input) === 0) return;
  if (target.canonical) throw new BrokenPromise(`takes what it would write otherwise: ${shown(written)}`);
  const outcome = await read(reader, written);
  if (outcome.refused !== undefined)
    throw new BrokenPromise(`refuses what it wrote (${outcome.refused}): ${shown(written)}`);
  if (outcome.written === undefined || Buffer.compare(outcome.written, written) !== 0)
    throw new BrokenPromise(`reads something else in what it wrote: ${shown(written)}`);
}

/** The beginning of an input, for a person. */
export function shown(bytes: Uint8Array): string {
  const text = JSON.stringify(Buffer.from(bytes).toString('latin1'));
  return text.length <= 300 ? text : `${text.slice(0, 300)}… (${bytes.length} bytes)`;
}
